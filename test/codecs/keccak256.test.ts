/** codecs/lib/hash/keccak256.ts by itself, compiled as it is: known digests, and random messages in random parts beside @noble/hashes. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { node, root } from '../../scripts/run.js'

const SOURCE = 'codecs/lib/hash/keccak256.ts'
const WASM = 'build/hash/keccak256.wasm'
/** Where the test puts messages and takes digests: in the one page that there is, beyond all static data. */
const MESSAGE = 32_768
const DIGEST = 16_384

interface Hash {
  readonly memory: WebAssembly.Memory
  open(): void
  update(p: number, n: number): void
  close(to: number): void
}

mkdirSync(join(root, 'build/hash'), { recursive: true })
const flags = ['--runtime', 'stub', '-O3', '--noAssert', '--use', 'abort=', '--enable', 'simd', '--enable', 'bulk-memory', '--initialMemory', '1']
const built = await node(['node_modules/assemblyscript/bin/asc.js', SOURCE, ...flags, '--outFile', WASM])
assert.is(built.code, 0, built.output)
const { instance } = await WebAssembly.instantiate(readFileSync(join(root, WASM)))
const hash = instance.exports as unknown as Hash

/** @param parts lengths of the first parts */
function digest(message: Uint8Array, parts: readonly number[] = []): string {
  const memory = new Uint8Array(hash.memory.buffer)
  memory.set(message, MESSAGE)
  hash.open()
  let at = 0
  for (const part of [...parts, message.length]) {
    const n = Math.min(part, message.length - at)
    hash.update(MESSAGE + at, n)
    at += n
  }
  hash.close(DIGEST)
  return Buffer.from(memory.subarray(DIGEST, DIGEST + 32)).toString('hex')
}

const utf8 = (text: string) => new TextEncoder().encode(text)

for (const [what, message, expected] of [
  ['nothing', utf8(''), 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
  ['abc', utf8('abc'), '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  ['the fox', utf8('The quick brown fox jumps over the lazy dog'), '4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15'],
  ['the fox with a full stop', utf8('The quick brown fox jumps over the lazy dog.'), '578951e24efd62a3d63a86f7cd19aaa53c898fe287d2552133220370240b572d'],
  ['the empty trie', Uint8Array.of(0x80), '56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'],
  ['no uncles', Uint8Array.of(0xc0), '1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347']
] as const) {
  test(what, () => assert.is(digest(message), expected))
}

test('every length from 0 to 600, which is over four blocks', () => {
  for (let n = 0; n <= 600; n++) {
    const message = Uint8Array.from({ length: n }, (_, i) => i * 7 + n)
    assert.is(digest(message), Buffer.from(keccak_256(message)).toString('hex'), `${n} bytes`)
  }
})

test('1,000 random messages in random parts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), fc.array(fc.nat(300), { maxLength: 5 }), (message, parts) => {
      assert.is(digest(message, parts), Buffer.from(keccak_256(message)).toString('hex'))
    }),
    { numRuns: 1000, seed: 1 }
  )
})

test.run()
