/** The hashes that codecs are written with, compiled alone, against the standard's vectors and Node's own. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { node, root } from '../../scripts/run.js'
import { hexOf } from './blocks.js'

interface Sha1 {
  readonly memory: WebAssembly.Memory
  sha1Begin(): void
  sha1Update(p: number, n: number): void
  sha1End(to: number): void
}

const folder = mkdtempSync(join(tmpdir(), 'autocodec-hash-'))
const wasm = join(folder, 'sha1.wasm')
const { code, output } = await node([
  join(root, 'node_modules/assemblyscript/bin/asc.js'),
  'codecs/lib/hash/sha1.ts',
  ...['-O3', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort=', '--initialMemory', '4', '--outFile', wasm]
])
if (code !== 0) throw new Error(output)
const { instance } = await WebAssembly.instantiate(readFileSync(wasm))
rmSync(folder, { recursive: true })
const guest = instance.exports as unknown as Sha1

/** @param parts sizes of the pieces that it is given in; the rest at once */
function sha1(bytes: Uint8Array, ...parts: number[]): string {
  const at = 65536
  const memory = new Uint8Array(guest.memory.buffer)
  memory.set(bytes, at)
  guest.sha1Begin()
  let done = 0
  for (const part of [...parts, bytes.length]) {
    const n = Math.min(part, bytes.length - done)
    guest.sha1Update(at + done, n)
    done += n
  }
  guest.sha1End(at + bytes.length)
  return hexOf(memory.slice(at + bytes.length, at + bytes.length + 20))
}

// FIPS 180, its examples and those of NIST's validation suite
for (const [text, hash] of [
  ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
  [
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    'a49b2446a02c645bf419f995b67091253a04a259'
  ]
] as const) {
  test(`sha1 of "${text.slice(0, 20)}"`, () => assert.is(sha1(Buffer.from(text)), hash))
}

test('sha1 of a million times "a"', () => {
  guest.sha1Begin()
  new Uint8Array(guest.memory.buffer).fill(0x61, 65536, 65536 + 1000)
  for (let i = 0; i < 1000; i++) guest.sha1Update(65536, 1000)
  guest.sha1End(70000)
  assert.is(hexOf(new Uint8Array(guest.memory.buffer, 70000, 20)), '34aa973cd4c4daa4f61eeb2bdbad27316534016f')
})

test('sha1 of each length, in pieces of any', () => {
  for (let n = 0; n < 260; n++) {
    const bytes = Uint8Array.from({ length: n }, (_, i) => i * 7 + n)
    const expected = createHash('sha1').update(bytes).digest('hex')
    assert.is(sha1(bytes), expected)
    assert.is(sha1(bytes, n >> 1), expected)
    assert.is(sha1(bytes, 3, 64, 61, 1), expected)
  }
})

test.run()
