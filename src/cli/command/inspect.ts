/** `autocodec inspect`: what a block is, for people. */
import type { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import type { Codec } from '../../codec/index.js'
import type { Node } from '../../ipld/index.js'
import { codecFor, codecName, parseCid, parseCodec } from '../codec-name.js'
import type { Context } from '../context.js'
import type { Face } from '../face/face.js'
import { faceOf } from '../face/faces.js'
import { readInput, STDIN } from '../input.js'
import type { Output } from '../output.js'
import type { Act } from '../program.js'
import { readBlock } from '../target.js'
import { codeText, count, figure } from '../text.js'
import { treeOf } from '../tree.js'
import { explainEmpty } from './decode.js'

interface InspectOptions {
  readonly codec?: string
  readonly lax?: boolean
  readonly all?: boolean
}

/** Lines of a value without a face. */
const LINES = 60

export function inspect(program: Command, act: Act): void {
  program
    .command('inspect')
    .description('show what a block is: a commit, a torrent, a Bitcoin block, a directory; or its value as a tree')
    .argument('<what>', 'the block: a file, - for standard input, or a CID, found where --car, --dir, --store and --gateway say')
    .option('--codec <c>', 'the codec; without it the CID or the name of the file decides, as for decode')
    .option('--lax', 'accept what the format lets a decoder accept beyond its canonical form')
    .option('--all', 'the whole tree of a value that has no face of its own')
    .action(act(run))
}

async function run(context: Context, what: string, options: InspectOptions): Promise<void> {
  const host = await context.host()
  const cid = what === STDIN ? undefined : parseCid(what)
  const bytes = cid === undefined ? await readInput(what) : await readBlock(context, cid)
  const codec =
    cid === undefined ? await codecFor(host, what, bytes, options.codec) : await host.codec(options.codec === undefined ? cid.code : parseCodec(options.codec))
  const { out } = context
  await explainEmpty(what, bytes, codec.name, async () => {
    const node = codec.node(bytes, { strict: options.lax !== true })
    const face = await faceOf({ node, codec: codec.name, bytes })
    for (const line of head(out, codec, bytes, node, face, cid)) await out.line(line)
    if (face !== undefined) {
      for (const line of body(out, face)) await out.line(line)
      return
    }
    await out.line('')
    let left = options.all === true ? Number.POSITIVE_INFINITY : LINES
    for (const line of treeOf(node, { paint: out.paint, columns: out.columns, codecName: (code) => codecName(host, code) })) {
      if (left-- === 0) return out.line(out.paint.dim('… and more: --all shows it'))
      await out.line(line)
    }
  })
}

const LABEL = 14

function row(out: Output, label: string, text: string): string {
  return `${out.paint.dim(label.padEnd(LABEL))}${text}`
}

function* head(out: Output, codec: Codec, bytes: Uint8Array, node: Node, face: Face | undefined, cid: CID | undefined): Generator<string> {
  const { paint } = out
  const line = (label: string, text: string) => row(out, label, text)
  yield paint.bold(face?.title ?? `${codec.name} block`)
  if (cid !== undefined) yield line('cid', paint.yellow(String(cid)))
  yield line('codec', paint.cyan(`${codec.name}, ${codeText(codec.code)}`))
  yield line('size', `${figure(bytes.length)} byte${bytes.length === 1 ? '' : 's'}, fuel ${figure(codec.fuel)}`)
  if (face !== undefined) return
  const links = node.links().length
  yield line(
    'value',
    `${node.kind}${node.kind === 'map' || node.kind === 'list' ? ` of ${figure(node.length)}` : ''}${links === 0 ? '' : `, ${count(links, 'link')}`}`
  )
}

function* body(out: Output, { rows, list = [], more = 0, text }: Face): Generator<string> {
  for (const [label, value] of rows) yield row(out, label, value)
  if (list.length > 0) {
    yield ''
    const widths = list[0].map((_, i) => Math.max(...list.map((cells) => cells[i]?.length ?? 0)))
    // sizes to the right, all else to the left
    for (const cells of list)
      yield `  ${cells.map((cell, i) => (/^[\d.,]+( [KMGT]?B)?$/.test(cell) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ')}`.trimEnd()
    if (more > 0) yield out.paint.dim(`  … and ${figure(more)} more`)
  }
  if (text !== undefined && text !== '') {
    yield ''
    for (const line of text.split('\n')) yield `    ${line}`.trimEnd()
  }
}
