/** `autocodec codec get`: a codec's module, verified. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { findModule } from '../../module.js'
import { writeBlock } from '../../output.js'
import type { Act } from '../../program.js'

interface GetOptions {
  readonly output?: string
}

export function get(codec: Command, act: Act): void {
  codec
    .command('get')
    .description("get a codec's module from the first source that has it, and write it, verified")
    .argument('<codec>', 'a codec C')
    .option('-o, --output <file>', 'where to write the module; default standard output')
    .action(act(run))
}

async function run(context: Context, which: string, options: GetOptions): Promise<void> {
  const { bytes } = await findModule(context, which)
  await writeBlock(context.out, bytes, { file: options.output, text: false })
}
