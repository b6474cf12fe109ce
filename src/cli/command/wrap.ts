/** `autocodec wrap`: data that names its own codec. */
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Codec } from '../../codec/index.js'
import { taggedValue, wrapperValue } from '../../dag/index.js'
import { parseCid, parseCodec } from '../codec-name.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import { readInput } from '../input.js'
import { writeBlock } from '../output.js'
import type { Act } from '../program.js'
import { plain } from '../text.js'

interface WrapOptions {
  readonly codec: string
  readonly also?: readonly string[]
  readonly layout?: string
  readonly direct?: boolean
  readonly output?: string
}

export function wrap(program: Command, act: Act): void {
  program
    .command('wrap')
    .description('make a DAG-CBOR block that says in which codec a block is; with -o, print its CID')
    .argument('<block>', 'the block: its CID, to be linked, or a FILE, to be held')
    .requiredOption('--codec <c>', 'the codec of the block')
    .option('--also <c>', 'a codec of blocks below it; may be repeated', (value: string, before: string[] = []) => [...before, value])
    .option('--layout <cid>', 'the module of the data layout through which it is to be read')
    .option('--direct', 'tag the bytes where they stand, with the links that they have beside them, in place of a wrapper')
    .option('-o, --output <file>', 'where to write the block; default standard output')
    .action(act(run))
}

async function run(context: Context, which: string, options: WrapOptions): Promise<void> {
  const host = await context.host()
  const codec = await host.codec(parseCodec(options.codec))
  const cbor = await host.codec('dag-cbor')
  const link = parseCid(which)
  const held = link === undefined ? await readInput(which) : undefined
  // what does not decode now will not decode later
  const links = held && codec.links(held)
  if (held !== undefined) codec.decode(held)
  if (options.direct === true && (held === undefined || options.also !== undefined || options.layout !== undefined))
    throw new CliError('USAGE', EXIT.usage, '--direct takes a FILE, and neither --also nor --layout')
  const others: Codec[] = []
  for (const also of options.also ?? []) others.push(await host.codec(parseCodec(also)))
  const layout = options.layout === undefined ? undefined : parseCid(options.layout)
  if (options.layout !== undefined && layout === undefined) throw new CliError('USAGE', EXIT.usage, `--layout: ${plain(options.layout)} is not a CID`)
  const value =
    options.direct === true
      ? taggedValue({ codec: codec.cid, bytes: held as Uint8Array, links })
      : wrapperValue({
          codec: codec.cid,
          root: (link ?? held) as CID | Uint8Array,
          codecs: others.length === 0 ? undefined : new Map(others.map(({ code, cid }) => [code, cid])),
          layout
        })
  const block = cbor.encode(value)
  if (options.output === undefined) return writeBlock(context.out, block, { text: false })
  await writeFile(options.output, block)
  await context.out.line(String(CID.createV1(cbor.code, await sha256.digest(block))))
}
