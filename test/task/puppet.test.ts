/** The module that browsers run is its text, assembled; and modules that are no functions are refused. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import wabt from 'wabt'
import { sealManifest } from '../../src/codec/index.js'
import { createHost } from '../../src/index.js'
import { loadFunction } from '../../src/task/index.js'
import { MANIFEST, puppet } from './puppet.js'
import { PUPPET } from './puppet.module.js'

const { parseWat } = await wabt()

function assemble(name: string, text: string): Uint8Array {
  const parsed = parseWat(name, text)
  try {
    return parsed.toBinary({}).buffer
  } finally {
    parsed.destroy()
  }
}

test('the puppet is what its text says', () => {
  const text = readFileSync(new URL('../../fixtures/functions/puppet.wat', import.meta.url), 'utf8')
  assert.is(PUPPET, Buffer.from(assemble('puppet', text)).toString('base64'), 'write this into test/task/puppet.module.ts')
})

const memory = '(memory (export "memory") 1)'
const control = '(global (export "control") i32 (i32.const 64))'
const reserve = '(func (export "reserve") (param i32) (result i32) (i32.const 1024))'
const run = '(func (export "run") (param i32) (result i32) (i32.const 0))'

/** Name, code, fields of the module; the manifest, if it is another. */
const REFUSED: readonly [name: string, code: string, fields: string, manifest?: object][] = [
  ['no run', 'ABI', memory + control + reserve],
  ['no reserve', 'ABI', memory + control + run],
  ['no control', 'ABI', memory + reserve + run],
  ['no memory', 'EXPORT', control + reserve + run],
  ['a run of two parameters', 'ABI', `${memory}${control}${reserve}(func (export "run") (param i32 i32) (result i32) (i32.const 0))`],
  ['a run that answers 64 bits', 'ABI', `${memory}${control}${reserve}(func (export "run") (param i32) (result i64) (i64.const 0))`],
  ['a run that is a global', 'ABI', `${memory}${control}${reserve}(global (export "run") i32 (i32.const 0))`],
  ['a control block outside of memory', 'ABI', `${memory}(global (export "control") i32 (i32.const 65528))${reserve}${run}`],
  ['an import of the clock', 'IMPORT', `(import "env" "now" (func (result i64)))${memory}${control}${reserve}${run}`],
  ['no functions', 'MANIFEST', memory + control + reserve + run, { functions: [] }],
  ['functions that are a map', 'MANIFEST', memory + control + reserve + run, { functions: { play: {} } }],
  ['65 functions', 'MANIFEST', memory + control + reserve + run, { functions: Array.from({ length: 65 }, (_, i) => ({ name: `f${i}` })) }],
  ['a function twice', 'MANIFEST', memory + control + reserve + run, { functions: [{ name: 'a' }, { name: 'a' }] }],
  ['a function without a name', 'MANIFEST', memory + control + reserve + run, { functions: [{}] }],
  ['a name with a slash', 'MANIFEST', memory + control + reserve + run, { functions: [{ name: 'a/b' }] }],
  ['an output twice', 'MANIFEST', memory + control + reserve + run, { functions: [{ name: 'a', outputs: ['x', 'x'] }] }],
  ['outputs of numbers', 'MANIFEST', memory + control + reserve + run, { functions: [{ name: 'a', outputs: [1] }] }],
  ['emits "yes"', 'MANIFEST', memory + control + reserve + run, { functions: [{ name: 'a', emits: 'yes' }] }],
  ['a codec', 'MANIFEST', memory + control + reserve + run, { kind: 'codec', code: 0x300000 }]
]

const host = await createHost()

for (const [name, code, fields, manifest] of REFUSED) {
  test(`${code}: ${name}`, async () => {
    const bare = assemble(name, `(module ${fields})`)
    const body = new TextEncoder().encode(JSON.stringify({ ...MANIFEST, ...manifest }))
    const section = [9, ...new TextEncoder().encode('autocodec'), ...body]
    // by hand: what seals manifests refuses these too
    const module = Uint8Array.from([...bare, 0, (section.length & 127) | 128, (section.length >> 7) & 127, ...section])
    assert.ok(section.length < 16_384)
    await loadFunction(host, module).then(
      () => assert.unreachable('it was taken'),
      (error) => assert.is(error.code, code, error.stack)
    )
  })
}

test('what seals manifests refuses what nobody would read', () => {
  assert.throws(() => sealManifest(puppet.slice(0, 8), { ...MANIFEST, functions: [] }), /functions/)
})

test.run()
