import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { hex, outcome, sameBytes } from '../outcome.js'
import { encodeRefusal } from '../refusal.js'
import type { Law } from '../trial.js'

const LINK = CID.createV1(0x55, create(0x12, new Uint8Array(32).fill(7)))

/** Values of every kind, at the edges of each. */
const SCALARS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  23,
  24,
  255,
  256,
  65_535,
  65_536,
  2 ** 31,
  2 ** 32,
  -(2 ** 31) - 1,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
  -(2n ** 63n),
  -(2n ** 64n),
  0.5,
  -0,
  1e300,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  '',
  'a',
  '/',
  'é漢🚀',
  'x'.repeat(600),
  '\0',
  '0',
  '-1',
  new Uint8Array(0),
  Uint8Array.of(0),
  Uint8Array.of(255, 254),
  new Uint8Array(40).fill(1),
  new Uint8Array(700).fill(9),
  LINK
]

function* values(): Generator<unknown> {
  for (const value of SCALARS) {
    yield value
    yield [value]
    yield { a: value }
    yield { b: 1, a: [value, { c: value }] }
    yield [value, value, value]
  }
  yield []
  yield {}
  yield [[], {}]
  yield { '': 1, aa: 2, b: 3, '10': 4, '9': 5, __proto__x: 6, é: 7 }
  for (const list of [true, false]) {
    for (const depth of [100, 1023, 1024]) {
      let value: unknown = list ? [] : {}
      for (let i = 1; i < depth; i++) value = list ? [value] : { a: value }
      yield value
    }
  }
}

export const encode: Law = {
  name: 'encode',
  says: 'a value of any kind encodes to a block that decodes and encodes to itself, or is refused with an error of the ABI and a path',
  without: ({ subject }) => (subject.encodes ? undefined : 'the codec does not encode'),
  async check(trial) {
    const { pinned } = trial.subject
    const own = trial.vectors.valid.map(({ bytes }) => outcome(() => pinned.decode(bytes))).flatMap((value) => (value.ok ? [value.value] : []))
    let i = 0
    for (const value of [...values(), ...first(trial.runs, own)]) {
      await trial.check(`value ${i++}`, undefined, () => {
        const block = outcome(() => pinned.encode(value))
        if (!block.ok) {
          encodeRefusal(block.error)
          return
        }
        const back = outcome(() => pinned.decode(block.value))
        if (!back.ok) throw new Error(`encodes to ${hex(block.value)}, which is refused: ${back.error.message}`)
        const again = outcome(() => pinned.encodeTape(pinned.tape(block.value)))
        if (!again.ok || !sameBytes(again.value, block.value)) throw new Error(`encodes to ${hex(block.value)}, which encodes to another block`)
      })
    }
  }
}

/** So many variants, of each value in turn. */
function* first(most: number, values: readonly unknown[]): Generator<unknown> {
  const each = Math.ceil(most / Math.max(1, values.length))
  for (const value of values) {
    let left = each
    for (const variant of variants(value)) {
      if (left-- === 0) break
      yield variant
    }
  }
}

/** A block's value with one field less, more or of another kind: what a format with a schema has to see. */
function* variants(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || CID.asCID(value) !== null) return
  if (Array.isArray(value)) {
    yield value.slice(1)
    yield [...value, ...value]
    yield [...value, null]
    return
  }
  const keys = Object.keys(value).slice(0, 12)
  for (const key of keys) {
    const { [key]: field, ...rest } = value as Record<string, unknown>
    yield rest
    for (const other of [null, 'text', -1, 2n ** 64n - 1n, Uint8Array.of(1, 2), [], {}, LINK]) yield { ...value, [key]: other }
    for (const inner of variants(field)) yield { ...value, [key]: inner }
  }
  yield { ...value, 'no such field': 1 }
}
