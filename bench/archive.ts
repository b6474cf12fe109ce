import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode as encodeCbor } from '@ipld/dag-cbor'
import { prepare } from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { feedOf, unixfsFile } from './data.js'
import { Random } from './random.js'
import { references } from './reference.js'

/** What a CAR of the bench holds. */
export type Content =
  /** dag-cbor and dag-json records by one, eight and forty, and dag-pb directories */
  | 'records'
  /** nine tenths of the bytes in leaves of files of 256 KiB, half of them raw; of the rest nine tenths are directories and the nodes of files, the others records */
  | 'files'

/** A block to be written many times, each time with another number in it, hence another CID. */
interface Template {
  readonly code: number
  readonly bytes: Uint8Array
  /** where the number goes, as `DIGITS` decimal digits */
  readonly at: number
}

const DIGITS = 13
const NUMBER = '0'.repeat(DIGITS)
const LEAF = 256 * 1024

const template = (code: number, bytes: Uint8Array): Template => {
  const at = Buffer.from(bytes).indexOf(NUMBER)
  if (at < 0) throw new TypeError('a template without a number')
  return { code, bytes: Uint8Array.from(bytes), at }
}

const records = (codec: 'dag-cbor' | 'dag-json', count: number) => (r: Random) => {
  const feed = feedOf(r, count)
  const value = count === 1 ? { ...feed[0], rev: NUMBER } : { rev: NUMBER, feed }
  return template(references[codec].code, references[codec].encode(value))
}

const directory = (count: number) => (r: Random) =>
  template(
    0x70,
    references['dag-pb'].encode(
      prepare({
        Data: Uint8Array.of(8, 1),
        Links: Array.from({ length: count }, (_, i) => ({
          Name: i === 0 ? NUMBER : `${r.word()}-${r.word()}-${i}.md`,
          Hash: r.cid(r.chance(0.5) ? 0x55 : 0x70),
          Tsize: r.int(100, 5_000_000)
        }))
      })
    )
  )

const fileNode = (count: number) => (r: Random) =>
  template(
    0x70,
    references['dag-pb'].encode(
      prepare({
        Data: Uint8Array.of(8, 2, 0x12, DIGITS, ...new TextEncoder().encode(NUMBER)),
        Links: Array.from({ length: count }, () => ({ Name: '', Hash: r.cid(0x55), Tsize: LEAF }))
      })
    )
  )

const leafData = (r: Random) => {
  const data = new Uint8Array(LEAF)
  const piece = r.bytes(4096)
  for (let at = 0; at < LEAF; at += piece.length) data.set(piece, at)
  data.set(new TextEncoder().encode(NUMBER), 100)
  return data
}
const rawLeaf = (r: Random) => template(0x55, leafData(r))
const pbLeaf = (r: Random) => template(0x70, references['dag-pb'].encode(prepare({ Data: unixfsFile(leafData(r)) })))

type Mix = readonly (readonly [count: number, make: (r: Random) => Template])[]

/** So many of each in a hundred blocks: most blocks are small, most bytes are not. */
const recordMix: Mix = [
  [40, records('dag-cbor', 1)],
  [12, records('dag-cbor', 8)],
  [2, records('dag-cbor', 40)],
  [20, records('dag-json', 1)],
  [8, records('dag-json', 8)],
  [10, directory(3)],
  [6, directory(20)],
  [2, directory(174)]
]

const unixfsMix: Mix = [
  [10, directory(3)],
  [20, directory(20)],
  [10, directory(174)],
  [20, fileNode(174)],
  [25, records('dag-cbor', 1)],
  [5, records('dag-cbor', 8)],
  [10, records('dag-json', 1)]
]

const shuffled = <T>(r: Random, items: T[]): T[] => {
  for (let i = items.length - 1; i > 0; i--) {
    const j = r.int(0, i)
    ;[items[i], items[j]] = [items[j], items[i]]
  }
  return items
}

/** The templates in the order in which they are written, again and again. */
function templates(content: Content): Template[] {
  const r = new Random(4711)
  const small = shuffled(
    r,
    Array.from({ length: 5 }, () =>
      (content === 'records' ? recordMix : unixfsMix).flatMap(([count, make]) => Array.from({ length: count }, () => make(r)))
    ).flat()
  )
  if (content === 'records') return small
  const bytes = small.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return shuffled(r, [...small, ...Array.from({ length: Math.round((9 * bytes) / LEAF) }, (_, i) => (i % 2 === 0 ? rawLeaf(r) : pbLeaf(r)))])
}

export interface Archive {
  readonly path: string
  readonly bytes: number
  readonly blocks: number
  remove(): void
}

/** A CAR of about so many bytes in a temporary file. It is the same each time, and its blocks all differ. */
export async function makeArchive(content: Content, size: number): Promise<Archive> {
  const folder = mkdtempSync(join(tmpdir(), 'autocodec-bench-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const path = join(folder, `${content}.car`)
  const out = createWriteStream(path, { highWaterMark: 1 << 22 })
  const cycle = templates(content)
  const header = encodeCbor({ roots: [new Random(1).cid()], version: 1 })
  let bytes = 0
  let blocks = 0
  let parts: Uint8Array[] = [varint(header.length), header]
  let waiting = 0
  const flush = async () => {
    const whole = Buffer.concat(parts)
    bytes += whole.length
    parts = []
    waiting = 0
    if (!out.write(whole)) await once(out, 'drain')
  }
  while (bytes + waiting < size) {
    const { code, bytes: model, at } = cycle[blocks % cycle.length]
    const block = model.slice()
    const digits = String(++blocks).padStart(DIGITS, '0')
    for (let i = 0; i < DIGITS; i++) block[at + i] = digits.charCodeAt(i)
    const cid = CID.createV1(code, create(0x12, createHash('sha256').update(block).digest())).bytes
    const length = varint(cid.length + block.length)
    parts.push(length, cid, block)
    waiting += length.length + cid.length + block.length
    if (waiting > 1 << 22) await flush()
  }
  await flush()
  out.end()
  await once(out, 'close')
  return { path, bytes, blocks, remove }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return Uint8Array.of(...bytes, value)
}
