/** The example of a codec in AssemblyScript builds as its README says, and does what it says. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { node, root } from '../../scripts/run.js'
import { type CodecError, createHost, sealManifest } from '../../src/index.js'

const FOLDER = 'examples/codec-in-assemblyscript'

mkdirSync(join(root, 'build/examples-codecs'), { recursive: true })
const wasm = 'build/examples-codecs/csv-rows.wasm'
const built = await node(['node_modules/assemblyscript/bin/asc.js', `${FOLDER}/index.ts`, '--outFile', wasm])
assert.is(built.code, 0, built.output)
const host = await createHost()
await host.add(sealManifest(readFileSync(join(root, wasm)), JSON.parse(readFileSync(join(root, FOLDER, 'manifest.json'), 'utf8'))))
const codec = await host.codec(0x300001)

const text = (data: string) => new TextEncoder().encode(data)
const show = (value: unknown) => JSON.stringify(value)
const cid = CID.parse('bafyreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')

const valid: [what: string, data: string, expected: unknown[]][] = [
  ['nothing', '', []],
  [
    'a table',
    'name,age\nAda,36\nAlan,41\n',
    [
      { name: 'Ada', age: '36' },
      { name: 'Alan', age: '41' }
    ]
  ],
  [
    'empty cells',
    'a,b\n,\n,x\n',
    [
      { a: '', b: '' },
      { a: '', b: 'x' }
    ]
  ],
  ['one column', 'a\n\nx\n', [{ a: '' }, { a: 'x' }]],
  ['a column without a name', ',b\n1,2\n', [{ '': '1', b: '2' }]],
  ['quotes', 'a\n"1,2"\n"a ""b"" c"\n"l1\nl2"\n""""\n', [{ a: '1,2' }, { a: 'a "b" c' }, { a: 'l1\nl2' }, { a: '"' }]],
  ['quoted names', '"a,b","c""d"\n1,2\n', [{ 'a,b': '1', 'c"d': '2' }]],
  ['other scripts', 'größe\nпривет\n"日本, 語"\n', [{ größe: 'привет' }, { größe: '日本, 語' }]],
  ['a link', `doc\nipfs://${cid}\n`, [{ doc: cid }]],
  [
    'what is no link',
    `ipfs://${cid}\nipfs://${cid}/a\nipfs://${cid}a\nipfs://BAFY\nipfs://b\n`,
    [`ipfs://${cid}/a`, `ipfs://${cid}a`, 'ipfs://BAFY', 'ipfs://b'].map((cell) => ({ [`ipfs://${cid}`]: cell }))
  ],
  [
    'long cells, and more than the window',
    `a,b\n${`${'x'.repeat(9000)},"${'y""'.repeat(3000)}"\n`.repeat(9)}`,
    new Array(9).fill({ a: 'x'.repeat(9000), b: 'y"'.repeat(3000) })
  ]
]

for (const [what, data, expected] of valid) {
  test(`decodes and encodes ${what}`, () => {
    const block = text(data)
    const value = codec.decode(block)
    assert.is(show(value), show(expected))
    assert.equal(codec.encode(value), block)
    assert.equal(codec.encodeTape(codec.tape(block)), block)
  })
}

const invalid: [what: string, data: string, code: string, offset: number, lax?: unknown[]][] = [
  ['a header without rows', 'a,b\n', 'UNSUPPORTED', 4],
  ['a last line without its end', 'a\n1', 'NON_CANONICAL', 3, [{ a: '1' }]],
  ['line ends of two characters', 'a\r\n1\r\n', 'NON_CANONICAL', 1, [{ a: '1' }]],
  ['needless quotes', 'a\n"1"\n', 'NON_CANONICAL', 2, [{ a: '1' }]],
  ['a cell too few', 'a,b\n1\n', 'MALFORMED', 5],
  ['a cell too many', 'a,b\n1,2,3\n', 'MALFORMED', 7],
  ['a quote in a cell', 'a\nx"y\n', 'MALFORMED', 3],
  ['text after a quote', 'a\n"x,"y\n', 'MALFORMED', 6],
  ['a quote without an end', 'a\n"1,\n', 'UNEXPECTED_END', 6],
  ['a return alone', 'a\n1\r2\n', 'MALFORMED', 3],
  ['a column twice', 'a,b,a\n1,2,3\n', 'DUPLICATE_KEY', 0],
  ['a cell that is too long', `a\n${'x'.repeat(20_000)}\n`, 'TOO_LARGE', 2]
]

for (const [what, data, code, offset, lax] of invalid) {
  test(`refuses ${what}`, () => {
    const failure = attempt(() => codec.decode(text(data)))
    assert.equal([failure.code, failure.offset], [code, offset])
    if (lax === undefined) assert.equal(attempt(() => codec.decode(text(data), { strict: false })).code, code)
    else assert.is(show(codec.decode(text(data), { strict: false })), show(lax))
  })
}

const shapes: [what: string, value: unknown, code: string, path: string][] = [
  ['a map', {}, 'WRONG_KIND', ''],
  ['a row that is no map', [1], 'WRONG_KIND', '0'],
  ['a row without columns', [{}], 'MISSING_FIELD', '0'],
  ['a number', [{ a: 1 }], 'WRONG_KIND', '0/a'],
  ['a row with too little', [{ a: '', b: '' }, { a: '' }], 'MISSING_FIELD', '1'],
  ['a row with another column', [{ a: '' }, { b: '' }], 'UNKNOWN_FIELD', '1'],
  ['a text that would come back as a link', [{ a: `ipfs://${cid}` }], 'UNSUPPORTED', '0/a'],
  ['a CID of version 0', [{ a: CID.parse('QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n') }], 'UNSUPPORTED', '0/a'],
  ['a text that is too long', [{ a: 'x'.repeat(20_000) }], 'TOO_LARGE', '0/a']
]

for (const [what, value, code, path] of shapes) {
  test(`does not encode ${what}`, () => {
    const failure = attempt(() => codec.encode(value))
    assert.equal([failure.code, failure.path], [code, path])
  })
}

test('columns in another order are put into that of the first row', () => {
  assert.equal(
    codec.encode([
      { a: '1', b: '2' },
      { b: '4', a: '3' }
    ]),
    text('a,b\n1,2\n3,4\n')
  )
})

test('links can be walked', () => {
  assert.equal(codec.links(text(`a,b\nx,ipfs://${cid}\nipfs://${cid},\n`)).map(String), [`${cid}`, `${cid}`])
})

test('a cell that is not UTF-8', () => {
  const failure = attempt(() => codec.decode(Uint8Array.of(0x61, 10, 0x62, 0xff, 10)))
  assert.equal([failure.code, failure.offset], ['INVALID_UTF8', 3])
})

test('what decodes encodes to the same bytes', () => {
  let seed = 7
  const random = (n: number) => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % 65521) % n
  let accepted = 0
  for (let i = 0; i < 20_000; i++) {
    const block = text(Array.from({ length: random(14) }, () => 'ab,,\n\n\n"\ré'[random(11)]).join(''))
    let tape: ReturnType<typeof codec.tape>
    try {
      tape = codec.tape(block)
    } catch (error) {
      assert.is((error as Error).name, 'CodecError', String(error))
      continue
    }
    accepted++
    assert.equal(codec.encodeTape(tape), block)
  }
  assert.ok(accepted > 500, `${accepted} accepted`)
})

function attempt(work: () => unknown): CodecError {
  try {
    work()
  } catch (error) {
    assert.is((error as Error).name, 'CodecError', String(error))
    return error as CodecError
  }
  throw new Error('it was accepted')
}

test.run()
