/** Random guests, suspended after every call and gone on with in every instance that there is, do what they do without. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type GuestState, guestState, type Instance, restoreGuest, SandboxError } from '../../src/sandbox/index.js'
import { I64, V128 } from '../../src/sandbox/types.js'
import { random } from './generate.js'
import { guestOf, type Step, step, steps } from './resumable.js'

const SEEDS = 100
const PAGE = 65_536
const ARGS = [5, -1, 0, 77, 1 << 30, 6, 7]
/** What other instances have done before: nothing, a whole run of the same, others that grow or end in a trap. */
const PASTS: readonly (readonly number[])[] = [[], ARGS, [123_456, -99], [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], [3]]

const guests = Array.from({ length: SEEDS }, (_, i) => ({ seed: i + 1, guest: guestOf(i + 1) })).flatMap(({ seed, guest }) =>
  guest === undefined ? [] : [{ seed, ...guest }]
)

/** Those whose first call at least ends well. */
const living = guests.filter(({ make }) => steps(make(), ARGS)[0].state !== undefined)

/** Memory as the state says it is, and of that size: an access beyond it traps. */
function sameMemory({ memory }: Instance, state: GuestState, message: string): void {
  const expected = new Uint8Array(state.pages * PAGE)
  for (const { at, bytes } of state.memory) expected.set(bytes, at)
  const got = new Uint8Array(memory.buffer)
  assert.is(got.length, expected.length, message)
  const [a, b] = [new BigInt64Array(got.buffer), new BigInt64Array(expected.buffer)]
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) assert.unreachable(`${message}: memory differs at ${i * 8}`)
}

const instances = (make: () => Instance): Instance[] =>
  PASTS.map((past) => {
    const guest = make()
    steps(guest, past)
    return guest
  })

test('a run goes on from every step in every instance', () => {
  let resumed = 0
  let trapped = 0
  for (const { seed, module, make } of guests) {
    const expected = steps(make(), ARGS)
    const others = instances(make)
    for (const [at, { state }] of expected.entries()) {
      if (state === undefined) continue
      for (const [i, other] of others.entries()) {
        const message = `seed ${seed}, step ${at}, instance ${i}`
        restoreGuest(other, state, module.prepared)
        sameMemory(other, state, message)
        assert.equal(guestState(other), state, message)
        for (let next = at + 1; next < expected.length; next++) {
          const got = step(other, ARGS[next], false)
          assert.equal(got, expected[next], `${message}, then ${next}`)
          if (got.state === undefined) trapped++
          else resumed++
        }
      }
    }
  }
  assert.ok(resumed > 5_000 && trapped > 100, `${resumed} and ${trapped}: the guests are too much alike`)
})

test('a run moves on after every step, between all pairs of instances, and back', () => {
  for (const { seed, module, make } of guests) {
    const expected = steps(make(), ARGS)
    for (let from = 0; from < PASTS.length; from++) {
      for (let to = 0; to < PASTS.length; to++) {
        const pair = [from, to].map((i) => {
          const guest = make()
          steps(guest, PASTS[i])
          return guest
        })
        pair[0].reset()
        const got: Step[] = []
        for (const [i, argument] of ARGS.slice(0, expected.length).entries()) {
          const guest = pair[i % 2]
          if (i > 0) restoreGuest(guest, got[i - 1].state as GuestState, module.prepared)
          got.push(step(guest, argument, i === 0))
        }
        assert.equal(got, expected, `seed ${seed}, from ${from} to ${to}`)
      }
    }
  }
})

test('a reset instance is as a new one, its state too', () => {
  for (const { seed, make } of guests) {
    const expected = steps(make(), ARGS)
    const used = make()
    for (const past of PASTS) {
      steps(used, past)
      used.reset()
      assert.equal(steps(used, ARGS), expected, `seed ${seed}`)
      used.reset()
    }
  }
})

test('states are in their one form', () => {
  let parts = 0
  let gaps = 0
  for (const { seed, shape, make } of guests) {
    for (const { state } of steps(make(), ARGS)) {
      if (state === undefined) continue
      const slots = shape.globals.reduce((sum, { type, mutable }) => sum + (mutable ? (type === V128 ? 2 : 1) : 0), 0)
      assert.is(state.globals.length, slots, `seed ${seed}`)
      let end = -1
      for (const { at, bytes } of state.memory) {
        parts++
        assert.ok(at % 4 === 0 && bytes.length % 4 === 0 && bytes.length > 0 && at + bytes.length <= state.pages * PAGE)
        assert.ok(bytes.subarray(0, 4).some((byte) => byte !== 0) && bytes.subarray(-4).some((byte) => byte !== 0), 'zeros at the ends')
        // a whole piece of zeros is between two parts, and none is within one
        if (end >= 0) assert.ok(Math.ceil(end / 4096) + 1 <= Math.floor(at / 4096), `${end} and ${at}`)
        for (let piece = Math.ceil(at / 4096); (piece + 1) * 4096 <= at + bytes.length; piece++) {
          const inner = bytes.subarray(piece * 4096 - at, (piece + 1) * 4096 - at)
          if (inner.every((byte) => byte === 0)) gaps++
        }
        end = at + bytes.length
      }
    }
  }
  assert.is(gaps, 0)
  assert.ok(parts > 1_000)
})

/** What is wrong with it, and what the message must say. */
const LIES: readonly (readonly [name: string, lie: (state: GuestState, slot32: number) => unknown, message: RegExp])[] = [
  ['no object', () => 7, /number as state/],
  ['null', () => null, /null as state/],
  ['no pages', ({ pages, ...rest }) => rest, /undefined pages/],
  ['pages of half', (state) => ({ ...state, pages: state.pages + 0.5 }), /pages of memory/],
  ['fewer pages than at first', (state) => ({ ...state, pages: 0, memory: [] }), /got 0 pages/],
  ['pages below zero', (state) => ({ ...state, pages: -1 }), /got -1 pages/],
  ['pages beyond the maximum', (state) => ({ ...state, pages: 13 }), /got 13 pages/],
  ['pages of 2^32', (state) => ({ ...state, pages: 2 ** 32 + state.pages }), /pages of memory/],
  ['pages that are text', (state) => ({ ...state, pages: String(state.pages) }), /pages of memory/],
  ['globals missing', ({ globals, ...rest }) => rest, /got undefined slots/],
  ['a global too few', (state) => ({ ...state, globals: state.globals.slice(1) }), /slots of globals/],
  ['a global too many', (state) => ({ ...state, globals: [...state.globals, 0n] }), /slots of globals/],
  ['no list of globals', (state) => ({ ...state, globals: { length: state.globals.length } }), /slots of globals/],
  ['a hole among the globals', (state) => ({ ...state, globals: new Array(state.globals.length) }), /undefined in slot 0/],
  ['a number as a global', (state) => ({ ...state, globals: state.globals.map(() => 1) }), /number in slot 0/],
  ['a global below zero', (state) => ({ ...state, globals: state.globals.map(() => -1n) }), /0x-1 in slot 0/],
  ['a global of more than 64 bits', (state) => ({ ...state, globals: state.globals.map((value, i) => (i === 0 ? 1n << 64n : value)) }), /slot 0/],
  ['more than 32 bits in an i32 or f32', (state, slot) => ({ ...state, globals: state.globals.with(slot, 1n << 32n) }), /0x100000000 in slot/],
  ['memory missing', ({ memory, ...rest }) => rest, /undefined as memory/],
  ['a part that is null', (state) => ({ ...state, memory: [null] }), /part 0/],
  ['a part without bytes', (state) => ({ ...state, memory: [{ at: 0 }] }), /undefined in part 0/],
  ['a part of numbers', (state) => ({ ...state, memory: [{ at: 0, bytes: [1, 2] }] }), /object in part 0/],
  ['a part below zero', (state) => ({ ...state, memory: [{ at: -4, bytes: new Uint8Array(4) }] }), /part 0 .* at -4/],
  ['a part between addresses', (state) => ({ ...state, memory: [{ at: 0.5, bytes: new Uint8Array(4) }] }), /at 0.5/],
  ['a part at infinity', (state) => ({ ...state, memory: [{ at: Infinity, bytes: new Uint8Array(0) }] }), /at Infinity/],
  ['a part at no number', (state) => ({ ...state, memory: [{ at: Number.NaN, bytes: new Uint8Array(0) }] }), /at NaN/],
  ['a part beyond the end', (state) => ({ ...state, memory: [{ at: state.pages * PAGE - 3, bytes: new Uint8Array(4) }] }), /with 4 bytes at/],
  ['a part larger than memory', (state) => ({ ...state, memory: [{ at: 0, bytes: new Uint8Array(state.pages * PAGE + 1) }] }), /part 0/],
  [
    'parts that overlap',
    (state) => ({
      ...state,
      memory: [
        { at: 0, bytes: new Uint8Array(8) },
        { at: 7, bytes: new Uint8Array(8) }
      ]
    }),
    /part 1 .* between 8 and/
  ],
  [
    'parts out of order',
    (state) => ({
      ...state,
      memory: [
        { at: 100, bytes: new Uint8Array(8) },
        { at: 0, bytes: new Uint8Array(8) }
      ]
    }),
    /part 1 .* between 108 and/
  ]
]

for (const [name, lie, message] of LIES) {
  test(`a state that is none: ${name}`, () => {
    for (const { module, shape, make } of living.slice(0, 5)) {
      const guest = make()
      const [{ state }] = steps(guest, ARGS)
      let slot32 = -1
      let slot = 0
      for (const { type, mutable } of shape.globals) {
        if (!mutable) continue
        if (type !== I64 && type !== V128 && type !== 0x7c) slot32 = slot
        slot += type === V128 ? 2 : 1
      }
      const expected = steps(make(), ARGS)
      steps(guest, ARGS)
      let error: unknown
      try {
        restoreGuest(guest, lie(structuredClone(state) as GuestState, slot32) as GuestState, module.prepared)
      } catch (thrown) {
        error = thrown
      }
      assert.instance(error, SandboxError)
      assert.is((error as SandboxError).code, 'STATE')
      assert.match((error as SandboxError).message, message)
      // nothing of it is left
      assert.equal(steps(guest, ARGS), expected)
    }
  })
}

test('any state that is one is held by the limits: damaged ones end well or in a typed error, alike everywhere', () => {
  const pick = random(7)
  for (const { seed, module, make } of living.slice(0, 40)) {
    const state = steps(make(), ARGS)[0].state as GuestState
    for (let i = 0; i < 20; i++) {
      const damaged: GuestState = {
        pages: Math.min(12, state.pages + pick(3)),
        globals: state.globals.map((bits) => bits ^ (pick(3) ? 0n : BigInt(pick(2 ** 24)))),
        memory: state.memory.map(({ at, bytes }) => ({ at, bytes: bytes.map((byte) => byte ^ (pick(50) ? 0 : pick(256))) }))
      }
      const [one, two] = [make(), make()].map((guest) => {
        steps(guest, PASTS[pick(PASTS.length)])
        try {
          restoreGuest(guest, damaged, module.prepared)
        } catch (error) {
          return (error as SandboxError).code
        }
        return [3, 2, 1].map((argument) => step(guest, argument, false)).map(({ outcome, left }) => [outcome, left])
      })
      assert.equal(one, two, `seed ${seed}`)
    }
  }
})

test('only of modules that were prepared so', async () => {
  const { SandboxModule } = await import('../../src/sandbox/index.js')
  const { RESUMABLE, resumable, TOUCH } = await import('./resumable.js')
  const [{ seed, module, make }] = living
  const plain = SandboxModule.compileSync(resumable(seed).bytes, { ...RESUMABLE, resumable: false })
  for (const name of ['$resume', '$slots', '$get', '$set']) assert.is(plain.instantiate(TOUCH).func(name), undefined, name)
  assert.throws(() => guestState(plain.instantiate(TOUCH)), TypeError)
  assert.throws(() => restoreGuest(plain.instantiate(TOUCH), guestState(make()), plain.prepared), TypeError)
  // a slot that there is not
  const guest = make()
  const count = guest.func('$slots')!()
  for (const slot of [count, -1, 2 ** 31 - 1])
    assert.throws(
      () => guest.func('$get')!(slot),
      (error: Error) => error instanceof WebAssembly.RuntimeError
    )
  assert.is(guestState(guest).globals.length, count - 1)
  assert.ok(module.prepared.memory.maximum <= 12)
})

test.run()
