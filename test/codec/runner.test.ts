/** Operations as functions have them: flags, values in answer, and going on in another runner. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import wabt from 'wabt'
import { createHost, DEFAULT_LIMITS, type Limits } from '../../src/codec/index.js'
import { type Answer, ASKS, DONE, MORE, Runner, type RunnerState, resumablePolicyOf } from '../../src/codec/runner.js'
import { Builder, checkTape, relocate } from '../../src/ipld/index.js'
import { SandboxModule } from '../../src/sandbox/index.js'

const { parseWat } = await wabt()
const host = await createHost()
const cbor = await host.codec('dag-cbor')

/**
 * Hashes what it is handed and what the input is, keeps the hash in globals, and answers a list of how often it was called, the flags, the input's size and the hash.
 *
 *   flags  1  a page more, with the hash at its end    2  done     4  the whole input as the last item of the answer, source 0    8  more, otherwise it asks
 *         16  an error, number 300                    32  a trap  64  the next `reserve` lies                                  >>> 8  so many turns of nothing
 *
 *   address 64 control, 192 window of 64 bytes, 1024 input, 4096 tape, 65536 what is handed over
 */
const TEXT = `(module
  (import "autocodec" "read" (func $read (param i32 i32 i64) (result i32)))
  (memory (export "memory") 2 20)
  (global (export "control") i32 (i32.const 64))
  (global $calls (mut i32) (i32.const 0))
  (global $lie (mut i32) (i32.const 0))
  (global $hash (mut i64) (i64.const 7))
  (global $nan (mut f64) (f64.const nan:0x123))
  (func $mix (param i64) (global.set $hash (i64.add (i64.mul (global.get $hash) (i64.const 31)) (local.get 0))))
  (func $bytes (param $at i32) (param $length i32)
    (block (loop
      (br_if 1 (i32.eqz (local.get $length)))
      (call $mix (i64.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br 0))))
  (func $record (param $head i32) (param $aux i32) (param $n i64)
    (local $at i32)
    (local.set $at (i32.add (i32.const 4096) (i32.shl (i32.load (i32.const 84)) (i32.const 4))))
    (i32.store (local.get $at) (local.get $head))
    (i32.store offset=4 (local.get $at) (local.get $aux))
    (i64.store offset=8 (local.get $at) (local.get $n))
    (i32.store (i32.const 84) (i32.add (i32.load (i32.const 84)) (i32.const 1))))
  (func $burn (param $turns i32)
    (block (loop
      (br_if 1 (i32.eqz (local.get $turns)))
      (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
      (br 0))))
  (func (export "reserve") (param i32) (result i32)
    (call $mix (i64.extend_i32_u (local.get 0)))
    (if (i32.gt_u (i32.add (i32.const 65536) (local.get 0)) (i32.shl (memory.size) (i32.const 16)))
      (then (drop (memory.grow (i32.add (i32.shr_u (local.get 0) (i32.const 16)) (i32.const 1))))))
    (select (i32.const 65537) (i32.const 65536) (global.get $lie)))
  (func (export "run") (param $flags i32) (result i32)
    (local $read i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (global.set $nan (f64.neg (global.get $nan)))
    ;; what is handed over: records, text, data; then the window and the input's beginning
    (call $bytes (i32.load (i32.const 80)) (i32.shl (i32.load (i32.const 84)) (i32.const 4)))
    (call $bytes (i32.load (i32.const 88)) (i32.load (i32.const 92)))
    (call $bytes (i32.load (i32.const 104)) (i32.load (i32.const 108)))
    (call $bytes (i32.const 192) (i32.load (i32.const 64)))
    (local.set $read (call $read (i32.const 1024) (i32.const 1500) (i64.const 0)))
    (call $bytes (i32.const 1024) (local.get $read))
    (call $mix (i64.reinterpret_f64 (global.get $nan)))
    (call $mix (i64.load (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8))))
    (call $burn (i32.shr_u (local.get $flags) (i32.const 8)))
    (if (i32.and (local.get $flags) (i32.const 1)) (then
      (drop (memory.grow (i32.const 1)))
      (i64.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8)) (global.get $hash))))
    (if (i32.and (local.get $flags) (i32.const 16)) (then (return (i32.const 300))))
    (if (i32.and (local.get $flags) (i32.const 32)) (then (unreachable)))
    (global.set $lie (i32.and (local.get $flags) (i32.const 64)))
    (i32.store (i32.const 80) (i32.const 4096))
    (i32.store (i32.const 84) (i32.const 0))
    (i32.store (i32.const 92) (i32.const 0))
    (i32.store (i32.const 108) (i32.const 0))
    (if (i32.and (local.get $flags) (i32.const 4))
      (then (call $record (i32.const 9) (i32.const 5) (i64.const 6)))
      (else (call $record (i32.const 9) (i32.const 4) (i64.const 5))))
    (call $record (i32.const 3) (i32.const 0) (i64.extend_i32_u (global.get $calls)))
    (call $record (i32.const 3) (i32.const 0) (i64.extend_i32_u (local.get $flags)))
    (call $record (i32.const 3) (i32.const 0) (i64.load (i32.const 72)))
    (call $record (i32.const 3) (i32.const 0) (global.get $hash))
    (if (i32.and (local.get $flags) (i32.const 4)) (then (call $record (i32.const 7) (i32.load (i32.const 72)) (i64.const 0))))
    (if (i32.and (local.get $flags) (i32.const 2)) (then (return (i32.const 0))))
    (select (i32.const -2) (i32.const -1) (i32.and (local.get $flags) (i32.const 8)))))`

const wasm = parseWat('session.wat', TEXT).toBinary({}).buffer
const MANIFEST = { kind: 'layout', name: 'session', window: 64, head: 16 }

function make(limits: Partial<Limits> = {}, pinned = false): Runner {
  const all = { ...DEFAULT_LIMITS, ...limits }
  return new Runner(SandboxModule.compileSync(wasm, resumablePolicyOf(all)), MANIFEST, all, pinned)
}

const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * i * 7 + length) & 255)
const long = 'long text, which stays outside of the tape. '.repeat(20)
const block = cbor.encode({ list: [1, 'two', noise(600)], more: long })

type Work = (runner: Runner) => Answer
/** One of each call that there is, in the order in which they can come, and again. */
const STEPS: readonly (readonly [name: string, work: Work])[] = [
  ['start', (runner) => runner.start([1, 'two', { three: long, four: noise(700), five: noise(900) }])],
  ['resume', (runner) => runner.resume()],
  ['resume with flags', (runner) => runner.resume(undefined, 8)],
  ['answer', (runner) => runner.answer({ a: [null, true, 1.5, -7], b: noise(800), c: long, d: noise(600) }, 4)],
  ['resume after an answer', (runner) => runner.resume(undefined, 4)],
  ['block', (runner) => runner.resume(noise(50), 5)],
  ['large block', (runner) => runner.resume(noise(100_000), 4)],
  ['resume after a block', (runner) => runner.resume(undefined, 12)],
  ['answer that is small', (runner) => runner.answer('yes', 5)],
  ['answer of one long part', (runner) => runner.answer(noise(5_000), 4)],
  ['tape of a codec', (runner) => runner.answerTape(relocate(cbor.tape(block)), 4)],
  ['answer null', (runner) => runner.answer(null, 9)],
  ['empty block', (runner) => runner.resume(new Uint8Array(0), 4)],
  ['done', (runner) => runner.resume(undefined, 2)]
]

/** All that can be seen of a step. */
function seen(runner: Runner, answer: Answer): unknown {
  const tape = runner.tape()
  return { answer, value: tape && new Builder().build(checkTape(tape)), fuel: runner.fuel, pages: runner.peakPages }
}

const straight = (runner: Runner) => STEPS.map(([, work]) => seen(runner, work(runner)))
const expected = straight(make()) as { answer: Answer; value: unknown[]; fuel: number; pages: number }[]

const code =
  (wanted: string, message = /./) =>
  (error: Error & { code?: string }) =>
    error.code === wanted && message.test(error.message)

test('flags, answers and blocks come to the guest', () => {
  const column = (n: number) => expected.map(({ value }) => value[n])
  assert.equal(
    column(0),
    STEPS.map((_, i) => i + 1)
  )
  assert.equal(column(1), [0, 0, 8, 4, 4, 5, 4, 12, 5, 4, 4, 9, 4, 2])
  const own = 700 + 900
  const answered = 800 + 600
  assert.equal(column(2), [own, own, own, answered, answered, 50, 100_000, 100_000, 0, 5_000, block.length, 0, 0, 0])
  assert.is(new Set(column(3)).size, STEPS.length)
  assert.equal(
    expected.map(({ answer }) => answer),
    STEPS.map((_, i) => (i === 13 ? DONE : i === 2 || i === 7 || i === 11 ? MORE : ASKS))
  )
  assert.equal(
    expected.map(({ pages }) => pages),
    [2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]
  )
  // source 0 is the input, whatever that is
  const joined = new Uint8Array([...noise(800), ...noise(600)])
  assert.equal(
    [3, 4, 5, 6, 7, 9, 10, 12].map((i) => expected[i].value[4]),
    [joined, joined, noise(50), noise(100_000), noise(100_000), noise(5_000), block, new Uint8Array(0)]
  )
})

test('the same in a runner that is used again, pinned or not', () => {
  for (const pinned of [false, true]) {
    const runner = make({}, pinned)
    for (let i = 0; i < 3; i++)
      assert.equal(
        straight(runner).map((step) => (step as { fuel: number }).fuel),
        expected.map(({ fuel }) => fuel),
        `pinned ${pinned}`
      )
  }
})

test('the arguments are no source of a tape', () => {
  const runner = make()
  runner.start([noise(700)], 4)
  const other = make()
  other.restore(runner.save(), runner.input)
  for (const one of [runner, other]) assert.throws(() => checkTape(one.tape() as never), code('INVALID_TAPE'))
})

const after = (runner: Runner, work: (runner: Runner) => unknown): Runner => {
  work(runner)
  return runner
}
const failing = (runner: Runner) => assert.throws(() => runner.start(0, 17), code('CODEC_ERROR'))
const trapping = (runner: Runner) => assert.throws(() => runner.start(0, 33), code('TRAP'))

/** What a runner that takes over has done before. */
const PASTS: readonly (readonly [name: string, make: () => Runner])[] = [
  ['new', () => make()],
  ['has run', () => after(make(), straight)],
  ['pinned and has run', () => after(make({}, true), straight)],
  ['in the middle of another', () => after(make(), (runner) => runner.start(noise(2_000), 1))],
  ['has failed', () => after(make(), failing)],
  ['has trapped', () => after(make(), trapping)]
]
/** As it would come from a store. */
const stored = ({ state, input }: { state: RunnerState; input: Uint8Array }) => structuredClone({ state, input })

for (const [name, other] of PASTS) {
  test(`an operation moves after every step to a runner that: ${name}`, () => {
    for (let at = 0; at + 1 < STEPS.length; at++) {
      const first = make()
      for (const [, work] of STEPS.slice(0, at + 1)) work(first)
      const { state, input } = stored({ state: first.save(), input: first.input })
      const second = other()
      const message = `after ${STEPS[at][0]}`
      assert.is(second.restore(state, input), expected[at].answer, message)
      // what the last call put there is there too
      assert.equal(seen(second, expected[at].answer), expected[at], message)
      assert.equal({ state: second.save(), input: second.input }, { state, input }, message)
      for (let i = at + 1; i < STEPS.length; i++) assert.equal(seen(second, STEPS[i][1](second)), expected[i], `${message}, then ${STEPS[i][0]}`)
      // and the first one goes on too
      for (let i = at + 1; i < STEPS.length; i++) assert.equal(seen(first, STEPS[i][1](first)), expected[i], `${message}, the first then ${STEPS[i][0]}`)
    }
  })
}

test('fuel ends at the same place, suspended or not', () => {
  // the operation has 30,000, and 10 for each byte of what comes
  const limits = { fuel: 30_000, fuelPerByte: 10 }
  const turn = (runner: Runner, bytes: number) => () => runner.answer(noise(bytes), 100 << 8)
  const rounds = (hop: boolean) => {
    let runner = make(limits)
    const fuels: number[] = []
    runner.start(0)
    for (let i = 0; i < 1_000; i++) {
      if (hop) {
        const state = runner.save()
        const { input } = runner
        runner = make(limits)
        runner.restore(state, input)
      }
      try {
        turn(runner, 10 + i)()
      } catch (error) {
        assert.ok(code('FUEL')(error as Error))
        return [...fuels, runner.fuel]
      }
      fuels.push(runner.fuel)
    }
    return fuels
  }
  const [plain, hopped] = [rounds(false), rounds(true)]
  assert.ok(plain.length > 5 && plain.length < 1_000, `${plain.length} rounds`)
  assert.equal(hopped, plain)
})

test('what an answer is paid for: its tape and its bytes, for the calls that have it', () => {
  const limits = { fuel: 2_000_000, fuelPerByte: 100 }
  const burn = (turns: number) => turns << 8
  const list = Array.from({ length: 20_000 }, () => 0)
  const runner = make(limits)
  runner.start(0)
  // 320,016 bytes of records
  runner.answer(list, burn(1_000_000))
  // a small answer has not more than the operation has left, and not more than a call may use
  assert.throws(() => runner.answer(0, burn(1_000_000)), code('FUEL'))
  runner.start(0)
  assert.throws(() => runner.answer(0, burn(1_000_000)), code('FUEL'))
  // the same again without new bytes: the sum is used up
  runner.start(list)
  const answers = () => {
    for (;;) runner.resume(undefined, burn(1_000_000))
  }
  assert.throws(answers, code('FUEL'))
  assert.ok(runner.fuel <= 2_000_000 + 100 * 320_016)
})

test('answers that cannot be: the operation is as it was, or over', () => {
  const runner = make({ input: 1_000 })
  const refused = (work: () => unknown, wanted: string) => {
    assert.throws(work, code(wanted))
    assert.throws(() => runner.save(), code('STATE'))
  }
  runner.start(0)
  const state = runner.save()
  // no value: nothing has happened
  assert.throws(() => runner.answer(() => 0), code('UNSUPPORTED_VALUE'))
  assert.equal(runner.save(), state)
  assert.is(runner.answer(1), ASKS)
  refused(() => runner.answer(noise(985)), 'INPUT_SIZE')
  runner.start(0)
  refused(() => runner.resume(noise(1_001)), 'INPUT_SIZE')
  runner.start(0)
  refused(() => runner.answer(0, 16), 'CODEC_ERROR')
  runner.start(0)
  refused(() => runner.answer(0, 32), 'TRAP')
  runner.start(0, 64)
  refused(() => runner.answer(0), 'INVALID_TAPE')
  assert.is(runner.start(0), ASKS)
})

test('what cannot be saved', () => {
  const runner = make()
  assert.throws(() => runner.save(), code('STATE', /^session: got no operation that waits/))
  runner.start(0, 2)
  assert.throws(() => runner.save(), code('STATE'))
  const zero = after(make(), (runner) => runner.start(0)).save()
  const pinned = make({}, true)
  pinned.start(0)
  pinned.save()
  pinned.start(0)
  assert.throws(() => pinned.save(), code('STATE', /earlier one/))
  // unless its memory has been made as at instantiation since
  failing(pinned)
  pinned.start(0)
  assert.equal(pinned.save(), zero)
  pinned.start(0)
  pinned.restore(zero)
  assert.equal(pinned.save(), zero)
})

const LIES: readonly (readonly [name: string, lie: (state: RunnerState) => unknown, input?: Uint8Array])[] = [
  ['done', (state) => ({ ...state, answer: 0 })],
  ['an error', (state) => ({ ...state, answer: 7 })],
  ['no answer', ({ answer, ...rest }) => rest],
  ['fuel below zero', (state) => ({ ...state, left: -1 })],
  ['fuel without end', (state) => ({ ...state, left: Infinity })],
  ['fuel that is no number', (state) => ({ ...state, spent: Number.NaN })],
  ['fuel that is text', (state) => ({ ...state, spent: '1' })],
  ['half a byte', (state) => ({ ...state, paid: 0.5 })],
  ['another kind of input', (state) => ({ ...state, input: 'letter' })],
  ['no input', (state) => state, new Uint8Array(0)],
  ['another input', (state) => state, noise(2_001)],
  ['a size that is not the input’s', (state) => ({ ...state, size: 7 })],
  ['no guest', ({ guest, ...rest }) => rest],
  ['a guest that is none', (state) => ({ ...state, guest: null })],
  ['a guest of another module', (state) => ({ ...state, guest: { ...state.guest, globals: state.guest.globals.slice(1) } })],
  ['a guest beyond its maximum', (state) => ({ ...state, guest: { ...state.guest, pages: 21 } })]
]

for (const [name, lie, input = noise(2_000)] of LIES) {
  test(`a state that is none: ${name}`, () => {
    const first = make()
    first.start(0)
    first.resume(noise(2_000), 5)
    const state = stored({ state: first.save(), input }).state
    for (const [, other] of PASTS) {
      const runner = other()
      assert.throws(() => runner.restore(lie(state) as RunnerState, input), code('STATE', /got .*, expected /))
      assert.equal(
        straight(runner).map((step) => (step as { fuel: number }).fuel),
        expected.map(({ fuel }) => fuel)
      )
    }
  })
}

test('an input larger than the limit is refused with its state', () => {
  const first = make()
  first.start(0)
  first.resume(noise(2_000))
  assert.throws(() => make({ input: 1_999 }).restore(first.save(), noise(2_000)), code('STATE', /at most 1999/))
})

test.run()
