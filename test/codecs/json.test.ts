/** json and json-jcs: their rows, and whatever JSON.stringify writes. */
import { canonicalize } from 'json-canonicalize'
import { CID } from 'multiformats/cid'
import * as reference from 'multiformats/codecs/json'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Codec, createHost } from '../../src/index.js'
import { refusal, rowsOf } from './rows.js'

const host = await createHost()
const json = await host.codec('json')
const jcs = await host.codec('json-jcs')

// an object puts keys like numbers first
rowsOf(host, 'json', ({ json }) => !json.includes('"0":7'))
rowsOf(host, 'json-jcs')

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** Numbers of all sizes: powers of two and ten and their neighbours, integers and not, and random bits. */
function numbers(): number[] {
  const list = [0, -0]
  for (let e = -1074; e < 1024; e++) list.push(2 ** e, 2 ** e * 1.0000000000000002, -(2 ** e))
  for (let e = -323; e < 309; e++) for (const digit of ['1', '5', '9.999999999999999']) list.push(Number(`${digit}e${e}`))
  for (let e = 50; e < 70; e++) for (const by of [-2048, -1, 1, 2048]) list.push(2 ** e + by, -(2 ** e) + by)
  // xorshift, so that a failure comes again
  const state = BigUint64Array.of(0x9e3779b97f4a7c15n)
  const floats = new Float64Array(state.buffer)
  for (let i = 0; i < 20_000; i++) {
    state[0] ^= state[0] << 13n
    state[0] ^= state[0] >> 7n
    state[0] ^= state[0] << 17n
    if (Number.isFinite(floats[0])) list.push(floats[0])
    list.push(Number(state[0] % 1000000n) / 64, Number(state[0] >> 1n))
  }
  return list.filter(Number.isFinite)
}

const written = suite('what JSON.stringify writes')
for (const codec of [json, jcs]) {
  written(`${codec.name}: every number, from value to text and back to the text`, () => {
    const list = numbers()
    const block = codec.encode(list)
    assert.is(text.decode(block), JSON.stringify(list))
    assert.is(text.decode(codec.encodeTape(codec.tape(block))), text.decode(block))
    const back = codec.decode(block) as (number | bigint)[]
    back.forEach((x, i) => {
      // an integer beyond 2^53 is what its digits say, of which JavaScript writes no more than it needs
      if (Number(x) !== list[i]) throw new Error(`${list[i]} came back as ${x}`)
    })
  })

  written(`${codec.name}: every character`, () => {
    const characters = Array.from({ length: 0x3000 }, (_, i) => String.fromCharCode(i))
    const value = [...characters, characters.join(''), '\ud7ff\ue000\uffff\u{10000}\u{10ffff}']
    assert.is(text.decode(codec.encode(value)), JSON.stringify(value))
    assert.equal(codec.decode(reference.encode(value)), value)
  })

  written(`${codec.name}: no links, no bytes; what looks like them is a map`, () => {
    for (const value of [{ a: CID.parse('bafkqaaa') }, [Uint8Array.of(1)], new Uint8Array(600)]) {
      assert.match(
        refusal(() => codec.encode(value)),
        /^WRONG_KIND/
      )
    }
    const value = [{ '/': 'bafkqaaa' }, { '/': { bytes: 'AA' } }]
    const block = utf8.encode(JSON.stringify(value))
    assert.equal(codec.decode(block), value)
    assert.equal(codec.encode(value), block)
    assert.equal(codec.links(block), [])
    for (const float of [Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.match(
        refusal(() => codec.encode(float)),
        /^NUMBER_RANGE/
      )
    }
  })
}
written.run()

const integers = suite('integers')
integers('json: 64 bits, exactly', () => {
  for (const n of [2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, -(2n ** 53n), -(2n ** 63n), -(2n ** 64n)]) {
    assert.is(text.decode(json.encode(n)), String(n))
    assert.is(json.decode(utf8.encode(String(n))), n)
  }
})
integers('json-jcs: those that binary64 has', () => {
  for (const [n, expected] of [
    [2n ** 53n - 1n, '9007199254740991'],
    [2n ** 53n, '9007199254740992'],
    [2n ** 60n, '1152921504606847000'],
    [2n ** 63n, '9223372036854776000'],
    [-(2n ** 53n), '-9007199254740992'],
    [-(2n ** 64n), '-18446744073709552000']
  ] as const) {
    assert.is(text.decode(jcs.encode(n)), expected)
    assert.is(canonicalize(Number(n)), expected)
  }
  for (const n of [2n ** 53n + 1n, 2n ** 64n - 1n, -(2n ** 53n) - 1n]) {
    assert.match(
      refusal(() => jcs.encode(n)),
      /^NUMBER_RANGE/
    )
  }
})
integers('json-jcs: what is encoded decodes, to the number that it was', () => {
  for (let e = 0n; e < 64n; e++) {
    // the lowest and the highest of 53 bits, and bits between
    for (const bits of [2n ** 52n, 2n ** 53n - 1n, 0x10d0e0a0b0c0d1n, 4845873199050653696n >> 10n]) {
      for (const n of [BigInt.asUintN(64, bits << e), -BigInt.asUintN(64, bits << e)]) {
        if (BigInt(Number(n)) !== n) continue
        const block = jcs.encode(n)
        assert.is(text.decode(block), String(Number(n)))
        assert.is(BigInt(jcs.decode(block) as number | bigint), n)
        assert.is(text.decode(jcs.encodeTape(jcs.tape(block))), text.decode(block))
      }
    }
  }
  // the digits of the integer itself are not the form of that number
  assert.is(
    refusal(() => jcs.decode(utf8.encode('4845873199050653696'))),
    'NUMBER_RANGE 0'
  )
  assert.is(jcs.decode(utf8.encode('4845873199050654000')), Number(4845873199050653696n))
})
integers.run()

const keys = suite('keys')
/** The text of a map of such keys; null for every value. */
const map = (names: readonly string[]): string => `{${names.map((name) => `${JSON.stringify(name)}:null`).join()}}`
const same = (codec: Codec, data: string): void => assert.is(text.decode(codec.encodeTape(codec.tape(utf8.encode(data)))), data)

keys('json: any order, however many, each once', () => {
  for (const n of [1, 2, 3, 7, 8, 30, 64, 65, 200, 3000]) {
    const names = Array.from({ length: n }, (_, i) => `k${(i * 7919) % 10007}`)
    same(json, map(names))
    for (const i of [0, n >> 1, n - 1]) {
      for (const twice of [
        [...names, names[i]],
        [names[i], ...names],
        [...names, 'last', names[i], 'z']
      ]) {
        assert.match(
          refusal(() => json.decode(utf8.encode(map(twice)))),
          /^DUPLICATE_KEY \d/
        )
        // after a map with the same keys, which it then shares
        assert.match(
          refusal(() => json.decode(utf8.encode(`[${map(names)},${map(twice)}]`))),
          /^DUPLICATE_KEY \d/
        )
      }
    }
  }
})

keys('json-jcs: as json-canonicalize sorts them', () => {
  const names = [
    '',
    'a',
    'aa',
    'b',
    '1',
    '10',
    '9',
    '\u007f',
    '\u0080',
    'é',
    '\u07ff',
    'ࠀ',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '𐀀',
    '🚀',
    '\u{10ffff}',
    'a\uffff',
    'a🚀'
  ]
  const value = Object.fromEntries(names.flatMap((a) => names.map((b) => [`${a}longer than a word${b}`, 0])))
  const expected = canonicalize(value)
  assert.is(text.decode(jcs.encode(value)), expected)
  same(jcs, expected)
  assert.is(text.decode(jcs.encodeTape(jcs.tape(utf8.encode(JSON.stringify(value)), { strict: false }))), expected)
})
keys.run()
