/** `autocodec layout dir`: a directory among the blocks of a CAR. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { inCar, printEntries, type TreeOptions } from '../../layout.js'
import type { Act } from '../../program.js'

interface DirOptions extends TreeOptions {
  readonly long?: boolean
}

export function dir(layout: Command, act: Act): void {
  layout
    .command('dir')
    .description('list a directory that the blocks of a CAR are: CID and name of each entry, separated by a tab')
    .argument('<file>', 'the CAR; - for standard input')
    .argument('[path]', 'the way from the root to the directory: names with / between them', '')
    .option('--long', 'kind and size in front, and where symbolic links lead')
    .option('--root <cid>', 'the root; without it the first of the CAR')
    .option('--layout <l>', 'the layout, by name or CID; without it the codec of the root decides')
    .action(act(run))
}

async function run(context: Context, file: string, path: string, options: DirOptions): Promise<void> {
  await inCar(await context.host(), context.limits, file, path, options, (node) => printEntries(context.out, node, options.long === true))
}
