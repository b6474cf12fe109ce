import { readdirSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Instance, SandboxError, SandboxModule } from '../../src/sandbox/index.js'
import { assemble, HOST, POLICY } from './guests.js'

const folder = new URL('../../fixtures/hostile/', import.meta.url)
const honest = SandboxModule.compileSync(
  assemble(
    '(module (memory (export "memory") 1) (func (export "run") (param i32) (result i32) (local i32) (loop (local.set 1 (i32.add (local.get 1) (local.get 0))) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1)))'
  ),
  POLICY
).instantiate()

function honestWorks(): void {
  honest.start(10_000)
  assert.is(honest.func('run')!(100), 5050)
}

function call(guest: Instance, fuel = 1_000_000): number {
  guest.start(fuel)
  try {
    return guest.func('run')!()
  } catch (thrown) {
    throw guest.failure(thrown)
  }
}

function failureOf(run: () => unknown): SandboxError {
  try {
    run()
  } catch (error) {
    assert.instance(error, SandboxError)
    return error as SandboxError
  }
  return assert.unreachable('got no failure') as never
}

/** The first line of a file says what happens: `;; expect: CODE phase`, or `;; expect: VALUE same` for calls that must answer the same every time. */
for (const file of readdirSync(folder).sort()) {
  const text = readFileSync(new URL(file, folder), 'utf8')
  const [, expected, phase] =
    /^;; expect: (\S+) (prepare|compile|instantiate|call|same)\n/.exec(text) ?? (assert.unreachable(`${file} has no expectation`) as never)
  test(`${file}: ${expected} ${phase}`, () => {
    const bytes = assemble(text)
    if (phase === 'prepare' || phase === 'compile') {
      const error = failureOf(() => SandboxModule.compileSync(bytes, POLICY))
      assert.is(error.code, expected, error.message)
      if (file !== 'calls-chain-deep.wat') assert.ok(error.offset! >= 0 && error.offset! <= bytes.length, error.message)
      assert.is(error.cause !== undefined, phase === 'compile')
    } else {
      const module = SandboxModule.compileSync(bytes, POLICY)
      if (phase === 'instantiate') assert.is(failureOf(() => module.instantiate(HOST)).code, expected)
      else {
        const guest = module.instantiate(HOST)
        const fuel = new Set<number>()
        for (let i = 0; i < 5; i++) {
          if (phase === 'call') {
            const error = failureOf(() => call(guest))
            assert.is(error.code, expected, error.message)
          } else assert.is(call(guest), Number(expected))
          fuel.add(guest.fuelLeft())
          guest.reset()
        }
        assert.is(fuel.size, 1, 'every call uses the same fuel')
      }
    }
    honestWorks()
  })
}

test('memory stays flat over 10,000 hostile calls', () => {
  const guests = ['memory-bomb', 'recursion', 'trap-unreachable', 'memory-fill-lie'].map((name) =>
    SandboxModule.compileSync(assemble(readFileSync(new URL(`${name}.wat`, folder), 'utf8')), { ...POLICY, maxMemory: 16 * 65_536 }).instantiate(HOST)
  )
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const round = () => {
    for (const guest of guests) {
      failureOf(() => call(guest, 50_000))
      guest.reset()
    }
  }
  for (let i = 0; i < 500; i++) round()
  collect()
  const before = process.memoryUsage().rss
  for (let i = 0; i < 2_500; i++) round()
  collect()
  const grown = process.memoryUsage().rss - before
  assert.ok(grown < 100 * 1024 * 1024, `grew by ${grown} bytes`)
  honestWorks()
})

test.run()
