import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Writer } from '../../src/sandbox/binary.js'
import { type Policy, prepare, SandboxError, SandboxModule } from '../../src/sandbox/index.js'
import { generate, random } from './generate.js'
import { assemble, POLICY } from './guests.js'
import { workload } from './workload.js'

const real = await workload()

/** Refused with a SandboxError, or compiled by the engine; nothing else, and soon. Answers the code, or 'ok'. */
function outcome(bytes: Uint8Array, policy: Policy = POLICY): string {
  const from = performance.now()
  try {
    SandboxModule.compileSync(bytes, policy)
    return 'ok'
  } catch (error) {
    assert.instance(error, SandboxError, String((error as Error).stack))
    const { code, offset } = error as SandboxError
    assert.ok(offset === undefined || (offset >= 0 && offset <= bytes.length))
    assert.is.not(code, 'INSTANTIATION')
    return code
  } finally {
    const took = performance.now() - from
    assert.ok(took < 5000, `took ${took} ms`)
  }
}

test('the real module is accepted', () => assert.is(outcome(real), 'ok'))

test('truncated at every byte', () => {
  const accepted: number[] = []
  for (let length = 0; length < real.length; length++) if (outcome(real.subarray(0, length)) === 'ok') accepted.push(length)
  // without its last sections, the data and the names, it is a module still
  assert.ok(accepted.length <= 2, `accepted when cut at ${accepted}`)
  for (const length of accepted) assert.ok(real[length] === 11 || real[length] === 0)
})

test('one bit of every byte flipped', () => {
  const codes = new Map<string, number>()
  for (let at = 0; at < real.length; at++) {
    const bytes = real.slice()
    bytes[at] ^= 1 << (at % 8)
    const code = outcome(bytes)
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  assert.ok(codes.get('INVALID')! > 10 && codes.get('MALFORMED')! > 1)
})

test('bytes changed, removed and put in at random', () => {
  for (let seed = 1; seed <= 600; seed++) {
    const pick = random(seed)
    const original = seed % 2 ? real : generate(seed, false)
    const bytes = [...original]
    for (let i = pick(4); i >= 0; i--) {
      const at = pick(bytes.length)
      if (pick(3)) bytes[at] = [0, 0xff, 0x80, 0x7f, pick(256)][pick(5)]
      else if (pick(2)) bytes.splice(at, 1 + pick(8))
      else bytes.splice(at, 0, pick(256), pick(256))
    }
    outcome(Uint8Array.from(bytes))
  }
})

const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const MEMORY = [5, 3, 1, 0, 1, 7, 10, 1, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0]
const TYPES = [1, 4, 1, 0x60, 0, 0]
const FUNCTION = [3, 2, 1, 0]
const code = (...body: number[]) => {
  const w = new Writer()
    .op(1)
    .u32(body.length + 1)
    .op(0)
    .raw(Uint8Array.from(body))
  return [...new Writer().op(10).sized(w).view()]
}
const repeat = (n: number, ...bytes: number[]) => Array.from({ length: n }, () => bytes).flat()
const functionOf = (...body: number[]) => [...MAGIC, ...TYPES, ...FUNCTION, ...MEMORY, ...code(...body)]

const malformed: [what: string, bytes: number[], expected: string, offset?: number][] = [
  ['empty', [], 'TRUNCATED', 0],
  ['other magic', [0, 0x61, 0x73, 0x6c, 1, 0, 0, 0], 'NOT_WASM', 3],
  ['a component', [0, 0x61, 0x73, 0x6d, 0xd, 0, 1, 0], 'NOT_WASM', 4],
  ['the least', [...MAGIC, ...MEMORY], 'ok'],
  ['a number of six bytes', [...MAGIC, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0], 'MALFORMED', 9],
  ['a number of 33 bits', [...MAGIC, 1, 0xff, 0xff, 0xff, 0xff, 0x1f], 'MALFORMED', 9],
  ['a padded number', [...MAGIC, 1, 0x84, 0x80, 0x80, 0x80, 0, 1, 0x60, 0, 0, ...MEMORY], 'ok'],
  ['a section longer than the module', [...MAGIC, 1, 100, 1, 0x60], 'TRUNCATED', 10],
  ['a section longer than its content', [...MAGIC, 1, 5, 1, 0x60, 0, 0, 0], 'MALFORMED', 14],
  ['a section shorter than its content', [...MAGIC, 1, 3, 1, 0x60, 0, 0], 'TRUNCATED', 13],
  ['a count that lies', [...MAGIC, 1, 6, 0xff, 0x1f, 0x60, 0, 0, 0], 'TRUNCATED', 10],
  ['a section twice', [...MAGIC, ...TYPES, ...TYPES], 'MALFORMED', 14],
  ['sections out of order', [...MAGIC, ...MEMORY, ...TYPES], 'MALFORMED', 25],
  ['an unknown section', [...MAGIC, 99, 0], 'MALFORMED', 8],
  ['tags', [...MAGIC, 13, 1, 0], 'FEATURE', 8],
  ['functions without code', [...MAGIC, ...TYPES, ...FUNCTION, ...MEMORY], 'MALFORMED'],
  ['code without functions', [...MAGIC, ...TYPES, ...MEMORY, ...code(0x0b)], 'MALFORMED'],
  ['a name that is not UTF-8', [...MAGIC, 5, 3, 1, 0, 1, 7, 5, 1, 1, 0xff, 2, 0], 'MALFORMED'],
  ['a GC type', [...MAGIC, 1, 4, 1, 0x5f, 0, 0], 'FEATURE', 11],
  ['no end', functionOf(0x01), 'TRUNCATED'],
  ['code after the end', functionOf(0x0b, 0x01), 'MALFORMED'],
  ['else without if', functionOf(0x05, 0x0b), 'MALFORMED'],
  ['else twice', functionOf(0x41, 0, 0x04, 0x40, 0x05, 0x05, 0x0b, 0x0b), 'MALFORMED'],
  ['an end too few', functionOf(0x02, 0x40, 0x0b), 'TRUNCATED'],
  ['an s32 of 33 bits', functionOf(0x41, 0xff, 0xff, 0xff, 0xff, 0x1f, 0x1a, 0x0b), 'MALFORMED'],
  ['an s32 with its sign repeated', functionOf(0x41, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x1a, 0x0b), 'ok'],
  ['an s64 of 65 bits', functionOf(0x42, ...repeat(9, 0xff), 0x7e, 0x1a, 0x0b), 'MALFORMED'],
  ['an s64 of eleven bytes', functionOf(0x42, ...repeat(10, 0x80), 0, 0x1a, 0x0b), 'MALFORMED'],
  ['the least s64', functionOf(0x42, ...repeat(9, 0x80), 0x7f, 0x1a, 0x0b), 'ok'],
  ['a memory index', functionOf(0x41, 0, 0x28, 0x42, 0, 0, 0x1a, 0x0b), 'FEATURE'],
  ['a block of a type that there is not', functionOf(0x02, 1, 0x0b, 0x0b), 'INVALID'],
  ['a block of a reference type', functionOf(0x02, 0x70, 0x0b, 0x0b), 'FEATURE'],
  ['blocks within each other', functionOf(...repeat(4000, 0x02, 0x40), ...repeat(4000, 0x0b), 0x0b), 'ok'],
  ['too many blocks within each other', functionOf(...repeat(4097, 0x02, 0x40), ...repeat(4097, 0x0b), 0x0b), 'LIMIT'],
  ['atomics', functionOf(0xfe, 0x03, 0x00, 0x0b), 'FEATURE'],
  ['GC', functionOf(0xfb, 0x00, 0x00, 0x0b), 'FEATURE'],
  ['a call by reference', functionOf(0x14, 0x00, 0x0b), 'FEATURE'],
  ['a try_table', functionOf(0x1f, 0x40, 0x00, 0x0b, 0x0b), 'FEATURE'],
  ['an unassigned opcode', functionOf(0xc5, 0x0b), 'FEATURE'],
  ['an unassigned SIMD opcode', functionOf(0xfd, 0x9a, 0x01, 0x0b), 'FEATURE'],
  ['relaxed SIMD', functionOf(0xfd, 0x80, 0x02, 0x0b), 'FEATURE'],
  [
    'locals that overflow',
    [...MAGIC, ...TYPES, ...FUNCTION, ...MEMORY, 10, 15, 1, 13, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b],
    'LIMIT'
  ]
]
for (const [what, bytes, expected, offset] of malformed) {
  test(`${what}: ${expected}`, () => {
    const from = Uint8Array.from(bytes)
    assert.is(outcome(from), expected)
    if (offset === undefined) return
    try {
      prepare(from, POLICY)
      assert.unreachable()
    } catch (error) {
      assert.is((error as SandboxError).offset, offset, (error as Error).message)
    }
  })
}

test('the engine names the offset in the original', () => {
  const bytes = assemble('(module (memory (export "memory") 1) (func (export "f") (result i32) (loop (nop)) (i64.const 1)))')
  try {
    SandboxModule.compileSync(bytes, POLICY)
    assert.unreachable()
  } catch (error) {
    assert.is((error as SandboxError).code, 'INVALID')
    assert.is(bytes[(error as SandboxError).offset!], 0x0b)
    assert.instance((error as Error).cause, WebAssembly.CompileError)
  }
})

test('a policy must be one', () => {
  const bytes = Uint8Array.from([...MAGIC, ...MEMORY])
  const rule = { module: 'a', name: 'b', params: ['i64'], results: [] } as const
  for (const imports of [[{ ...rule, results: ['f64'] as const }], [{ ...rule, bytes: 0 }], [{ ...rule, bytes: 1 }]]) {
    assert.throws(
      () => prepare(bytes, { imports }),
      (e: unknown) => e instanceof TypeError
    )
  }
  assert.is(outcome(bytes, { imports: [], maxModuleSize: bytes.length }), 'ok')
  assert.is(outcome(bytes, { imports: [], maxModuleSize: bytes.length - 1 }), 'LIMIT')
  assert.is(outcome(bytes, { imports: [], maxMemory: 65_535 }), 'LIMIT')
})

test('large modules are prepared in time', () => {
  const size = (w: Writer) => new Writer().sized(w).view()
  const many = (body: number[], count: number) => {
    const types = new Writer().u32(count).raw(new Uint8Array(count))
    const one = new Writer()
      .u32(body.length + 1)
      .op(0)
      .raw(Uint8Array.from(body))
      .view()
      .slice()
    const bodies = new Writer().u32(count)
    for (let i = 0; i < count; i++) bodies.raw(one)
    return Uint8Array.from([...MAGIC, ...TYPES, 3, ...size(types), ...MEMORY, 10, ...size(bodies)])
  }
  const rows: [what: string, body: number[], count: number][] = [
    ['loops', [...repeat(300, 0x03, 0x40), ...repeat(300, 0x0b), 0x0b], 1000],
    ['calls', [...repeat(300, 0x10, 0), 0x0b], 1000],
    ['small functions', [0x10, 1, 0x0b], 30_000],
    ['switches', [...repeat(60, 0x02, 0x40), 0x41, 0, 0x0e, 58, ...repeat(59, 1), ...repeat(60, 0x0b), 0x0b], 4000]
  ]
  for (const [what, body, count] of rows) {
    const bytes = many(body, count)
    const from = performance.now()
    prepare(bytes, POLICY)
    const took = performance.now() - from
    if (process.env.VERBOSE) console.log(what, bytes.length, took)
    assert.ok(took < 10_000, `${what}: ${bytes.length} bytes took ${took} ms`)
  }
})

test.run()
