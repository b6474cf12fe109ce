import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type GuestState, guestState, restoreGuest, type SandboxError, SandboxModule } from '../../src/sandbox/index.js'
import { assemble, HOST, POLICY } from './guests.js'

const RESUMABLE = { ...POLICY, resumable: true }
const FUEL = 1_000_000
const compile = (text: string) => SandboxModule.compileSync(assemble(text), RESUMABLE)

/** Globals that an engine could spoil: type, as it is written, and its slots. */
const BITS: readonly (readonly [type: string, constant: string, ...slots: bigint[]])[] = [
  ['i32', '0', 0n],
  ['i32', '-1', 0xffffffffn],
  ['i32', '0x80000000', 0x80000000n],
  ['i64', '-1', 0xffffffffffffffffn],
  ['i64', '0x8000000000000000', 0x8000000000000000n],
  ['f32', '-0.0', 0x80000000n],
  ['f32', 'nan', 0x7fc00000n],
  ['f32', '-nan', 0xffc00000n],
  ['f32', 'nan:0x1', 0x7f800001n], // signalling
  ['f32', '-nan:0x234567', 0xffa34567n],
  ['f32', 'nan:0x7fffff', 0x7fffffffn],
  ['f32', 'inf', 0x7f800000n],
  ['f32', '0x1p-149', 1n],
  ['f64', '-0.0', 0x8000000000000000n],
  ['f64', 'nan', 0x7ff8000000000000n],
  ['f64', 'nan:0x1', 0x7ff0000000000001n], // signalling
  ['f64', '-nan:0x4000000000001', 0xfff4000000000001n],
  ['f64', 'nan:0xfffffffffffff', 0x7fffffffffffffffn],
  ['f64', '0x1p-1074', 1n],
  ['v128', 'i64x2 0x0123456789abcdef 0xfedcba9876543210', 0x0123456789abcdefn, 0xfedcba9876543210n],
  ['v128', 'f32x4 nan:0x1 -nan:0x2 -0.0 1', 0xff8000027f800001n, 0x3f80000080000000n]
]
const SIZE = 16
const SLOTS = BITS.flatMap(([, , ...slots]) => slots)

/** A module with these globals, or with zeros in them, between others that do not count, and a function that stores them all. */
const withGlobals = (zero: boolean) =>
  compile(`(module (memory (export "memory") 1)
  ${BITS.map(([type, constant], i) => {
    const zeros = type === 'v128' ? 'i64x2 0 0' : '0'
    return `(global i32 (i32.const 7)) (global $g${i} (mut ${type}) (${type}.const ${zero ? zeros : constant}))`
  }).join('\n')}
  (func (export "run") (param i32) (result i32)
  ${BITS.map(([type], i) => `(${type}.store (i32.add (local.get 0) (i32.const ${i * SIZE})) (global.get $g${i}))`).join('\n')}
  (i32.const 0)))`)

test('globals of all types keep their bits, out of an instance, into another and as the code there sees them', () => {
  const full = withGlobals(false)
  const empty = withGlobals(true)
  const guest = full.instantiate()
  guest.start(FUEL)
  const state = guestState(guest)
  assert.equal(state, { pages: 1, globals: SLOTS, memory: [] })
  const other = empty.instantiate()
  other.start(FUEL)
  assert.equal(guestState(other).globals, new Array(SLOTS.length).fill(0n))
  restoreGuest(other, state, empty.prepared)
  assert.equal(guestState(other), state)
  const stores = [guest, other].map((one) => {
    one.func('$resume')!(FUEL)
    one.func('run')!(1024)
    return Buffer.from(one.memory.buffer.slice(0))
  })
  assert.ok(stores[0].equals(stores[1]))
  let slot = 0
  for (const [i, [type, constant, ...slots]] of BITS.entries()) {
    const bytes = Buffer.alloc(SIZE)
    slots.forEach((bits, lane) => bytes.writeBigUInt64LE(bits, lane * 8))
    assert.equal(stores[1].subarray(1024 + i * SIZE, 1024 + (i + 1) * SIZE), bytes, `${type} ${constant}`)
    slot += slots.length
  }
  assert.is(slot, SLOTS.length)
})

test('bits that no global of 32 bits has are refused, for each of them', () => {
  const module = withGlobals(true)
  let slot = 0
  for (const [type, , ...slots] of BITS) {
    const state: GuestState = { pages: 1, globals: SLOTS.map((bits, i) => (i === slot ? bits | (1n << 32n) : bits)), memory: [] }
    const guest = module.instantiate()
    const restore = () => restoreGuest(guest, state, module.prepared)
    if (type.endsWith('32')) assert.throws(restore, (error: SandboxError) => error.code === 'STATE')
    else restore()
    slot += slots.length
  }
})

test('4,096 globals of two slots each', () => {
  const bytes = assemble(`(module (memory (export "memory") 0)
    ${Array.from({ length: 4096 }, (_, i) => `(global (mut v128) (v128.const i64x2 ${i} -${i}))`).join('')}
    (func (export "run") (param i32) (result i32) (global.set 4095 (global.get 1)) (local.get 0)))`)
  const module = SandboxModule.compileSync(bytes, RESUMABLE)
  const guest = module.instantiate()
  guest.start(FUEL)
  guest.func('run')!(0)
  const state = guestState(guest)
  assert.is(state.globals.length, 8192)
  for (let i = 0; i < 4095; i++) assert.equal(state.globals.slice(2 * i, 2 * i + 2), [BigInt(i), BigInt.asUintN(64, BigInt(-i))])
  assert.equal(state.globals.slice(-2), state.globals.slice(2, 4))
  const turned = { ...state, globals: [...state.globals].reverse() }
  const other = module.instantiate()
  restoreGuest(other, turned, module.prepared)
  assert.equal(guestState(other), turned)
  // a few bytes for each slot
  const more = module.prepared.bytes.length - SandboxModule.compileSync(bytes, POLICY).prepared.bytes.length
  assert.ok(more < 8192 * 32, `${more} bytes more`)
})

test('no globals, no memory, not even one function of its own', () => {
  const module = compile('(module (memory (export "memory") 0))')
  const guest = module.instantiate()
  guest.start(0)
  assert.equal(guestState(guest), { pages: 0, globals: [], memory: [] })
  restoreGuest(guest, { pages: 0, globals: [], memory: [] }, module.prepared)
  assert.is(guest.memory.buffer.byteLength, 0)
})

/** Counts what it does in a global, in memory, and in the pages that its start function has left. */
const STARTED = `(module (memory (export "memory") 1 8) (global $n (mut i32) (i32.const 5))
  (func $s (drop (memory.grow (i32.const 2))) (global.set $n (i32.const 40)) (i32.store (i32.const 180000) (i32.const -1)))
  (start $s)
  (func (export "run") (param i32) (result i32)
    (drop (memory.grow (local.get 0)))
    (i32.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) (global.get $n))
    (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (i32.add (i32.mul (memory.size) (i32.const 1000)) (global.get $n))))`

test('a start function: its memory and globals are where a state begins, and it does not spoil one that is restored', () => {
  const module = compile(STARTED)
  const guest = module.instantiate()
  guest.start(FUEL)
  assert.equal(guestState(guest), { pages: 3, globals: [40n], memory: [{ at: 180000, bytes: Uint8Array.of(255, 255, 255, 255) }] })
  assert.is(guest.func('run')!(2), 5041)
  const state = guestState(guest)
  assert.equal(state, {
    pages: 5,
    globals: [41n],
    memory: [
      { at: 180000, bytes: Uint8Array.of(255, 255, 255, 255) },
      { at: 5 * 65536 - 4, bytes: Uint8Array.of(40, 0, 0, 0) }
    ]
  })
  const other = module.instantiate()
  // larger than the state
  other.start(FUEL)
  other.func('run')!(5)
  restoreGuest(other, state, module.prepared)
  assert.is(other.memory.buffer.byteLength, 5 * 65536)
  other.func('$resume')!(FUEL)
  assert.is(other.func('run')!(1), 6042)
  // between what the module says and what the start function leaves
  for (const pages of [1, 2]) {
    assert.throws(
      () => restoreGuest(other, { pages, globals: [41n], memory: [] }, module.prepared),
      (error: SandboxError) => error.code === 'STATE' && /at least the 3/.test(error.message)
    )
  }
  other.start(FUEL)
  assert.is(other.func('run')!(0), 3041)
  // and $start is what it was, after a state
  restoreGuest(other, state, module.prepared)
  other.start(FUEL)
  assert.equal(guestState(other).globals, [40n])
})

test('recursion: the stack is empty after a call, whatever it was before, and its limit as in the first', () => {
  const text =
    '(module (memory (export "memory") 1) (global $g (mut i32) (i32.const 0)) (func $f (export "run") (param i32) (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1))))) (else (global.get $g)))))'
  const module = SandboxModule.compileSync(assemble(text), { ...RESUMABLE, maxStack: 2_000 })
  const deepest = (guest: ReturnType<typeof module.instantiate>, first: boolean) => {
    // as a state leaves the stack is one call's business
    for (let depth = 1; ; depth++) {
      guest.func(first ? '$start' : '$resume')!(FUEL)
      try {
        guest.func('run')!(depth)
      } catch (thrown) {
        assert.is((guest.failure(thrown) as SandboxError).code, 'STACK')
        return depth
      }
    }
  }
  const expected = deepest(module.instantiate(), true)
  assert.ok(expected > 20 && expected < 300)
  const guest = module.instantiate()
  guest.start(FUEL)
  guest.func('run')!(expected - 1)
  const state = guestState(guest)
  const other = module.instantiate()
  // one whose stack a failure has left full
  assert.is(deepest(other, true), expected)
  restoreGuest(other, state, module.prepared)
  assert.is(deepest(other, false), expected)
})

test('a guest that was suspended at its memory’s maximum grows no further', () => {
  const module = compile(STARTED)
  const guest = module.instantiate()
  guest.start(FUEL)
  guest.func('run')!(5)
  const state = guestState(guest)
  assert.is(state.pages, 8)
  const other = module.instantiate(HOST)
  restoreGuest(other, state, module.prepared)
  other.func('$resume')!(FUEL)
  assert.is(other.func('run')!(1), 8042)
  assert.is(other.memory.buffer.byteLength, 8 * 65536)
})

test('what is beyond the guest’s pages is not in its state', () => {
  const module = compile(STARTED)
  const guest = module.instantiate()
  guest.start(FUEL)
  guest.func('run')!(5)
  // pinned: the memory stays as large as it was
  guest.start(FUEL)
  assert.is(guest.memory.buffer.byteLength, 8 * 65536)
  const state = guestState(guest)
  assert.is(state.pages, 3)
  assert.equal(
    state.memory.map(({ at }) => at),
    [180000]
  )
})

test('an engine without memory for a state', () => {
  const module = compile(STARTED)
  const guest = module.instantiate()
  const cause = new RangeError('out of memory')
  guest.memory.grow = () => {
    throw cause
  }
  assert.throws(
    () => restoreGuest(guest, { pages: 8, globals: [1n], memory: [] }, module.prepared),
    (error: SandboxError) => error.code === 'MEMORY' && error.cause === cause
  )
  guest.start(FUEL)
  assert.is(guest.func('run')!(0), 3041)
})

test.run()
