/** The hashes that codecs are made with, `codecs/lib/hash`, each compiled by itself: standard vectors, and other implementations at every length. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blake2b } from '@noble/hashes/blake2.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { node, root } from '../../scripts/run.js'

type Functions = Record<string, (...args: (number | bigint)[]) => void>

/** Bytes after the hash's own memory. */
const ROOM = 1 << 20

interface Hash {
  readonly call: Functions
  readonly bytes: Uint8Array
}

/** The exports of a file of `codecs/lib/hash`. */
async function compiled(name: string): Promise<Hash> {
  const folder = mkdtempSync(join(tmpdir(), 'autocodec-hash-'))
  try {
    const wasm = join(folder, 'hash.wasm')
    const flags = ['--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', '--enable', 'bulk-memory', '--use', 'abort=', '--outFile', wasm]
    const { code, output } = await node(['node_modules/assemblyscript/bin/asc.js', `codecs/lib/hash/${name}.ts`, ...flags], { cwd: root })
    assert.is(code, 0, output)
    const { instance } = await WebAssembly.instantiate(readFileSync(wasm))
    const memory = instance.exports.memory as WebAssembly.Memory
    memory.grow(1 + ROOM / 65_536)
    return { call: instance.exports as Functions, bytes: new Uint8Array(memory.buffer).subarray(memory.buffer.byteLength - ROOM) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex')
const filled = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 131 + length) & 255)
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest()
const at = (part: Uint8Array): number => part.byteOffset

const sha = await compiled('sha256')
const lanes = await compiled('sha256lanes')
const blake = await compiled('blake2b')

/** The digest of a message that is given in parts of `step` bytes. */
function digest(hash: Hash, message: Uint8Array, step: number, open: () => void, close: (to: number) => void): Uint8Array {
  const { call, bytes } = hash
  bytes.set(message, 128)
  open()
  for (let i = 0; i < message.length; i += step) call.update(at(bytes) + 128 + i, Math.min(step, message.length - i))
  close(at(bytes))
  return bytes.slice(0, 64)
}

const sha256Here = (message: Uint8Array, step = message.length): Uint8Array =>
  digest(
    sha,
    message,
    step,
    () => sha.call.open(),
    (to) => sha.call.close(to)
  ).slice(0, 32)
const twiceHere = (message: Uint8Array, step = message.length): Uint8Array =>
  digest(
    sha,
    message,
    step,
    () => sha.call.open(),
    (to) => sha.call.closeTwice(to)
  ).slice(0, 32)

// FIPS 180-4, examples of NIST
for (const [message, expected] of [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0']
]) {
  test(`SHA-256 of ${message.length} bytes`, () => {
    assert.is(hex(sha256Here(ascii(message))), expected)
    assert.is(hex(sha256Here(ascii(message), 1_000)), expected)
  })
}

test('SHA-256 of every length to 300, in parts of every kind', () => {
  for (let n = 0; n <= 300; n++) {
    const message = filled(n)
    for (const step of [1, 3, 55, 63, 64, 65, 300]) {
      assert.is(hex(sha256Here(message, step)), hex(sha256(message)))
      assert.is(hex(twiceHere(message, step)), hex(sha256(sha256(message))))
    }
  }
})

test('SHA-256 twice of messages of 64 bytes, any number of them, in place', () => {
  const { call, bytes } = lanes
  for (let n = 0; n <= 21; n++) {
    const messages = Array.from({ length: n }, (_, i) => filled(64).map((byte) => byte ^ (i * 29)))
    for (const [i, message] of messages.entries()) bytes.set(message, 64 * i)
    bytes.fill(0xee, 64 * n, 64 * n + 64)
    call.twiceOfPairs(at(bytes), n, at(bytes))
    assert.is(hex(bytes.subarray(0, 32 * n)), messages.map((message) => hex(sha256(sha256(message)))).join(''))
    assert.is(hex(bytes.subarray(64 * n, 64 * n + 64)), 'ee'.repeat(64), 'what comes after is left alone')
  }
})

function blakeHere(message: Uint8Array, length: number, personal = new Uint8Array(16), step = message.length): Uint8Array {
  const words = new DataView(personal.buffer, personal.byteOffset)
  const open = (): void => blake.call.open(length, words.getBigUint64(0, true), words.getBigUint64(8, true))
  return digest(blake, message, step, open, (to) => blake.call.close(to, length)).slice(0, length)
}

test('BLAKE2b of "abc" (RFC 7693, appendix A)', () => {
  assert.is(
    hex(blakeHere(ascii('abc'), 64)),
    'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923'
  )
})

test('BLAKE2b of every length to 400, in parts, with digests of any length and personalizations', () => {
  for (let n = 0; n <= 400; n++) {
    const message = filled(n)
    const length = (n % 64) + 1
    const personalization = filled(16).map((byte) => byte ^ n)
    for (const step of [1, 127, 128, 129, 400])
      assert.is(hex(blakeHere(message, length, personalization, step)), hex(blake2b(message, { dkLen: length, personalization })))
  }
})

test.run()
