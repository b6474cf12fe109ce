/** `autocodec get`: the value at a path through blocks. */
import type { Command } from 'commander'
import type { Host } from '../../codec/index.js'
import { type Resolved, resolve } from '../../dag/index.js'
import { sliceJson } from '../../ipld/slice-json.js'
import { OpenBlocks, parseAddress, withBlocks } from '../blocks.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import { writeBlock } from '../output.js'
import type { Act } from '../program.js'
import { isText } from '../text.js'

interface GetOptions {
  readonly raw?: boolean
  readonly follow: boolean
  readonly output?: string
  readonly dir?: readonly string[]
}

export function get(program: Command, act: Act): void {
  withBlocks(program.command('get'))
    .description('print the value at a path as DAG-JSON; the path goes through links, whatever the codecs of the blocks')
    .argument('<cid/path>', 'a CID, and keys and indices below it, such as bafy…/posts/0/title')
    .option('--raw', 'the bytes as they are: of the block, if the path ends at one, or of the bytes or string at its end')
    .option('--no-follow', 'a link at the end of the path is the value, not what it links to')
    .option('-o, --output <file>', 'with --raw: where to write the bytes; default standard output')
    .action(act(run))
}

async function run(context: Context, address: string, options: GetOptions): Promise<void> {
  const { cid, path } = parseAddress(address)
  await using open = await OpenBlocks.open(context, options)
  const host = await context.host()
  const found = await resolve(cid, path, { blocks: open.blocks, codecs: host.loader, follow: options.follow })
  if (options.raw === true) {
    const bytes = found.path.length === 0 ? found.bytes : bytesOf(found, address)
    return writeBlock(context.out, bytes, { file: options.output, text: isText(bytes) })
  }
  await context.out.line(await jsonOf(host, found))
}

/** The node as DAG-JSON: its block's from tape to tape, and then cut, so that no number changes. */
async function jsonOf(host: Host, { cid, bytes, path }: Resolved): Promise<string> {
  const [codec, json] = [await host.codec(cid.code), await host.codec('dag-json')]
  return sliceJson(new TextDecoder().decode(json.encodeTape(codec.tape(bytes))), path)
}

/** The bytes of bytes or of a string. */
export function bytesOf({ node, path }: Resolved, address: string): Uint8Array {
  if (node.kind === 'bytes') return node.value() as Uint8Array
  if (node.kind === 'string') return new TextEncoder().encode(node.value() as string)
  const where = path.length === 0 ? address : `"${path.join('/')}"`
  throw new CliError('NO_BYTES', EXIT.usage, `${where} is a ${node.kind}, which has no bytes of its own: expected bytes or a string`)
}
