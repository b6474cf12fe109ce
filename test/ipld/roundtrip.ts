/** Values over the tape and back, with functions of shapes and without; run by files that differ in whether code may be made from text. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Builder, checkTape, IpldError, Node, Writer } from '../../src/ipld/index.js'
import { tapeOf } from './material.js'
import { anyValue, canonical, cid, difference, foreign, REFUSED, VALUES } from './values.js'

const writer = new Writer()
const builder = new Builder()

function back(value: unknown, write = writer, build = builder): unknown {
  const tape = checkTape(tapeOf(write.write(value).material))
  const built = build.build(tape)
  const viewed = difference(new Node(tape).value(), built)
  assert.is(viewed, undefined, `node and builder differ ${viewed}`)
  return built
}

function check(value: unknown, expected: unknown): void {
  const wrong = difference(back(value), expected)
  assert.is(wrong, undefined, wrong)
}

export function roundTrips(runs: number): void {
  for (const [name, value, expected = value] of VALUES) {
    test(`there and back: ${name}`, () => {
      check(value, expected)
      // many of a kind, so that those that are maps get functions of their own, and within one block share their keys
      for (let i = 0; i < 40; i++) check(value, expected)
      if (name !== '1,024 deep') check(Array(60).fill(value), Array(60).fill(expected))
      if (name !== '1,024 deep')
        check(
          Array.from({ length: 60 }, (_, i) => ({ i, value })),
          Array.from({ length: 60 }, (_, i) => ({ i, value: expected }))
        )
    })
  }

  for (const [name, value, code, message] of REFUSED) {
    test(`refused: ${name}`, () => {
      for (let i = 0; i < 2; i++) {
        try {
          writer.write(value)
          assert.unreachable()
        } catch (error) {
          assert.instance(error, IpldError, (error as Error).stack)
          assert.is((error as IpldError).code, code)
          assert.match((error as Error).message, message)
          assert.type((error as IpldError).path, 'string')
        }
        // and the next one is as if nothing had been
        check({ a: [1, 'b'] }, { a: [1, 'b'] })
      }
    })
  }

  test('objects that look alike and are not', () => {
    const plain = Array.from({ length: 50 }, (_, i) => ({ a: i, b: 'x' }))
    class Alike {
      a = 1
      b = 'x'
    }
    class Hiding {
      a = 1
      b = 'x'
      get [Symbol.toStringTag](): string {
        return 'Hiding'
      }
    }
    const others: [value: object, expected?: object][] = [
      [Object.assign(Object.create(null), { a: 1, b: 'x' }), { a: 1, b: 'x' }],
      [new Alike(), { a: 1, b: 'x' }],
      [Object.assign(Object.create({ constructor: Object }), { a: 1, b: 'x' }), { a: 1, b: 'x' }],
      [
        new Map<string, unknown>([
          ['a', 1],
          ['b', 'x']
        ]),
        { a: 1, b: 'x' }
      ],
      [{ b: 'x', a: 1 }],
      [{ a: 1 }],
      [{ a: 1, b: 'x', c: null }],
      [Object.defineProperty({ a: 1, b: 'x' }, 'constructor', { value: 5 })]
    ]
    for (const [value, expected = { ...value }] of others) check([...plain, value, ...plain], [...plain, expected, ...plain])
    assert.throws(
      () => writer.write([...plain, new Hiding()]),
      (error: IpldError) => error.code === 'UNSUPPORTED_VALUE'
    )
    assert.throws(
      () => writer.write([...plain, Object.assign(new Date(0), { a: 1, b: 'x' })]),
      (error: IpldError) => error.code === 'UNSUPPORTED_VALUE'
    )
  })

  test('foreign CIDs among objects of their shape', () => {
    const { '/': _, ...alike } = foreign
    const plain = Array.from({ length: 50 }, () => ({ version: 1, bytes: cid.bytes }))
    check([...plain, foreign, ...plain], [...plain, cid, ...plain])
    const slashes = Array.from({ length: 50 }, () => ({ bytes: cid.bytes, '/': 'no' }))
    check([...slashes, { bytes: foreign.bytes, '/': foreign.bytes }, ...slashes], [...slashes, cid, ...slashes])
    assert.is(Object.keys(alike).length, 4)
  })

  test('shapes with a like key are told apart by their bytes', () => {
    for (let round = 0; round < 30; round++) {
      for (const name of ['ab', 'ac', 'bb', 'abc', '\u0061\u0062']) check([{ [name]: 1, x: round }], [{ [name]: 1, x: round }])
    }
  })

  test('a list that a getter makes longer', () => {
    const growing: unknown[] = [
      {
        get a() {
          growing.push(2)
          return 1
        }
      },
      3
    ]
    check(growing, [{ a: 1 }, 3])
  })

  test('a polluted Object.prototype', () => {
    const value = Array.from({ length: 60 }, (_, i) => ({ id: i, name: `n${i}`, polluted: i, fixed: [{}] }))
    const prototype = Object.prototype as unknown as Record<string, unknown>
    const expected = JSON.stringify(value)
    try {
      prototype.polluted = 'x'
      prototype['/'] = prototype.bytes = new Uint8Array(1)
      Object.defineProperty(prototype, 'fixed', { value: 1, writable: false, configurable: true })
      Object.defineProperty(prototype, 'got', { get: () => 1, configurable: true })
      for (let i = 0; i < 3; i++) {
        const built = back(value, new Writer(), new Builder())
        assert.is(JSON.stringify(built), expected)
        assert.ok(Object.hasOwn((built as object[])[0], 'fixed'))
      }
      assert.is(JSON.stringify(back({ got: 5, z: { fixed: 6 } }, new Writer(), new Builder())), '{"got":5,"z":{"fixed":6}}')
    } finally {
      for (const name of ['polluted', '/', 'bytes', 'fixed', 'got']) delete prototype[name]
    }
  })

  test('any value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const wrong = difference(back(value), canonical(value))
        if (wrong !== undefined) throw new Error(wrong)
      }),
      { numRuns: runs, interruptAfterTimeLimit: 60_000 }
    )
  })

  test('any value, many times over: shared keys', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const wrong = difference(back(Array(30).fill(value), new Writer(), new Builder()), Array(30).fill(canonical(value)))
        if (wrong !== undefined) throw new Error(wrong)
      }),
      { numRuns: runs / 10, interruptAfterTimeLimit: 60_000 }
    )
  })
}
