/** `autocodec layout cat`: a file among the blocks of a CAR. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { nodeAt, printBytes, type TreeOptions } from '../../layout.js'
import type { Act } from '../../program.js'
import { whole } from '../../whole.js'

interface CatOptions extends TreeOptions {
  readonly offset?: number
  readonly length?: number
  readonly output?: string
}

export function cat(layout: Command, act: Act): void {
  layout
    .command('cat')
    .description('write out a file that many blocks are, or a range of it without reading the rest')
    .argument('<what>', 'a CAR, - for one from standard input, or a CID')
    .argument('[path]', 'the way from the root to the file: names with / between them', '')
    .option('--offset <n>', 'the first byte', whole)
    .option('--length <n>', 'how many bytes', whole)
    .option('--root <cid>', 'the root; without it the first of the CAR')
    .option('--layout <l>', 'the layout, by name or CID; without it the codec of the root decides')
    .option('-o, --output <file>', 'where to write, instead of standard output')
    .action(act(run))
}

async function run(context: Context, what: string, path: string, { offset, length, output, ...options }: CatOptions): Promise<void> {
  await printBytes(context.out, await nodeAt(context, what, path, options), { offset, length }, output)
}
