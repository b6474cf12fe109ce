import { createReadStream } from 'node:fs'
import { CarBlockIterator } from '@ipld/car'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import * as dagPb from '@ipld/dag-pb'
import * as raw from 'multiformats/codecs/raw'
import { createUnsafe } from 'multiformats/block'
import { sha256 } from 'multiformats/hashes/sha2'
import { equals } from 'multiformats/bytes'
import { makeArchive } from './archive.js'
import { createHost } from '../src/index.js'
import { readCar } from '../src/dag/car.js'
import { decodeBlocks } from '../src/dag/decode.js'
import { nodeCheck, fileChunks } from '../src/dag/node/index.js'
const mib = Number(process.argv[2] ?? 64)
const only = process.argv[3]?.split(',')
const codecs: any = new Map([dagCbor, dagJson, dagPb, raw].map((c: any) => [c.code, c]))
const host = await createHost()
for (const content of (process.argv[4]?.split(',') ?? ['records','files']) as any) {
const t0 = performance.now()
const a = await makeArchive(content, mib << 20)
console.log(content, 'made', a.bytes, a.blocks, (performance.now()-t0).toFixed(0))
const offsets: [number,number][] = []
for await (const b of (await readCar(fileChunks(a.path))).batches()) for (const x of b) offsets.push([x.offset, x.bytes.length])
const { createHash } = await import('node:crypto')
const ways: Record<string, () => Promise<any>> = {
  floor: async () => { let base = 0, i = 0, n = 0; for await (const c of fileChunks(a.path)) { const end = base + c.length; while (i < offsets.length && offsets[i][0] < end) { const [o,l] = offsets[i++]; n += createHash('sha256').update(c.subarray(Math.max(0,o-base), o-base+l)).digest().length } base = end } return n },
  parse: async () => { let n = 0; for await (const b of (await readCar(fileChunks(a.path))).batches()) n += b.length; return n },
  check: async () => { let n = 0; for await (const b of (await readCar(fileChunks(a.path))).batches()) for (const x of b) if (nodeCheck(x.cid, x.bytes)) n++; return n },
  ours: async () => { let n = 0, l = 0; for await (const b of decodeBlocks(await readCar(fileChunks(a.path)), { codecs: host.loader, check: nodeCheck }).batches()) for (const x of b) { n++; l += x.links!.length } return [n, l] },
  oursmf: async () => { let n = 0, l = 0; for await (const b of decodeBlocks(await readCar(fileChunks(a.path)), { codecs: host.loader }).batches()) for (const x of b) { n++; l += x.links!.length } return [n, l] },
  single: async () => { let n = 0, l = 0; for await (const x of decodeBlocks(await readCar(fileChunks(a.path)), { codecs: host.loader, check: nodeCheck })) { n++; l += x.links!.length } return [n, l] },
  theirs: async () => { let n = 0, l = 0; for await (const { cid, bytes } of await CarBlockIterator.fromIterable(createReadStream(a.path, { highWaterMark: 1 << 20 }))) {
    const h = await sha256.digest(bytes); if (!equals(h.digest, cid.multihash.digest)) throw new Error('bad')
    const block = createUnsafe({ bytes, cid, codec: codecs.get(cid.code) }); n++; for (const _ of block.links()) l++ }
    return [n, l] }
}
const times: Record<string, number[]> = {}
for (let r = 0; r < 3; r++) for (const [k, f] of Object.entries(ways)) { if (only?.length && only[0] && !only.includes(k)) continue; const t = performance.now(); const x = await f(); (times[k] ??= []).push(performance.now() - t); if (r === 0) console.log(k, x) }
for (const [k, t] of Object.entries(times)) console.log(k.padEnd(8), t.map((x) => x.toFixed(0)).join(' '), (a.blocks / Math.min(...t)).toFixed(0) + '/ms', (Math.min(...t)*1000/a.blocks).toFixed(2) + ' µs/block')
a.remove()
}
console.log('maxRSS', process.resourceUsage().maxRSS / 1024 | 0)
