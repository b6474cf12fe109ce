/** `autocodec layout dir`: a directory among the blocks of a CAR. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { nodeAt, printEntries, type TreeOptions } from '../../layout.js'
import type { Act } from '../../program.js'

interface DirOptions extends TreeOptions {
  readonly long?: boolean
}

export function dir(layout: Command, act: Act): void {
  layout
    .command('dir')
    .description('list a directory that many blocks are: CID and name of each entry, separated by a tab')
    .argument('<what>', 'a CAR, - for one from standard input, or a CID')
    .argument('[path]', 'the way from the root to the directory: names with / between them', '')
    .option('--long', 'kind and size in front, and where symbolic links lead')
    .option('--root <cid>', 'the root; without it the first of the CAR')
    .option('--layout <l>', 'the layout, by name or CID; without it the codec of the root decides')
    .action(act(run))
}

async function run(context: Context, what: string, path: string, options: DirOptions): Promise<void> {
  await printEntries(context.out, await nodeAt(context, what, path, options), options.long === true)
}
