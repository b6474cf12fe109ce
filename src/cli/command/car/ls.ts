/** `autocodec car ls`: what is in a CAR, as it says itself. */
import type { Command } from 'commander'
import { readCar } from '../../../dag/index.js'
import { codecName } from '../../codec-name.js'
import type { Context } from '../../context.js'
import { openInput } from '../../input.js'
import type { Act } from '../../program.js'

interface LsOptions {
  readonly roots?: boolean
}

export function ls(car: Command, act: Act): void {
  car
    .command('ls')
    .description('list the blocks: CID, codec, size and byte offset, in columns that tabs separate; verifies nothing')
    .argument('<file>', 'the CAR; - for standard input')
    .option('--roots', 'list the roots instead, a CID a line')
    .action(act(run))
}

async function run(context: Context, file: string, options: LsOptions): Promise<void> {
  const { chunks } = await openInput(file)
  const car = await readCar(chunks)
  if (options.roots === true) {
    for (const root of car.roots) await context.out.line(root.toString())
    return
  }
  const host = await context.host()
  for await (const batch of car.batches()) {
    await context.out.write(batch.map(({ cid, bytes, offset }) => `${[cid, codecName(host, cid.code), bytes.length, offset].join('\t')}\n`).join(''))
  }
}
