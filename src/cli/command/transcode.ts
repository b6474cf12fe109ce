/** `autocodec transcode`: a block of one codec as a block of another. */
import type { Command } from 'commander'
import { parseCodec } from '../codec-name.js'
import type { Context } from '../context.js'
import { readInput } from '../input.js'
import { writeBlock } from '../output.js'
import type { Act } from '../program.js'
import { isText } from '../text.js'
import { explainEmpty } from './decode.js'

interface TranscodeOptions {
  readonly from: string
  readonly to: string
  readonly lax?: boolean
  readonly output?: string
}

export function transcode(program: Command, act: Act): void {
  program
    .command('transcode')
    .description('write a block of one codec as a block of another, exactly')
    .argument('<file>', 'the block; - for standard input')
    .requiredOption('--from <c>', 'the codec of the block')
    .requiredOption('--to <c>', 'the codec to write')
    .option('--lax', 'accept what the format lets a decoder accept beyond its canonical form')
    .option('-o, --output <file>', 'where to write the block; default standard output')
    .action(act(run))
}

async function run(context: Context, file: string, options: TranscodeOptions): Promise<void> {
  const bytes = await readInput(file)
  const host = await context.host()
  const from = await host.codec(parseCodec(options.from))
  const to = await host.codec(parseCodec(options.to))
  await explainEmpty(file, bytes, from.name, async () => {
    const block = to.encodeTape(from.tape(bytes, { strict: options.lax !== true }))
    await writeBlock(context.out, block, { file: options.output, text: isText(block) })
  })
}
