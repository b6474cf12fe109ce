/** codecs/lib/hash/blake3.ts by itself, compiled as it is: the lengths of the official test vectors and random ones, beside @noble/hashes. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { node, root } from '../../scripts/run.js'

const SOURCE = 'codecs/lib/hash/blake3.ts'
const WASM = 'build/hash/blake3.wasm'
/** Where the tests put chaining values and messages: beyond all static data. */
const VALUES = 65_536
const MESSAGE = 262_144
const CHUNK = 1024

interface Hash {
  readonly memory: WebAssembly.Memory
  chunk(p: number, n: number, counter: bigint, root: number, to: number): void
  chunks(p: number, n: number, counter: bigint, to: number): number
  level(p: number, count: number, root: number, to: number): number
  reduce(p: number, count: number, root: number): void
}

mkdirSync(join(root, 'build/hash'), { recursive: true })
const flags = ['--runtime', 'stub', '-O3', '--noAssert', '--use', 'abort=', '--enable', 'simd', '--enable', 'bulk-memory', '--initialMemory', '64']
const built = await node(['node_modules/assemblyscript/bin/asc.js', SOURCE, ...flags, '--outFile', WASM])
assert.is(built.code, 0, built.output)
const { instance } = await WebAssembly.instantiate(readFileSync(join(root, WASM)))
const hash = instance.exports as unknown as Hash
const memory = () => new Uint8Array(hash.memory.buffer)

function digest(message: Uint8Array): Uint8Array {
  memory().set(message, MESSAGE)
  if (message.length <= CHUNK) hash.chunk(MESSAGE, message.length, 0n, 1, VALUES)
  else hash.reduce(VALUES, hash.chunks(MESSAGE, message.length, 0n, VALUES), 1)
  return memory().slice(VALUES, VALUES + 32)
}

/** The input of the official test vectors: bytes that count to 250 again and again. */
const counting = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251)

/** The lengths of the official test vectors. */
const LENGTHS = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 2048, 2049, 3072, 3073, 4096, 4097, 5120, 5121, 6144, 6145, 7168, 7169, 8192, 8193,
  16_384, 31_744, 102_400
]

const test = suite('blake3')

for (const length of LENGTHS) {
  test(`${length} bytes`, () => {
    assert.equal(digest(counting(length)), blake3(counting(length)))
  })
}

test('known digests', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  // of the empty message and of "abc", as everybody has them
  assert.is(hex(digest(new Uint8Array())), 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262')
  assert.is(hex(digest(new TextEncoder().encode('abc'))), '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85')
})

test('messages of any bytes and length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70_000 }), fc.integer(), (length, seed) => {
      const message = Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 13) & 255)
      assert.equal(digest(message), blake3(message))
    }),
    { numRuns: 60 }
  )
})

test('chunks four at a time are chunks one at a time, where the counter passes 2^32 too', () => {
  memory().set(counting(4 * CHUNK), MESSAGE)
  for (const counter of [0n, 4n, 2n ** 32n - 2n, 2n ** 32n - 4n, 2n ** 40n + 8n, 2n ** 53n]) {
    assert.is(hash.chunks(MESSAGE, 4 * CHUNK, counter, VALUES), 4)
    const four = memory().slice(VALUES, VALUES + 128)
    for (let i = 0; i < 4; i++) {
      hash.chunk(MESSAGE + i * CHUNK, CHUNK, counter + BigInt(i), 0, VALUES)
      assert.equal(memory().slice(VALUES, VALUES + 32), four.subarray(32 * i, 32 * i + 32), `chunk ${counter} + ${i}`)
    }
  }
})

test.run()
