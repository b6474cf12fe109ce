import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type SandboxError, SandboxModule } from '../../src/sandbox/index.js'
import { random } from './generate.js'
import { assemble, POLICY } from './guests.js'
import { workload } from './workload.js'

const bytes = await workload()
const FUEL = 2 ** 40
const WORK = ['scan', 'sum', 'wide', 'varints', 'items', 'pieces', 'sha256']

type Export = (...args: number[]) => number

test('instrumented, a module answers as it does in the bare engine, with the same fuel everywhere', async () => {
  const module = await SandboxModule.compile(bytes, POLICY)
  const guest = module.instantiate()
  const bare = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)).exports as Record<string, Export> & {
    memory: WebAssembly.Memory
  }
  // the prepared bytes, run by somebody else
  const elsewhere = new WebAssembly.Instance(new WebAssembly.Module(module.prepared.bytes as Uint8Array<ArrayBuffer>)).exports as Record<string, Export> & {
    memory: WebAssembly.Memory
  }
  guest.start(FUEL)
  const at = guest.func('at')!()
  for (let seed = 1; seed <= 20; seed++) {
    const pick = random(seed)
    const length = seed === 1 ? 65_536 : 64 * pick(1024)
    const input = Uint8Array.from({ length }, () => pick(seed % 3 ? 128 : 256))
    for (const name of WORK) {
      for (const { buffer } of [guest.memory, bare.memory, elsewhere.memory]) new Uint8Array(buffer).fill(0, at, at + 65_568)
      for (const { buffer } of [guest.memory, bare.memory, elsewhere.memory]) new Uint8Array(buffer).set(input, at)
      guest.start(FUEL)
      elsewhere.$start(FUEL)
      const answer = bare[name](length)
      assert.is(guest.func(name)!(length), answer, name)
      assert.is(elsewhere[name](length), answer, name)
      assert.is(elsewhere.$fuel(), guest.fuelLeft(), name)
      assert.equal(Buffer.from(guest.memory.buffer).equals(Buffer.from(bare.memory.buffer)), true, `${name}: memory`)
    }
  }
})

test('reset brings back memory, and a grown one too', () => {
  const text =
    '(module (memory (export "memory") 1 10) (data (i32.const 100) "abc") (data (i32.const 60000) "xyz") (func (export "run") (param i32) (result i32) (i32.store (i32.const 100) (i32.const 0)) (drop (memory.grow (local.get 0))) (memory.size)))'
  const guest = SandboxModule.compileSync(assemble(text), POLICY).instantiate()
  const fresh = Buffer.from(guest.memory.buffer.slice(0))
  for (const pages of [0, 2, 9, 0]) {
    guest.start(FUEL)
    assert.is(guest.func('run')!(pages), 1 + pages)
    assert.is(guest.pages(), 1 + pages)
    assert.is(guest.memory.buffer.byteLength, 65_536 * (1 + pages))
    guest.reset()
    assert.ok(Buffer.from(guest.memory.buffer).equals(fresh))
  }
  // pinned: no reset; the guest sees the same sizes and uses the same fuel
  const used = [3, 3, 1, 3].map((pages) => {
    guest.start(FUEL)
    assert.is(guest.func('run')!(pages), 1 + pages)
    assert.is(guest.pages(), 1 + pages)
    return FUEL - guest.fuelLeft()
  })
  assert.is(new Set([used[0], used[1], used[3]]).size, 1)
})

test('functions of many results and parameters, and early exits from everywhere', () => {
  const text = `(module (memory (export "memory") 1)
    (func $pair (param i32) (result i32 i64) (if (local.get 0) (then (return (i32.const 1) (i64.const 2)))) (block (result i32 i64) (i32.const 3) (br 1 (i64.const 4))))
    (func $leave (param i32) (result i32) (loop (br_if 1 (i32.const 7) (i32.eqz (local.get 0))) (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (drop) (br 0)) (unreachable))
    (export "pair" (func $pair)) (export "leave" (func $leave)))`
  const guest = SandboxModule.compileSync(assemble(text), POLICY).instantiate()
  guest.start(FUEL)
  assert.equal(guest.func('pair')!(1), [1, 2n])
  assert.equal(guest.func('pair')!(0), [3, 4n])
  assert.is(guest.func('leave')!(5), 7)
})

test('what host functions throw stays as it is', () => {
  const text = '(module (import "host" "nothing" (func $n)) (memory (export "memory") 1) (func (export "run") (call $n)))'
  const thrown = new Error('from the host')
  const guest = SandboxModule.compileSync(assemble(text), POLICY).instantiate({
    host: {
      nothing: () => {
        throw thrown
      }
    }
  })
  guest.start(FUEL)
  try {
    guest.func('run')!()
    assert.unreachable()
  } catch (error) {
    assert.is(guest.failure(error), thrown)
  }
})

test('missing host functions are an INSTANTIATION', () => {
  const text = '(module (import "host" "nothing" (func $n)) (memory (export "memory") 1) (func (export "run") (call $n)))'
  try {
    SandboxModule.compileSync(assemble(text), POLICY).instantiate({})
    assert.unreachable()
  } catch (error) {
    assert.is((error as SandboxError).code, 'INSTANTIATION')
  }
})

test('the exports are described', () => {
  const text =
    '(module (memory (export "memory") 2 5) (table (export "t") 1 funcref) (global (export "control") i32 (i32.const 1024)) (func (export "f") (param i64 f64) (result i32) (i32.const 0)))'
  const { exports, memory } = SandboxModule.compileSync(assemble(text), POLICY).prepared
  assert.equal(
    [...exports],
    [
      ['memory', { kind: 'memory' }],
      ['t', { kind: 'table' }],
      ['control', { kind: 'global', type: 'i32', mutable: false, value: 1024 }],
      ['f', { kind: 'function', signature: { params: ['i64', 'f64'], results: ['i32'] } }]
    ]
  )
  assert.equal(memory, { initial: 2, maximum: 5 })
})

test.run()
