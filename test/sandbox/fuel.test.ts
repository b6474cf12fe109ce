import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type SandboxError, SandboxModule } from '../../src/sandbox/index.js'
import { generate } from './generate.js'
import { assemble, HOST, POLICY } from './guests.js'

const FUEL = 2 ** 40

interface Outcome {
  readonly answer: number | string
  readonly used: number
  readonly count: number
}

function run(module: SandboxModule, name: string, argument: number): Outcome {
  const guest = module.instantiate(HOST)
  guest.start(FUEL)
  let answer: number | string
  try {
    answer = guest.func(name)!(argument)
  } catch (thrown) {
    answer = (guest.failure(thrown) as SandboxError).code
  }
  return { answer, used: FUEL - guest.fuelLeft(), count: new DataView(guest.memory.buffer).getUint32(8, true) }
}

test('fuel is at least the exact count, and the meaning stays', () => {
  let runs = 0
  let traps = 0
  const excess: number[] = []
  for (let seed = 1; seed <= 400; seed++) {
    const original = SandboxModule.compileSync(generate(seed, false), POLICY)
    const exact = SandboxModule.compileSync(generate(seed, true), { ...POLICY, metered: false })
    for (const name of original.prepared.exports.keys()) {
      if (name === 'memory') continue
      for (let argument = 0; argument < 4; argument++) {
        const a = run(original, name, argument * 7919)
        const b = run(exact, name, argument * 7919)
        assert.is(a.answer, b.answer, `seed ${seed} ${name} ${argument}`)
        assert.ok(a.used >= b.count, `seed ${seed} ${name} ${argument}: ${a.used} used, expected at least ${b.count}`)
        assert.is(run(original, name, argument * 7919).used, a.used)
        runs++
        if (typeof a.answer === 'string') traps++
        excess.push(a.used / b.count)
      }
    }
  }
  excess.sort((a, b) => a - b)
  if (process.env.VERBOSE)
    console.log(`${runs} runs, ${traps} traps, excess median ${excess[runs >> 1]}, 90 % ${excess[Math.floor(runs * 0.9)]}, most ${excess[runs - 1]}`)
  assert.ok(runs > 4000 && traps < runs / 2)
  assert.ok(excess[runs >> 1] < 2)
})

const body = (code: string, more = '') =>
  `(module (memory (export "memory") 1) (global $g (mut i32) (i32.const 0)) ${more} (func (export "run") (param i32) (result i32) ${code}))`

// What a call uses, by the schedule in docs/sandbox.md: [what, code, argument, fuel]
const rows: [string, string, number, number][] = [
  ['straight code', body('(i32.add (local.get 0) (i32.const 1))'), 0, 3],
  ['division', body('(i32.div_u (i32.const 8) (i32.const 3))'), 0, 12],
  ['a loop', body('(loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 0)'), 10, 2 + 10 * 5],
  ['a cheap arm, not taken', body('(if (local.get 0) (then (global.set $g (i32.const 1)))) (i32.const 0)'), 0, 3 + 2],
  ['a dear arm, not taken', body(`(if (local.get 0) (then ${'(global.set $g (i32.const 1))'.repeat(5)})) (i32.const 0)`), 0, 3],
  ['a dear arm, taken', body(`(if (local.get 0) (then ${'(global.set $g (i32.const 1))'.repeat(5)})) (i32.const 0)`), 1, 3 + 10],
  ['a light function', body('(call $f) (i32.const 0)', '(func $f (global.set $g (i32.const 1)))'), 0, 5 + 2 + 1],
  ['a metered function', body('(call $f) (i32.const 0)', '(export "f" (func $f)) (func $f (global.set $g (i32.const 1)))'), 0, 5 + 2 + 1],
  ['memory.fill', body('(memory.fill (i32.const 0) (i32.const 0) (local.get 0)) (i32.const 0)'), 807, 3 + 20 + 100 + 1],
  ['memory.grow', body('(memory.grow (local.get 0))'), 2, 1 + 100 + 2 * 8192],
  ['memory.grow that fails', body('(memory.grow (local.get 0))'), 10_000, 101],
  [
    'a host function with bytes',
    `(module (import "host" "read" (func $r (param i32 i32 i64) (result i32))) (memory (export "memory") 1) (func (export "run") (param i32) (result i32) (call $r (i32.const 0) (local.get 0) (i64.const 0))))`,
    800,
    3 + 5 + 100 + 100
  ]
]
for (const [what, text, argument, fuel] of rows) {
  test(`fuel: ${what}`, () => {
    const module = SandboxModule.compileSync(assemble(text), POLICY)
    assert.is(run(module, 'run', argument).used, fuel)
    // exactly so much is enough, and with less the call overdraws by no more than one piece of code
    const guest = module.instantiate(HOST)
    guest.start(fuel)
    guest.func('run')!(argument)
    assert.is(guest.fuelLeft(), 0)
  })
}

test('fuel out of range is a TypeError', () => {
  const guest = SandboxModule.compileSync(assemble(rows[0][1]), POLICY).instantiate(HOST)
  for (const fuel of [-1, NaN, Infinity, 2 ** 53])
    assert.throws(
      () => guest.start(fuel),
      (e: unknown) => e instanceof TypeError
    )
  guest.start(Number.MAX_SAFE_INTEGER)
  assert.is(guest.fuelLeft(), Number.MAX_SAFE_INTEGER)
})

test('no fuel at all: nothing runs', () => {
  const guest = SandboxModule.compileSync(assemble(rows[0][1]), POLICY).instantiate(HOST)
  guest.start(0)
  try {
    guest.func('run')!(0)
    assert.unreachable()
  } catch (thrown) {
    assert.is((guest.failure(thrown) as SandboxError).code, 'FUEL')
  }
})

test('$resume: fuel anew and the globals as they were, where the policy asks for it and nowhere else', () => {
  const bytes = assemble(body('(global.set $g (i32.add (global.get $g) (i32.const 1))) (loop (br_if 0 (local.get 0))) (global.get $g)'))
  const plain = SandboxModule.compileSync(bytes, POLICY).instantiate(HOST)
  assert.is(plain.func('$resume'), undefined)
  const guest = SandboxModule.compileSync(bytes, { ...POLICY, resumable: true }).instantiate(HOST)
  const resume = guest.func('$resume')!
  guest.start(1_000)
  assert.is(guest.func('run')!(0), 1)
  for (const count of [2, 3]) {
    resume(1_000)
    assert.is(guest.fuelLeft(), 1_000)
    assert.is(guest.func('run')!(0), count)
  }
  resume(1_000)
  try {
    guest.func('run')!(1)
    assert.unreachable()
  } catch (thrown) {
    assert.is((guest.failure(thrown) as SandboxError).code, 'FUEL')
  }
  guest.start(1_000)
  assert.is(guest.func('run')!(0), 1)
})

test.run()
