/** `autocodec get`: the value at a path through blocks. */
import type { Command } from 'commander'
import type { Host } from '../../codec/index.js'
import { type Resolved, resolve } from '../../dag/index.js'
import type { LayoutNode } from '../../dag/layout/index.js'
import { sliceJson } from '../../ipld/slice-json.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import { writeBlock } from '../output.js'
import type { Act } from '../program.js'
import { find, type TargetOptions, withLayout } from '../target.js'
import { isText } from '../text.js'

interface GetOptions extends TargetOptions {
  readonly raw?: boolean
  readonly follow: boolean
  readonly output?: string
}

export function get(program: Command, act: Act): void {
  withLayout(program.command('get'))
    .description('print the value at a path as DAG-JSON; the path goes through links, whatever the codecs of the blocks')
    .argument('<cid/path>', 'a CID, and keys, indices and names of files below it, such as bafy…/posts/0/title')
    .option('--raw', 'the bytes as they are: of the block, if the path ends at one, or of the bytes or string at its end')
    .option('--no-follow', 'a link at the end of the path is the value, not what it links to')
    .option('-o, --output <file>', 'with --raw: where to write the bytes; default standard output')
    .action(act(run))
}

async function run(context: Context, address: string, options: GetOptions): Promise<void> {
  const host = await context.host()
  const target = await find(context, address, options, options.follow)
  const found = 'value' in target ? target.value : await blockOf(context, host, target.node)
  if (options.raw === true) {
    const bytes = found.path.length === 0 ? found.bytes : bytesOf(found, address)
    return writeBlock(context.out, bytes, { file: options.output, text: isText(bytes) })
  }
  await context.out.line(await jsonOf(host, found))
}

/** The block at which a file or directory begins. */
async function blockOf(context: Context, host: Host, { cid, inner, kind }: LayoutNode): Promise<Resolved> {
  if (inner !== undefined) throw new CliError('NO_BYTES', EXIT.usage, `this ${kind} is a part of block ${cid}: it has no block of its own; cat reads it`)
  return resolve(cid, [], { blocks: await context.blocks(), codecs: host.loader })
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
