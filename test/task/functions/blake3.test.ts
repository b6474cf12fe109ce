/** functions/blake3: hashes, outboards, whole and partial checks, combined encodings; against a reading of the specification in bao.ts and @noble/hashes. */
import { blake3 } from '@noble/hashes/blake3.js'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../../src/index.js'
import { loadFunction, type Outcome, runFunction } from '../../../src/task/index.js'
import { baoEncode, baoHash } from './bao.js'

const RAW = 0x55
const host = await createHost()
const module = await loadFunction(host, 'blake3')

const store = new Map<string, Uint8Array>()

async function put(bytes: Uint8Array): Promise<CID> {
  const cid = CID.createV1(RAW, await sha256.digest(bytes))
  store.set(String(cid), bytes)
  return cid
}

/** The links of raw blocks of a message that is cut at every `step` bytes. */
async function cut(bytes: Uint8Array, step: number): Promise<CID[]> {
  const links: CID[] = []
  for (let at = 0; at < bytes.length; at += step) links.push(await put(bytes.subarray(at, at + step)))
  return links
}

const run = (fun: string, params: unknown): Promise<Outcome> => runFunction(module, { fun, params, get: (cid) => store.get(String(cid)) })

async function ok<T>(fun: string, params: unknown): Promise<T> {
  const outcome = await run(fun, params)
  for (const { cid, bytes } of outcome.blocks) store.set(String(cid), bytes)
  if ('error' in outcome.result) throw new Error(`${fun}: ${outcome.result.error.code}: ${outcome.result.error.message}`)
  return outcome.result.ok as T
}

/** The code of the error that a run must end with, and its message. */
async function refused(fun: string, params: unknown): Promise<{ code: string; message: string }> {
  const { result } = await run(fun, params)
  if ('ok' in result) throw new Error(`${fun}: expected an error, got ${JSON.stringify(result.ok)}`)
  return result.error
}

/** What a link or a list of links has, in one piece. */
function joined(links: CID | CID[]): Uint8Array {
  const all = Array.isArray(links) ? links : [links]
  return Buffer.concat(all.map((cid) => store.get(String(cid)) as Uint8Array))
}

const message = (length: number, seed = 1) => Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 15) & 255)
const same = (got: Uint8Array, expected: Uint8Array, what: string) =>
  assert.ok(Buffer.compare(got, expected) === 0, `${what}: ${got.length} bytes, expected ${expected.length}`)

const LENGTHS = [0, 1, 63, 64, 65, 1023, 1024, 1025, 2048, 2049, 3072, 4095, 4096, 4097, 5120, 8193, 16_384, 16_385, 31_744, 49_153, 102_400, 200_001]
const GROUPS = [0, 1, 2, 4, 7, 10]

interface Hashed {
  readonly hash: Uint8Array
  readonly cid: CID
  readonly size: number
}
interface Outboard {
  readonly hash: Uint8Array
  readonly size: number
  readonly outboard: CID | CID[]
}
interface Checked {
  readonly size: number | null
  readonly verified: number
}
interface Decoded extends Checked {
  readonly content: CID | CID[]
}

const reading = suite('bao.ts')

reading('the tests’ own reading of the specification has the hashes of @noble/hashes', () => {
  for (const length of LENGTHS) assert.equal(baoHash(message(length)), blake3(message(length)), `${length} bytes`)
})

reading('the example of the specification: 2,049 zeros', () => {
  const hex = Buffer.from(baoEncode(new Uint8Array(2049))).toString('hex')
  assert.match(hex, /^0108000000000000a04fc7.{58}c37466.{58}91715a.{58}f0eef3/)
  assert.is(hex.length, 2 * (8 + 64 + 64 + 2049))
})

reading.run()

const hashing = suite('hash')

for (const length of LENGTHS) {
  hashing(`${length} bytes, in one block, in many, and inline`, async () => {
    const bytes = message(length)
    const expected = { hash: blake3(bytes), size: length }
    for (const params of [{ file: await put(bytes) }, { file: await cut(bytes, 1000) }, { file: await cut(bytes, 4096) }, { data: bytes }]) {
      const { hash, size, cid } = await ok<Hashed>('hash', params)
      assert.equal({ hash, size }, expected)
      assert.is(cid.code, RAW)
      assert.is(cid.multihash.code, 0x1e)
      assert.equal(cid.multihash.digest, expected.hash)
    }
  })
}

hashing('any chunks whatever', async () => {
  const bytes = message(60_000)
  for (const step of [1, 7, 63, 1023, 1025, 4095, 4097, 20_000]) {
    const links = await cut(step < 63 ? bytes.subarray(0, 300 * step) : bytes, step)
    const { hash } = await ok<Hashed>('hash', { file: links })
    assert.equal(hash, blake3(step < 63 ? bytes.subarray(0, 300 * step) : bytes), `${step} bytes each`)
  }
})

hashing.run()

const outboards = suite('outboard')

for (const length of LENGTHS) {
  outboards(`${length} bytes, in every group`, async () => {
    const bytes = message(length)
    for (const group of GROUPS) {
      const { hash, size, outboard } = await ok<Outboard>('outboard', { file: await cut(bytes, 3000), group })
      same(hash, baoHash(bytes), 'hash')
      assert.is(size, length)
      same(joined(outboard), baoEncode(bytes, { outboard: true, group }), `group ${group}`)
    }
  })
}

outboards('larger than a block: parts of 2^14 leaves, and the parents above them', async () => {
  // 16 MiB a part
  const all = message(2 ** 25 + 5000)
  for (const length of [2 ** 24, 2 ** 24 + 1, all.length]) {
    const bytes = all.subarray(0, length)
    const { hash, outboard } = await ok<Outboard>('outboard', { file: await cut(bytes, 2 ** 20) })
    same(hash, blake3(bytes), 'hash')
    assert.is(Array.isArray(outboard), length > 2 ** 24)
    same(joined(outboard), baoEncode(bytes, { outboard: true }), `${length} bytes`)
    assert.equal(await ok<Checked>('verify', { file: await cut(bytes, 2 ** 20), hash, outboard }), { size: length, verified: length })
  }
})

outboards('a stream of 160 MiB in 8 MiB of memory, and its check', async () => {
  const block = message(2 ** 20)
  const link = await put(block)
  const links = Array.from({ length: 160 }, () => link)
  const made = await run('outboard', { file: links, group: 4 })
  for (const { cid, bytes } of made.blocks) store.set(String(cid), bytes)
  const { hash, size, outboard } = (made.result as { ok: Outboard }).ok
  assert.is(size, 160 * 2 ** 20)
  const checked = await run('verify', { file: links, hash, outboard, group: 4 })
  assert.equal(checked.result, { ok: { size, verified: size } })
  for (const { memory } of [made, checked]) assert.ok(memory <= 8 * 2 ** 20, `${memory} bytes`)
})

outboards.run()

const checks = suite('verify')

for (const length of LENGTHS) {
  checks(`${length} bytes, in every group`, async () => {
    const bytes = message(length)
    const hash = blake3(bytes)
    for (const group of GROUPS) {
      const outboard = baoEncode(bytes, { outboard: true, group })
      for (const params of [
        { data: bytes, outboard },
        { file: await cut(bytes, 3000), outboard: await cut(outboard, 100) }
      ])
        assert.equal(await ok<Checked>('verify', { ...params, hash, group }), { size: length, verified: length }, `group ${group}`)
    }
  })
}

checks('the hash may be a CID', async () => {
  const bytes = message(5000)
  const { cid } = await ok<Hashed>('hash', { data: bytes })
  assert.equal(await ok<Checked>('verify', { data: bytes, hash: cid, outboard: baoEncode(bytes, { outboard: true }) }), { size: 5000, verified: 5000 })
})

checks('a slice: whole leaves of it and no others, whatever else is wrong', async () => {
  const length = 50_001
  const bytes = message(length)
  const hash = blake3(bytes)
  for (const [group, offset, count, first, end, size] of [
    [0, 0, 1, 0, 1024, null],
    [0, 1023, 2, 0, 2048, null],
    [0, 10_000, 5000, 9216, 15_360, null],
    [0, 49_000, 100_000, 48_128, length, length],
    [0, length, 1, 49_152, length, length],
    [0, length + 5, 0, 49_152, length, length],
    [0, 2048, 0, 2048, 3072, null],
    [1, 10_000, 5000, 8192, 16_384, null],
    [4, 16_383, 2, 0, 32_768, null],
    [4, 20_000, 10, 16_384, 32_768, null],
    [10, 20_000, 10, 0, length, length]
  ] as const) {
    // everything outside of those leaves is another message's
    const file = message(length, 9)
    file.set(bytes.subarray(first, end), first)
    const outboard = baoEncode(bytes, { outboard: true, group })
    for (const params of [
      { data: file, outboard },
      { file: await cut(file, 5000), outboard: await cut(outboard, 64) }
    ]) {
      const got = await ok<Checked>('verify', { ...params, hash, group, offset, length: count })
      assert.equal(got, { size, verified: end - first }, `group ${group}, ${count} bytes from ${offset}`)
    }
  }
})

checks('the first wrong chunk is named, and a wrong byte anywhere is one', async () => {
  const length = 20_000
  const bytes = message(length)
  const hash = blake3(bytes)
  for (const group of [0, 1, 2, 4]) {
    const leaf = 1024 << group
    const outboard = baoEncode(bytes, { outboard: true, group })
    for (const at of [0, 1, 1023, 1024, 4095, 4096, 9999, 16_384, 19_999]) {
      const wrong = bytes.slice()
      wrong[at] ^= 1
      // later ones are of no account
      wrong[19_998] ^= 4
      for (const params of [{ data: wrong }, { file: await cut(wrong, 900) }]) {
        const { code, message: text } = await refused('verify', { ...params, hash, outboard, group })
        assert.is(code, 'CHECKSUM')
        assert.match(text, new RegExp(`\\b${Math.floor(at / leaf) * leaf}\\b`), `byte ${at}, group ${group}: ${text}`)
      }
    }
  }
})

checks('every flipped bit of an outboard is refused, and every length of one', async () => {
  const bytes = message(4500)
  const hash = blake3(bytes)
  const outboard = baoEncode(bytes, { outboard: true })
  for (let bit = 0; bit < outboard.length * 8; bit += bit < 64 ? 1 : 5) {
    const wrong = outboard.slice()
    wrong[bit >> 3] ^= 1 << (bit & 7)
    const { code } = await refused('verify', { data: bytes, hash, outboard: wrong })
    assert.ok(['CHECKSUM', 'UNEXPECTED_END', 'TRAILING_BYTES', 'TOO_LARGE'].includes(code), `bit ${bit}: ${code}`)
  }
  for (let n = 0; n < outboard.length; n++)
    assert.is((await refused('verify', { data: bytes, hash, outboard: outboard.slice(0, n) })).code, 'UNEXPECTED_END', `${n} bytes`)
  assert.is((await refused('verify', { data: bytes, hash, outboard: Buffer.concat([outboard, Uint8Array.of(0)]) })).code, 'TRAILING_BYTES')
})

checks('a file that is longer or shorter than its tree', async () => {
  for (const length of [0, 1, 1024, 3000, 4096]) {
    const bytes = message(length)
    const params = { hash: blake3(bytes), outboard: baoEncode(bytes, { outboard: true }) }
    const longer = Buffer.concat([bytes, Uint8Array.of(0)])
    assert.is((await refused('verify', { ...params, data: longer })).code, 'TRAILING_BYTES', `${length} bytes and one`)
    assert.is((await refused('verify', { ...params, file: await cut(longer, 700) })).code, 'TRAILING_BYTES', `${length} bytes and one, streamed`)
    if (length === 0) continue
    assert.is((await refused('verify', { ...params, data: bytes.subarray(1) })).code.replace('UNEXPECTED_END', 'CHECKSUM'), 'CHECKSUM')
    assert.is((await refused('verify', { ...params, data: bytes.subarray(0, length - 1) })).code.replace('UNEXPECTED_END', 'CHECKSUM'), 'CHECKSUM')
  }
})

checks('sizes that are absurd', async () => {
  const bytes = message(3000)
  for (const size of [2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
    const outboard = Buffer.concat([new Uint8Array(BigUint64Array.of(size).buffer), baoEncode(bytes, { outboard: true }).subarray(8)])
    const { code } = await refused('verify', { data: bytes, hash: blake3(bytes), outboard })
    assert.ok(['CHECKSUM', 'UNEXPECTED_END', 'TOO_LARGE'].includes(code), `${size}: ${code}`)
    assert.is((await refused('verify', { data: bytes, hash: blake3(bytes), outboard, offset: 2 ** 53 - 1, length: 2 ** 53 - 1 })).code, code)
  }
})

for (const [what, fun, params, code] of [
  ['no parameters', 'hash', null, 'MISSING_FIELD'],
  ['no file', 'outboard', {}, 'MISSING_FIELD'],
  ['a file that is text', 'hash', { file: 'abc' }, 'WRONG_KIND'],
  ['a list of other things', 'hash', { file: [1] }, 'WRONG_KIND'],
  ['a group beyond 10', 'outboard', { data: new Uint8Array(1), group: 11 }, 'NUMBER_RANGE'],
  ['a group below 0', 'outboard', { data: new Uint8Array(1), group: -1 }, 'WRONG_KIND'],
  ['no hash', 'verify', { data: new Uint8Array(1), outboard: new Uint8Array(8) }, 'MISSING_FIELD'],
  ['a hash of 31 bytes', 'verify', { data: new Uint8Array(1), outboard: new Uint8Array(8), hash: new Uint8Array(31) }, 'WRONG_KIND'],
  ['no outboard', 'verify', { data: new Uint8Array(1), hash: new Uint8Array(32) }, 'MISSING_FIELD'],
  ['a wrong hash', 'verify', { data: new Uint8Array(0), hash: new Uint8Array(32), outboard: new Uint8Array(8) }, 'CHECKSUM'],
  ['nothing encoded', 'decode', { encoded: new Uint8Array(0), hash: new Uint8Array(32) }, 'UNEXPECTED_END']
] as const) {
  checks(`${what}: ${code}`, async () => {
    assert.is((await refused(fun, params)).code, code)
  })
}

checks.run()

const decoding = suite('decode')

for (const length of LENGTHS) {
  decoding(`${length} bytes, in every group`, async () => {
    const bytes = message(length)
    for (const group of GROUPS) {
      const encoded = baoEncode(bytes, { group })
      for (const params of [{ encoded }, { encoded: await cut(encoded, 1500) }]) {
        const { content, size, verified } = await ok<Decoded>('decode', { ...params, hash: blake3(bytes), group })
        assert.equal({ size, verified }, { size: length, verified: length })
        same(joined(content), bytes, `group ${group}`)
      }
    }
  })
}

decoding('content of several blocks', async () => {
  const bytes = message(2_500_000)
  const { content } = await ok<Decoded>('decode', { encoded: await cut(baoEncode(bytes), 2 ** 18), hash: blake3(bytes) })
  assert.is((content as CID[]).length, 3)
  same(joined(content), bytes, 'content')
})

decoding('slices', async () => {
  for (const length of [0, 1, 1024, 1025, 9000, 70_000]) {
    const bytes = message(length)
    const hash = blake3(bytes)
    for (const group of [0, 1, 4]) {
      for (const [offset, count] of [
        [0, 0],
        [0, 1],
        [0, length],
        [1023, 2],
        [1024, 1024],
        [3000, 4000],
        [length - 1, 1],
        [length, 1],
        [length + 10_000, 5],
        [length >> 1, 2 ** 50]
      ]) {
        if (offset < 0) continue
        const encoded = baoEncode(bytes, { group, offset, length: count })
        const { content, size } = await ok<Decoded>('decode', { encoded, hash, group, offset, length: count })
        same(joined(content), bytes.subarray(offset, Math.min(offset + count, length)), `${length} bytes, group ${group}, ${count} from ${offset}`)
        assert.ok(size === length || size === null)
        if (offset + count >= length) assert.is(size, length)
      }
    }
  }
})

decoding('every cut and every flipped bit of an encoding', async () => {
  const bytes = message(2500)
  const hash = blake3(bytes)
  const encoded = baoEncode(bytes)
  for (let n = 0; n < encoded.length; n += 7) assert.is((await refused('decode', { encoded: encoded.slice(0, n), hash })).code, 'UNEXPECTED_END', `${n} bytes`)
  for (let bit = 0; bit < encoded.length * 8; bit += bit < 64 ? 1 : 37) {
    const wrong = encoded.slice()
    wrong[bit >> 3] ^= 1 << (bit & 7)
    const { code } = await refused('decode', { encoded: wrong, hash })
    assert.ok(['CHECKSUM', 'UNEXPECTED_END', 'TOO_LARGE'].includes(code), `bit ${bit}: ${code}`)
  }
  assert.is((await refused('decode', { encoded: Buffer.concat([encoded, Uint8Array.of(1)]), hash })).code, 'TRAILING_BYTES')
})

decoding.run()
