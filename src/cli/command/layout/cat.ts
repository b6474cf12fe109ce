/** `autocodec layout cat`: a file among the blocks of a CAR. */
import { type Command, InvalidArgumentError } from 'commander'
import type { Context } from '../../context.js'
import { inCar, printBytes, type TreeOptions } from '../../layout.js'
import type { Act } from '../../program.js'

interface CatOptions extends TreeOptions {
  readonly offset?: number
  readonly length?: number
  readonly output?: string
}

export function cat(layout: Command, act: Act): void {
  layout
    .command('cat')
    .description('write out a file that the blocks of a CAR are, or a range of it without reading the rest')
    .argument('<file>', 'the CAR; - for standard input')
    .argument('[path]', 'the way from the root to the file: names with / between them', '')
    .option('--offset <n>', 'the first byte', bytes)
    .option('--length <n>', 'how many bytes', bytes)
    .option('--root <cid>', 'the root; without it the first of the CAR')
    .option('--layout <l>', 'the layout, by name or CID; without it the codec of the root decides')
    .option('-o, --output <file>', 'where to write, instead of standard output')
    .action(act(run))
}

async function run(context: Context, file: string, path: string, { offset, length, output, ...options }: CatOptions): Promise<void> {
  await inCar(await context.host(), context.limits, file, path, options, (node) => printBytes(context.out, node, { offset, length }, output))
}

function bytes(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a number of bytes.')
  return value
}
