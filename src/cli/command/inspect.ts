/** `autocodec inspect`: what a block is, for people. */
import type { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import type { Codec } from '../../codec/index.js'
import { digestKey, readCar, survey, verifyBlock } from '../../dag/index.js'
import type { Node } from '../../ipld/index.js'
import { CarFile } from '../car-file.js'
import { codecFor, codecName, parseCid, parseCodec } from '../codec-name.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import type { Face } from '../face/face.js'
import { faceOf } from '../face/faces.js'
import { nameOf, readInput, STDIN } from '../input.js'
import type { Output } from '../output.js'
import type { Act } from '../program.js'
import { codeText, count, figure, plain } from '../text.js'
import { treeOf } from '../tree.js'
import { explainEmpty } from './decode.js'

interface InspectOptions {
  readonly codec?: string
  readonly lax?: boolean
  readonly all?: boolean
}

const IDENTITY = 0x00
/** Lines of a value without a face. */
const LINES = 60

export function inspect(program: Command, act: Act): void {
  program
    .command('inspect')
    .description('show what a block is: a commit, a torrent, a Bitcoin block, a directory; or its value as a tree')
    .argument('<what>', 'the block: a file, - for standard input, or a CID that is in a CAR given with --car')
    .option('--codec <c>', 'the codec; without it the CID or the name of the file decides, as for decode')
    .option('--lax', 'accept what the format lets a decoder accept beyond its canonical form')
    .option('--all', 'the whole tree of a value that has no face of its own')
    .action(act(run))
}

async function run(context: Context, what: string, options: InspectOptions): Promise<void> {
  const host = await context.host()
  const cid = what === STDIN ? undefined : parseCid(what)
  const bytes = cid === undefined ? await readInput(what) : await blockOf(context, cid)
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

/** A block of one of the CARs that the user names, verified; an identity CID has it in itself. */
async function blockOf(context: Context, cid: CID): Promise<Uint8Array> {
  if (cid.multihash.code === IDENTITY) return cid.multihash.digest
  const cars = context.options.car ?? []
  for (const file of cars) {
    await using source = await CarFile.open(file)
    const found = (await survey(await readCar(source.chunks()), nameOf(file))).find(cid)
    if (found === undefined) continue
    if (found.fault !== undefined) throw found.fault
    const bytes = await source.bytes(found.offset, found.length)
    // the survey found it by its hash, and may have met it under another CID
    if (digestKey(found.cid) !== digestKey(cid)) await verifyBlock(cid, bytes)
    return bytes
  }
  const where = cars.length === 0 ? 'no CAR is given: --car FILE.car' : `it is not in ${cars.map(plain).join(', ')}`
  throw new CliError('NOT_FOUND', EXIT.missing, `no block ${cid}: ${where}`)
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
