/** CARs made in memory for the tests, with `@ipld/car`'s writer. */
import { CarWriter } from '@ipld/car/writer'
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'

export interface Made {
  readonly cid: CID
  readonly bytes: Uint8Array
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export async function block(code: number, bytes: Uint8Array): Promise<Made> {
  return { cid: CID.createV1(code, await sha256.digest(bytes)), bytes }
}

export async function cbor(value: unknown): Promise<Made> {
  return block(dagCbor.code, dagCbor.encode(value))
}

export async function carOf(roots: readonly CID[], blocks: readonly Made[]): Promise<Uint8Array> {
  const { writer, out } = CarWriter.create([...roots])
  const parts: Uint8Array[] = []
  const reading = (async () => {
    for await (const part of out) parts.push(part.slice())
  })()
  for (const { cid, bytes } of blocks) await writer.put({ cid, bytes })
  await writer.close()
  await reading
  return concat(parts)
}

/** A version 2 CAR around a version 1 CAR: pragma, header, `padding` zeros, the data, and an index of zeros that readers pass over. */
export function version2(data: Uint8Array, { padding = 0, size = data.length }: { padding?: number; size?: number } = {}): Uint8Array {
  const pragma = concat([Uint8Array.of(10), dagCbor.encode({ version: 2 })])
  const header = new DataView(new ArrayBuffer(40))
  const offset = pragma.length + 40 + padding
  header.setBigUint64(16, BigInt(offset), true)
  header.setBigUint64(24, BigInt(size), true)
  header.setBigUint64(32, BigInt(offset + size), true)
  return concat([pragma, new Uint8Array(header.buffer), new Uint8Array(padding), data, new Uint8Array(25)])
}

/** Three blocks: two leaves and a root that links them. */
export async function threeBlocks(): Promise<{ root: Made; leaves: [Made, Made]; bytes: Uint8Array }> {
  const first = await cbor({ title: 'first' })
  const second = await block(0x55, new TextEncoder().encode('the second is raw text'))
  const root = await cbor({ first: first.cid, second: second.cid })
  return { root, leaves: [first, second], bytes: await carOf([root.cid], [root, first, second]) }
}
