/** Writing CARs of version 1: a header with the roots, then each block behind its CID. */
import type { CID } from 'multiformats/cid'
import { orAbort } from './abort.js'
import { type BlockSource, batchesOf } from './batch.js'
import { digestKey } from './key.js'

export interface WriteCarOptions {
  /** leave out blocks that have come before, which is known by their CIDs alone; default true */
  readonly dedupe?: boolean
  readonly signal?: AbortSignal
}

/**
 * A CAR as chunks, as fast as they are asked for. The blocks are taken as they are: nobody verifies them here.
 *
 * @example
 * ```ts
 * import { createHost, CID } from 'autocodec'
 * import { decodeBlocks, readCar, writeCar } from 'autocodec/dag'
 * const host = await createHost()
 * const cid = CID.parse('bafyreidykglsfhoixmivffc5uwhcgshx4j465xwqntbmu43nb2dzqwfvae')
 * const bytes = (await host.codec(cid.code)).encode({ hello: 'world' })
 * const car = await readCar(writeCar([cid], [{ cid, bytes }]))
 * for await (const { value } of decodeBlocks(car, { codecs: host.loader })) if (value.hello !== 'world') throw new Error('not the same')
 * ```
 */
export async function* writeCar(roots: readonly CID[], blocks: BlockSource, options: WriteCarOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
  const { dedupe = true, signal } = options
  const written = new Set<string>()
  signal?.throwIfAborted()
  yield carHeader(roots)
  const batches = batchesOf(blocks)
  try {
    for (;;) {
      const { value: batch, done } = await orAbort(batches.next(), signal)
      if (done) return
      for (const { cid, bytes } of batch) {
        if (dedupe) {
          const key = `${cid.version} ${cid.code} ${digestKey(cid)}`
          if (written.has(key)) continue
          written.add(key)
        }
        signal?.throwIfAborted()
        yield sectionHead(cid, bytes.length)
        if (bytes.length > 0) yield bytes
      }
    }
  } finally {
    const closing = batches.return()
    if (signal?.aborted) closing.catch(() => {})
    else await closing
  }
}

/** `{ roots: [CID], version: 1 }` in dag-cbor, behind its length. */
function carHeader(roots: readonly CID[]): Uint8Array {
  const text = new TextEncoder()
  const header: number[] = [0xa2, 0x65, ...text.encode('roots'), ...cborHead(4, roots.length)]
  // a link is tag 42 on a byte string, a zero before the CID
  for (const { bytes } of roots) {
    header.push(0xd8, 0x2a, ...cborHead(2, bytes.length + 1), 0)
    // one by one: an identity CID may have more bytes than a call has room for
    for (const byte of bytes) header.push(byte)
  }
  header.push(0x67, ...text.encode('version'), 1)
  return Uint8Array.from([...varintOf(header.length), ...header])
}

function cborHead(major: number, value: number): number[] {
  const type = major << 5
  if (value < 24) return [type | value]
  if (value < 0x100) return [type | 24, value]
  if (value < 0x10000) return [type | 25, value >> 8, value & 0xff]
  return [type | 26, value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]
}

function sectionHead(cid: CID, length: number): Uint8Array {
  const size = varintOf(cid.bytes.length + length)
  const head = new Uint8Array(size.length + cid.bytes.length)
  head.set(size)
  head.set(cid.bytes, size.length)
  return head
}

function varintOf(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
  return [...bytes, rest]
}
