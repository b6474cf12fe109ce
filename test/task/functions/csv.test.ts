/** CSV to DAG-CBOR: against a reader of one character at a time, block by block; over tables that are made, and over text that hardly is one. */
import * as dagCbor from '@ipld/dag-cbor'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runFunction } from '../../../src/task/index.js'
import { CsvError, convert, type Options } from './csv-reference.js'
import { cidOf, cutAt, FunctionFailure, load, type Made, make, makeInSteps, noise } from './stream.js'

const csv = await load('csv')
const RUNS = Number(process.env.AUTOCODEC_RUNS ?? 200)
const utf8 = (text: string) => new TextEncoder().encode(text)

/** All rows, through the levels of links. */
function rowsOf({ answer, blocks }: Made): unknown[] {
  const root = dagCbor.decode<{ blocks: unknown[] }>(blocks.get(String(answer.root)) as Uint8Array)
  const below = (items: unknown[]): unknown[] =>
    items.flatMap((item) => (isLink(item) ? below(dagCbor.decode<unknown[]>(blocks.get(String(item)) as Uint8Array)) : [item]))
  return below(root.blocks)
}

const isLink = (item: unknown): boolean => typeof item === 'object' && item !== null && 'multihash' in item

/** `CODE at OFFSET, line LINE` of a failure: its line is the detail in its message. */
function described({ code, message, offset }: FunctionFailure['failure']): string {
  const [, line] = /\((\d+)\)/.exec(message) ?? []
  return `${code} at ${offset}, line ${line}`
}

/** What comes out, as text: the root and all blocks, or the error. */
async function outcome(work: () => Promise<Made>): Promise<string> {
  try {
    const { answer, blocks } = await work()
    return JSON.stringify([String(answer.root), answer.rows, answer.columns, [...blocks.keys()].sort()])
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error
    return described(error.failure)
  }
}

function expected(bytes: Uint8Array, options?: Options): string {
  try {
    const { root, rows, columns, blocks } = convert(bytes, options)
    return JSON.stringify([String(root), rows, columns, [...blocks.keys()].sort()])
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return error.message
  }
}

/** That the function does as the reference, however the stream is cut. */
async function same(bytes: Uint8Array, params: Options = {}, ...cuts: readonly (number | readonly number[])[]): Promise<void> {
  const wanted = expected(bytes, params)
  for (const at of [1_000_000, ...cuts])
    assert.is(await outcome(() => make(csv, cutAt(bytes, at), { params })), wanted, JSON.stringify([String(Buffer.from(bytes)), params, at]))
}

// --- tables ----------------------------------------------------------------------------------------------------------------------------------------------------

const tables = suite('tables')

const read: readonly (readonly [name: string, text: string, rows: unknown[], options?: Options])[] = [
  [
    'a header and rows',
    'a,b\n1,2\n3,4\n',
    [
      { a: '1', b: '2' },
      { a: '3', b: '4' }
    ]
  ],
  ['CRLF', 'a,b\r\n1,2\r\n', [{ a: '1', b: '2' }]],
  ['no line end at the end', 'a,b\n1,2', [{ a: '1', b: '2' }]],
  ['an empty cell at the very end', 'a,b\n1,', [{ a: '1', b: '' }]],
  ['quotes', 'a,b\n"x, y","say ""hi"""\n', [{ a: 'x, y', b: 'say "hi"' }]],
  ['nothing but quotes', 'a\n""""""\n""\n', [{ a: '""' }, { a: '' }]],
  ['a quote at the very end', 'a\n"x"', [{ a: 'x' }]],
  ['lines in a cell', 'a,b\n"1\n2\r\n3",4\n', [{ a: '1\n2\r\n3', b: '4' }]],
  ['a byte order mark', '\ufeffa\n1\n', [{ a: '1' }]],
  ['a byte order mark, and quotes', '\ufeff"a,b"\n1\n', [{ 'a,b': '1' }]],
  ['tabs', 'a\tb\n1,5\t2\n', [{ a: '1,5', b: '2' }], { delimiter: '\t' }],
  ['semicolons', 'a;b\n"1;5";2\n', [{ a: '1;5', b: '2' }], { delimiter: ';' }],
  [
    'lists',
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2']
    ],
    { header: false }
  ],
  ['one column, and empty lines', 'a\n\n1\n\n', [{ a: '' }, { a: '1' }, { a: '' }]],
  ['empty lines passed over', '\na,b\n\n1,2\n\r\n\n', [{ a: '1', b: '2' }], { skipEmpty: true }],
  ['an empty cell in quotes is no empty line', 'a\n""\n\n', [{ a: '' }], { skipEmpty: true }],
  ['names in any order', 'bb,a,ccc,b,aa\n1,2,3,4,5\n', [{ a: '2', b: '4', aa: '5', bb: '1', ccc: '3' }]],
  ['an empty name', ',a\n1,2\n', [{ '': '1', a: '2' }]],
  ['a name of 30 characters', `${'n'.repeat(30)},b\n1,2\n`, [{ b: '2', ['n'.repeat(30)]: '1' }]],
  ['beyond ASCII', 'grün,日本\nä,🦀\n', [{ grün: 'ä', 日本: '🦀' }]],
  ['a header alone', 'a,b\n', []],
  ['nothing', '', []],
  ['nothing but a byte order mark', '\ufeff', []],
  ['less than a byte order mark', 'a', []]
]
for (const [name, text, rows, options] of read)
  tables(name, async () => {
    const made = await make(csv, [utf8(text)], { params: options })
    assert.equal(rowsOf(made), rows)
    assert.is(made.answer.rows, rows.length)
    await same(utf8(text), options, 1, 2, 3)
  })

tables('a byte order mark further on is text', () => same(utf8('a\n\ufeff1\n')))

tables('the root says what there is', async () => {
  const { answer, blocks } = await make(csv, [utf8('b,a\n1,2\n')])
  const root = dagCbor.decode<{ blocks: unknown[] }>(blocks.get(String(answer.root)) as Uint8Array)
  assert.equal({ ...root, blocks: root.blocks.length }, { rows: 1, blocks: 1, columns: ['b', 'a'] })
  assert.equal([answer.rows, answer.columns], [1, 2])
})

const types: readonly (readonly [text: string, value: unknown])[] = [
  ['', null],
  ['""', ''],
  ['true', true],
  ['false', false],
  ['True', 'True'],
  ['truer', 'truer'],
  ['null', 'null'],
  ['0', 0],
  ['-0', '-0'],
  ['7', 7],
  ['007', '007'],
  ['+7', '+7'],
  ['-7', -7],
  ['-', '-'],
  ['--7', '--7'],
  [' 7', ' 7'],
  ['"7"', '7'],
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992n],
  ['18446744073709551615', 18446744073709551615n],
  ['18446744073709551616', '18446744073709551616'],
  ['19999999999999999999', '19999999999999999999'],
  ['99999999999999999999', '99999999999999999999'],
  ['100000000000000000000', '100000000000000000000'],
  ['-18446744073709551616', -18446744073709551616n],
  ['-18446744073709551617', '-18446744073709551617'],
  ['1.5', 1.5],
  ['-1.5', -1.5],
  ['1.50', '1.50'],
  ['01.5', '01.5'],
  ['.5', '.5'],
  ['1.', '1.'],
  ['1.5.5', '1.5.5'],
  ['0.1', 0.1],
  ['0.30000000000000004', 0.30000000000000004],
  ['0.300000000000000040', '0.300000000000000040'],
  ['0.000001', 0.000001],
  ['0.0000001', '0.0000001'],
  ['1e-7', 1e-7],
  ['1e+21', 1e21],
  ['1e21', '1e21'],
  ['1E+21', '1E+21'],
  ['1e5', '1e5'],
  ['1e', '1e'],
  ['1e+', '1e+'],
  ['1e400', '1e400'],
  ['1.7976931348623157e+308', Number.MAX_VALUE],
  ['5e-324', 5e-324],
  ['2e-324', '2e-324'],
  ['1e99999999999', '1e99999999999'],
  ['2024-01-31', '2024-01-31'],
  ['12:30', '12:30'],
  ['1_000', '1_000'],
  ['0x10', '0x10'],
  ['NaN', 'NaN'],
  ['Infinity', 'Infinity'],
  ['-Infinity', '-Infinity']
]
for (const [text, value] of types)
  tables(`types: ${text}`, async () => {
    // the cell last in its row, last of all, and first
    for (const table of [`a,b\nx,${text}\n`, `a,b\nx,${text}`, `b,a\n${text},x\n`]) {
      const [row] = rowsOf(await make(csv, [utf8(table)], { params: { types: 'auto' } })) as { b: unknown }[]
      assert.equal(row.b, value, table)
    }
    await same(utf8(`b\n${text}\n`), { types: 'auto' }, 1)
  })

tables('types: whole floats are floats', async () => {
  for (const [text, hex] of [
    ['1.0', 'fb3ff0000000000000'],
    ['-0.0', 'fb8000000000000000'],
    ['9007199254740993.0', undefined],
    ['100000000000000000000.0', 'fb4415af1d78b58c40']
  ]) {
    const { blocks } = await make(csv, [utf8(text as string)], { params: { types: 'auto', header: false } })
    const [block] = [...blocks.values()]
    assert.is(Buffer.from(block).toString('hex').slice(4), hex ?? Buffer.from(`\x72${text}`).toString('hex'))
  }
})

const cell = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', 'é', '🦀', ' ') }) },
  { weight: 3, arbitrary: fc.integer().map(String) },
  { weight: 2, arbitrary: fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String) },
  { weight: 3, arbitrary: fc.double().map(String) },
  { weight: 1, arbitrary: fc.constantFrom('', 'true', 'false', '0.0', '-0.0', '1.0', 'x'.repeat(300)) }
)

/** A cell as text: in quotes where it must be, or may be. */
const written = (text: string, quoted: boolean): string => (quoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

tables('any table, written in any way', async () => {
  const table = fc.integer({ min: 1, max: 6 }).chain((columns) =>
    fc.record({
      names: fc.uniqueArray(cell, { minLength: columns, maxLength: columns }),
      rows: fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: columns, maxLength: columns }), { maxLength: 12 }),
      ends: fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 13, maxLength: 13 }),
      last: fc.boolean(),
      mark: fc.boolean()
    })
  )
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.record({ header: fc.boolean(), types: fc.constantFrom('text' as const, 'auto' as const), rows: fc.constantFrom(1, 2, 5, 1_000) }),
      fc.array(fc.nat(300), { maxLength: 6 }),
      async ({ names, rows, ends, last, mark }, options, cuts) => {
        const lines = [names.map((name) => [name, true] as const), ...rows].map((row) => row.map(([text, quoted]) => written(text, quoted)).join(','))
        const text = lines.map((line, i) => (i === lines.length - 1 && last ? line : line + ends[i])).join('')
        const bytes = utf8((mark ? '\ufeff' : '') + text)
        const values = convert(bytes, options)
        // the reference has what was written
        if (options.types === 'text' && options.header)
          assert.equal(
            values.values.map((row) => names.map((name) => (row as Record<string, string>)[name])),
            rows.map((row) => row.map(([text]) => text))
          )
        await same(bytes, options, cuts, 1)
      }
    ),
    { numRuns: RUNS }
  )
})

// --- blocks ----------------------------------------------------------------------------------------------------------------------------------------------------

const blocks = suite('blocks')

const numbered = (n: number, text = '') => utf8(`i,t\n${Array.from({ length: n }, (_, i) => `${i},${text}\n`).join('')}`)

blocks('of so many rows', async () => {
  for (const rows of [1, 2, 3, 10, 11, 12]) await same(numbered(11), { rows })
  await same(numbered(1_001))
})

blocks('of no more than a MiB', async () => {
  await same(numbered(40, 'x'.repeat(99_000)))
  // just as much as there may be, a byte more, and rows that are each a block
  for (const length of [524_275, 524_276, 524_277, 524_278, 1_000_000]) await same(numbered(3, 'x'.repeat(length)), {}, 300_000)
})

blocks('of links, in levels', async () => {
  for (const n of [1_023, 1_024, 1_025, 2_048, 2_049]) {
    const bytes = numbered(n)
    await same(bytes, { rows: 1 })
    assert.is(rowsOf(await make(csv, [bytes], { params: { rows: 1 } })).length, n)
  }
})

blocks('of a stream much larger than memory', async () => {
  const small = await load('csv', 8 << 20)
  const part = utf8('number,"quoted ""text""",-1.5e-9,more text that is not in quotes\n'.repeat(16_384))
  const { answer, memory } = await make(small, Array(128).fill(part), {
    params: { header: false, types: 'auto' },
    keep: false,
    limits: { memory: 8 << 20, output: 2 ** 40, fuel: 10 ** 12 }
  })
  assert.equal([answer.rows, answer.columns], [128 * 16_384, 4])
  assert.ok(memory <= 8 << 20, `${memory} bytes`)
})

blocks('are the same in steps, each in another guest', async () => {
  const parts = cutAt(numbered(60, '"a ""b"" c"'), 50)
  const whole = await make(csv, parts, { params: { rows: 2 } })
  const { answer, fuel, steps } = await makeInSteps(csv, parts, { rows: 2 })
  assert.equal([answer, fuel], [whole.answer, whole.fuel])
  assert.ok(steps >= 30)
})

// --- hostile ---------------------------------------------------------------------------------------------------------------------------------------------------

const hostile = suite('hostile')

const bad: readonly (readonly [name: string, text: string | Uint8Array, error: string, options?: Options])[] = [
  ['a cell too few', 'a,b\n1,2\n3\n', 'SIZE_MISMATCH at 8, line 3'],
  ['a cell too many', 'a,b\n1,2,3\n', 'SIZE_MISMATCH at 4, line 2'],
  ['an empty line', 'a,b\n\n1,2\n', 'SIZE_MISMATCH at 4, line 2'],
  ['an empty line at the end', 'a,b\n1,2\n\n', 'SIZE_MISMATCH at 8, line 3'],
  ['a column twice', 'a,b,c,b\n', 'DUPLICATE_KEY at 6, line 1'],
  ['a column twice, on different lines', 'a,"\n",a\n', 'DUPLICATE_KEY at 6, line 2'],
  ['two columns without names', ',\n', 'DUPLICATE_KEY at 1, line 1'],
  ['quotes without end', 'a\n"x\ny', 'UNEXPECTED_END at 6, line 3'],
  ['a quote in a cell', 'a\nx"y"\n', 'MALFORMED at 3, line 2'],
  ['text after quotes', 'a\n"x"y\n', 'MALFORMED at 5, line 2'],
  ['a space before quotes', 'a,b\nx, "y"\n', 'MALFORMED at 7, line 2'],
  ['a CR by itself', 'a\rb\r', 'MALFORMED at 1, line 1'],
  ['a CR at the end', 'a\n"b\n"\n1\r', 'MALFORMED at 8, line 4'],
  ['Latin-1', Buffer.from('a\nb\n"\n\xe9"\n', 'latin1'), 'INVALID_UTF8 at 6, line 4'],
  ['half a character', Buffer.from('a\nx\xf0\x9f\xa6', 'latin1'), 'INVALID_UTF8 at 3, line 2'],
  ['a surrogate', Buffer.from('a\n\xed\xa0\x80\n', 'latin1'), 'INVALID_UTF8 at 2, line 2'],
  ['a name that is not UTF-8', Buffer.from('a,\xff\n', 'latin1'), 'INVALID_UTF8 at 2, line 1'],
  ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), 'INVALID_UTF8 at 0, line 1'],
  ['too many columns', ','.repeat(16_384), 'TOO_LARGE at 16384, line 1', { header: false }],
  ['a row too large', `a\nb\n${'x'.repeat(1_048_576)}\n`, 'TOO_LARGE at 4, line 3'],
  ['a row without end', `a\n${'x'.repeat(3_000_000)}`, 'TOO_LARGE at 2, line 2'],
  ['quotes without end in a large file', `a\n"${'\n'.repeat(3_000_000)}`, 'TOO_LARGE at 2, line 2'],
  ['a row too large for a block', `${'k'.repeat(600_000)},b\n${'x'.repeat(600_000)},y\n`, 'TOO_LARGE at 600003, line 2']
]
for (const [name, text, error, options] of bad)
  hostile(name, async () => {
    const bytes = typeof text === 'string' ? utf8(text) : text
    for (const cut of bytes.length < 1_000 ? [1_000, 1, 2] : [10_000_000, 500_000])
      assert.is(await outcome(() => make(csv, cutAt(bytes, cut), { params: options })), error)
    if (bytes.length < 100) assert.is(expected(bytes, options), error)
  })

hostile('a row of just so many bytes and cells as there may be', async () => {
  const row = `${'x'.repeat(1_048_560)}`
  await same(utf8(`a\n${row}\n`), {}, 300_000)
  assert.is((await make(csv, [utf8(`${','.repeat(16_383)}\n`)], { params: { header: false } })).answer.columns, 16_384)
})

hostile('every truncation of a table, and every bit of it the other way', async () => {
  const bytes = utf8('\ufeffid,"na ""me""",x\r\n1,"a\nb",true\r\n-2.5,é,\r\n"",,"🦀"\n')
  for (let n = 0; n <= bytes.length; n++) await same(bytes.subarray(0, n), { types: 'auto' }, 1)
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice()
    flipped[bit >> 3] ^= 1 << (bit & 7)
    await same(flipped, { types: 'auto' })
  }
})

hostile('text that is hardly a table', async () => {
  const unit = fc.constantFrom('"', '"', '""', ',', ',', '\n', '\n', '\r\n', '\r', 'a', '1', '.5', 'é', '', 'a long run of characters, ')
  await fc.assert(
    fc.asyncProperty(
      fc.array(unit, { maxLength: 60 }),
      fc.record({ header: fc.boolean(), skipEmpty: fc.boolean(), types: fc.constantFrom('text' as const, 'auto' as const) }),
      fc.array(fc.nat(80), { maxLength: 5 }),
      async (units, options, cuts) => same(utf8(units.join('')), options, cuts)
    ),
    { numRuns: RUNS * 2 }
  )
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => same(bytes, {}, 7)),
    { numRuns: RUNS }
  )
})

hostile('one byte at a time costs no more than twice the fuel a byte, requests apart', async () => {
  const bytes = utf8(`a\n"${'x\n'.repeat(20_000)}"\n`)
  const whole = await make(csv, [bytes])
  const parts = await make(csv, cutAt(bytes, 1), { limits: { fuel: 10 ** 11 } })
  assert.equal(parts.answer, whole.answer)
  // a request is 1,000, and the guest has some work with each
  assert.ok(parts.fuel < 2 * whole.fuel + bytes.length * 3_000, `${parts.fuel} and ${whole.fuel}`)
})

hostile('noise', async () => {
  for (let seed = 1; seed < 20; seed++) await same(noise(2_000, seed), {}, 64)
})

// --- parameters ------------------------------------------------------------------------------------------------------------------------------------------------

const parameters = suite('parameters')

const refused: readonly (readonly [name: string, code: string, params: object])[] = [
  ['no file', 'MISSING_FIELD', { file: undefined }],
  ['a file that is a string', 'WRONG_KIND', { file: 'x' }],
  ['one that is not known', 'UNKNOWN_FIELD', { headers: true }],
  ['a header that is text', 'WRONG_KIND', { header: 'yes' }],
  ['a delimiter that is a number', 'WRONG_KIND', { delimiter: 44 }],
  ['no delimiter', 'MALFORMED', { delimiter: '' }],
  ['a delimiter of two characters', 'MALFORMED', { delimiter: ',,' }],
  ['a delimiter beyond ASCII', 'MALFORMED', { delimiter: 'é' }],
  ['a quote as the delimiter', 'MALFORMED', { delimiter: '"' }],
  ['a line end as the delimiter', 'MALFORMED', { delimiter: '\n' }],
  ['types that there are not', 'MALFORMED', { types: 'json' }],
  ['types that are a boolean', 'WRONG_KIND', { types: true }],
  ['no rows a block', 'NUMBER_RANGE', { rows: 0 }],
  ['too many rows a block', 'NUMBER_RANGE', { rows: 65_537 }]
]
for (const [name, code, params] of refused)
  parameters(name, async () => {
    // undefined is left out
    const given = Object.fromEntries(Object.entries({ file: [cidOf(new Uint8Array(1))], ...params }).filter(([, value]) => value !== undefined))
    const { result } = await runFunction(csv, { fun: 'convert', params: given, get: () => new Uint8Array(1) })
    assert.is((result as { error: { code: string } }).error?.code, code)
  })

tables.run()
blocks.run()
hostile.run()
parameters.run()
