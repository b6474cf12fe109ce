/** RLP on the project's rows, on the vectors of ethereum/tests, and on lists beyond the window. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RLP } from '@ethereumjs/rlp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/index.js'
import { text } from '../engines/text.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { bytesOf, hexOf, refusal, rows } from './eth/rows.js'

const VECTORS = join(process.env.AUTOCODEC_VECTORS ?? join(root, '../shared/vectors'), 'rlp/rlptest.json')

const host = await createHost()
const codec = await host.codec('rlp')
await rows(test, host, 'rlp')

const filled = (n: number, byte: number) => new Uint8Array(n).fill(byte)

for (const [what, value] of [
  ['30,000 bytes', filled(30_000, 1)],
  ['20,000 items', Array.from({ length: 20_000 }, (_, i) => filled(i % 3, i & 0xff))],
  ['300 items of 0 to 2,990 bytes', Array.from({ length: 300 }, (_, i) => filled(i * 10, i & 0xff))],
  ['lists of lists', Array.from({ length: 300 }, (_, i) => Array.from({ length: i }, (_, j) => [filled(j, j & 0xff), []]))],
  ['300,000 bytes between others', [filled(1, 1), filled(300_000, 2), [filled(20_000, 3)], filled(1, 4)]]
] as const) {
  test(what, () => {
    const block = RLP.encode(value as Uint8Array)
    assert.is(text(codec.decode(block)), text(value))
    assert.ok(Buffer.from(codec.encode(value)).equals(block), 'by way of a value')
    assert.ok(Buffer.from(codec.encodeTape(codec.tape(block))).equals(block), 'from tape to tape')
    for (const cut of [1, 2, 3, 100, 16_383, 16_384, 16_385, block.length - 1]) {
      const short = block.subarray(0, Math.min(cut, block.length - 1))
      assert.equal(
        refusal(() => codec.decode(short)),
        ['UNEXPECTED_END', short.length]
      )
    }
  })
}

test('1,024 lists within each other', () => {
  let value: unknown[] = []
  for (let i = 1; i < 1024; i++) value = [value]
  const block = codec.encode(value)
  assert.equal(block, RLP.encode(value as Uint8Array[]))
  assert.equal(codec.encodeTape(codec.tape(block)), block)
})

for (const value of [null, 1, 'dog', true, {}, [[1]], 1.5]) {
  test(`does not encode ${JSON.stringify(value)}`, () => {
    assert.is(refusal(() => codec.encode(value))[0], 'WRONG_KIND')
  })
}

/** What the vectors have for a value: numbers, `#` and a large number, or text, a character a byte. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'string' && !value.startsWith('#')) return Uint8Array.from(value, (character) => character.charCodeAt(0))
  const digits = BigInt(typeof value === 'string' ? value.slice(1) : (value as number)).toString(16)
  return digits === '0' ? new Uint8Array(0) : bytesOf(digits.padStart(digits.length + (digits.length % 2), '0'))
}

if (!existsSync(VECTORS)) skip('vectors of RLP', `${VECTORS} is not there`)
else {
  const vectors = Object.entries(JSON.parse(readFileSync(VECTORS, 'utf8')) as Record<string, { in: unknown; out: string }>)
  for (const [name, { in: value, out }] of vectors) {
    test(`vector ${name}`, () => {
      const block = bytesOf(out.slice(2))
      assert.is(text(codec.decode(block)), text(plain(value)))
      assert.is(hexOf(codec.encode(plain(value))), out.slice(2))
      assert.is(hexOf(codec.encodeTape(codec.tape(block))), out.slice(2))
    })
  }
  test.after(() => note(`${vectors.length} vectors of ethereum/tests`))
}

test.run()
