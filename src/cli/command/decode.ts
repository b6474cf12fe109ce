/** `autocodec decode`: a block as DAG-JSON, or as a tree for people. */
import type { Command } from 'commander'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { type Codec, CodecError, type Host } from '../../codec/index.js'
import { sliceJson } from '../../ipld/slice-json.js'
import { codecFor, codecName } from '../codec-name.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import { nameOf, readInput } from '../input.js'
import type { Act } from '../program.js'
import { readerOf } from '../target.js'
import { treeOf } from '../tree.js'

interface DecodeOptions {
  readonly codec?: string
  readonly pretty?: boolean
  readonly lax?: boolean
  readonly path?: string
  readonly follow?: boolean
}

export function decode(program: Command, act: Act): void {
  program
    .command('decode')
    .description('decode a block and print it as DAG-JSON')
    .argument('<file>', 'the block; - for standard input')
    .option('--codec <c>', 'the codec; without it the name of the file decides: its extension (x.dag-cbor), or the CID that it is')
    .option('--pretty', 'draw the value as a tree')
    .option('--lax', 'accept what the format lets a decoder accept beyond its canonical form')
    .option('--path <path>', 'only the value at a path of keys and indices, such as posts/0/title')
    .option('--follow', 'if the block names the codec of what it wraps, show what it wraps (docs/autocodec.md)')
    .action(act(run))
}

async function run(context: Context, file: string, options: DecodeOptions): Promise<void> {
  const { out } = context
  const given = await readInput(file)
  const host = await context.host()
  const named = await codecFor(host, file, given, options.codec)
  const { codec, bytes } = options.follow === true ? await follow(context, host, named, given) : { codec: named, bytes: given }
  const strict = options.lax !== true
  await explainEmpty(file, bytes, codec.name, async () => {
    if (options.pretty === true) {
      const node = codec.node(bytes, { strict }).path(options.path ?? '')
      const tree = treeOf(node, { paint: out.paint, columns: out.columns, codecName: (code) => codecName(host, code) })
      for (const line of tree) await out.line(line)
      return
    }
    const json = await host.codec('dag-json')
    const text = new TextDecoder().decode(json.encodeTape(codec.tape(bytes, { strict })))
    if (options.path === undefined) return out.line(text)
    // the node's own path says best what is not there
    codec.node(bytes, { strict }).path(options.path)
    await out.line(sliceJson(text, options.path))
  })
}

/** What stands behind the tags of a block. */
async function follow(context: Context, host: Host, named: Codec, bytes: Uint8Array): Promise<{ codec: Codec; bytes: Uint8Array }> {
  const cid = CID.createV1(named.code, await sha256.digest(bytes))
  const opened = await readerOf(host, await context.blocks()).open(cid, { bytes })
  if (opened.layout !== undefined)
    context.complain(`it is meant to be read through the data layout ${opened.layout}; this is what lies below that; cat --follow reads through it`)
  // without equivalents every codec is a module
  return { codec: opened.codec as Codec, bytes: opened.bytes }
}

/** No bytes at all is most often a mistake in front of the pipe, and the codec's own words do not say so. */
export async function explainEmpty(file: string, bytes: Uint8Array, codec: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (bytes.length > 0 || !(error instanceof CodecError)) throw error
    throw new CliError('EMPTY', EXIT.data, `${nameOf(file)} is empty: 0 bytes are no ${codec} block`, { cause: error })
  }
}
