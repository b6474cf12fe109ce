/** `autocodec car extract`: the blocks of a CAR as files. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { decodeBlocks, keyOf, readCar } from '../../../dag/index.js'
import type { Context } from '../../context.js'
import { CliError, EXIT, type Exit, exitOf, worse } from '../../exit.js'
import { nameOf, openInput } from '../../input.js'
import { writeBlock } from '../../output.js'
import type { Act } from '../../program.js'
import { Progress } from '../../progress.js'
import { parseAddress } from '../../target.js'
import { count, isText, plain } from '../../text.js'

interface ExtractOptions {
  readonly output?: string
}

export function extract(car: Command, act: Act): void {
  car
    .command('extract')
    .description('write every block of a CAR that is what its CID says to a file CID.bin; or one of them to standard output')
    .argument('<file>', 'the CAR; - for standard input')
    .argument('[cid]', 'the one block to write')
    .option('-o, --output <path>', 'a directory for the blocks, default the current one; or a file for the one block')
    .action(act(run))
}

async function run(context: Context, file: string, wanted: string | undefined, options: ExtractOptions): Promise<Exit> {
  const only = wanted === undefined ? undefined : keyOf(parseAddress(wanted).cid)
  const { size, chunks } = await openInput(file)
  const progress = new Progress('extracted', size)
  const folder = options.output ?? '.'
  if (only === undefined) await mkdir(folder, { recursive: true })
  const blocks = decodeBlocks(await readCar(chunks), { values: false, links: false, faults: 'report' })
  let exit: Exit = EXIT.ok
  let written = 0
  try {
    for await (const { cid, bytes, offset = 0, fault } of blocks) {
      if (only !== undefined && keyOf(cid) !== only) continue
      if (fault !== undefined) {
        progress.end()
        exit = worse(exit, exitOf(fault))
        context.complain(`block at byte ${offset}: ${fault.message}`)
        continue
      }
      if (only !== undefined) {
        await writeBlock(context.out, bytes, { file: options.output, text: isText(bytes) })
        return EXIT.ok
      }
      await writeFile(join(folder, `${cid}.bin`), bytes)
      progress.at(offset + bytes.length, ++written)
    }
  } finally {
    progress.end()
  }
  if (only === undefined) await context.out.line(`${count(written, 'block')} in ${plain(folder)}`)
  else if (exit === EXIT.ok) throw new CliError('NO_SUCH_FILE', EXIT.missing, `${plain(wanted as string)} is not in ${nameOf(file)}`)
  return exit
}
