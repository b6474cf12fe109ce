/** `autocodec function get`: a module of functions, verified. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { writeBlock } from '../../output.js'
import type { Act } from '../../program.js'

interface GetOptions {
  readonly output?: string
}

export function get(group: Command, act: Act): void {
  group
    .command('get')
    .description('write a module of functions, verified')
    .argument('<function>', 'the name of one that is shipped, or a CID')
    .option('-o, --output <file>', 'where to write the module; default standard output')
    .action(act(run))
}

async function run(context: Context, which: string, { output }: GetOptions): Promise<void> {
  const { findFunction } = await import('../../function-module.js')
  const module = await findFunction(which, async (cid) => (await context.blocks()).get(cid))
  // what is no module of functions is told before anything is written
  await module.manifest()
  await writeBlock(context.out, await module.bytes(), { file: output, text: false })
}
