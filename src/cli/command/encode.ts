/** `autocodec encode`: DAG-JSON as a block of some codec. */
import type { Command } from 'commander'
import { parseCodec } from '../codec-name.js'
import type { Context } from '../context.js'
import { readInput } from '../input.js'
import { writeBlock } from '../output.js'
import type { Act } from '../program.js'
import { isText } from '../text.js'
import { explainEmpty } from './decode.js'

interface EncodeOptions {
  readonly codec: string
  readonly output?: string
}

export function encode(program: Command, act: Act): void {
  program
    .command('encode')
    .description('encode DAG-JSON as a block')
    .argument('<file>', 'the value as DAG-JSON, spaces allowed; - for standard input')
    .requiredOption('--codec <c>', 'the codec to encode with')
    .option('-o, --output <file>', 'where to write the block; default standard output')
    .action(act(run))
}

async function run(context: Context, file: string, options: EncodeOptions): Promise<void> {
  const bytes = await readInput(file)
  const host = await context.host()
  const codec = await host.codec(parseCodec(options.codec))
  const json = await host.codec('dag-json')
  await explainEmpty(file, bytes, json.name, async () => {
    // people write spaces and keys in any order: what is canonical is the encoder's affair
    const block = codec.encodeTape(json.tape(bytes, { strict: false }))
    await writeBlock(context.out, block, { file: options.output, text: isText(block) })
  })
}
