import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cycle, type Import, wrong } from '../scripts/house.js'
import { importsOf } from '../scripts/imports.js'

/** The files that exist in this little house. */
const FILES = [
  'index.ts',
  'ipld/node.ts',
  'ipld/tape.ts',
  'sandbox/interface.ts',
  'codec/host.ts',
  'codec/source/directory.ts',
  'dag/car.ts',
  'ucan/receipt.ts',
  'task/run.ts',
  'scheduler/memo.ts',
  'engine/interface.ts',
  'engine/memory.ts',
  'engine/level.ts',
  'engine/disk.ts',
  'engine/disk/records.ts',
  'gateway/serve.ts',
  'cli/main.ts',
  'odds/ends.ts'
]

const read = (from: string, text: string): Import[] => importsOf(from, text, (file) => FILES.includes(file))

const right: [from: string, text: string][] = [
  ['ipld/node.ts', `import { Tape } from './tape.js'`],
  ['ipld/node.ts', `import { CID } from 'multiformats/cid'`],
  ['codec/host.ts', `import type { Policy } from '../sandbox/interface.js'\nimport { Node } from '../ipld/node.js'`],
  ['codec/source/directory.ts', `import { readFile } from 'node:fs/promises'`],
  ['dag/car.ts', `import { createHost } from '../codec/host.js'`],
  ['index.ts', `export * from './codec/host.js'`],
  ['task/run.ts', `import { walk } from '../dag/car.js'`],
  ['scheduler/memo.ts', `import type { Store } from '../engine/interface.js'`],
  ['engine/level.ts', `import type { Store } from './interface.js'\nimport { Level } from 'classic-level'`],
  ['engine/disk.ts', `import { open } from './disk/records.js'\nimport { mkdir } from 'node:fs/promises'`],
  ['engine/disk/records.ts', `import type { Store } from '../interface.js'`],
  ['cli/main.ts', `import { createHost } from '../index.js'\nimport fs from 'fs'\nimport { open } from '../codec/source/directory.js'`],
  ['cli/main.ts', `const { open } = await import('../engine/level.js')`]
]

const violations: [from: string, text: string, reason: RegExp][] = [
  ['ipld/node.ts', `import { prepare } from '../sandbox/interface.js'`, /^ipld and sandbox are neighbours/],
  ['sandbox/interface.ts', `import type { Node } from '../ipld/node.js'`, /^sandbox and ipld are neighbours/],
  ['ipld/node.ts', `import { host } from '../codec/host.js'`, /^ipld is below codec/],
  ['codec/host.ts', `export { read } from '../dag/car.js'`, /^codec is below dag/],
  ['ucan/receipt.ts', `import { read } from '../dag/car.js'`, /^ucan and dag are neighbours/],
  ['ucan/receipt.ts', `import { sign } from 'node:crypto'`, /runs in browsers/],
  ['dag/car.ts', `type T = import('../task/run.js').Task`, /^dag is below task/],
  ['codec/host.ts', `await import('../cli/main.js')`, /^codec is below cli/],
  ['gateway/serve.ts', `import '../cli/main.js'`, /^gateway and cli are neighbours/],
  ['codec/host.ts', `import { createHost } from '../index.js'`, /^codec is below index\.ts/],
  ['codec/host.ts', `import { readFile } from 'node:fs/promises'`, /runs in browsers/],
  ['ipld/node.ts', `import fs from 'fs/promises'`, /runs in browsers/],
  ['index.ts', `import { Buffer } from 'node:buffer'`, /runs in browsers/],
  ['index.ts', `export * from './codec/source/directory.js'`, /for Node alone/],
  ['engine/level.ts', `import { Memory } from './memory.js'`, /^a driver knows/],
  ['engine/level.ts', `import { Node } from '../ipld/node.js'`, /^a driver knows/],
  ['engine/disk/records.ts', `import { Memory } from '../memory.js'`, /^a driver knows/],
  ['engine/memory.ts', `import { open } from './disk.js'`, /for Node alone/],
  ['engine/memory.ts', `import { readFile } from 'node:fs/promises'`, /runs in browsers/],
  ['scheduler/memo.ts', `import { Memory } from '../engine/memory.js'`, /^state stands behind/],
  ['codec/host.ts', `import type { Store } from '../engine/interface.js'`, /^state stands behind/],
  ['odds/ends.ts', `import { Node } from '../ipld/node.js'`, /^odds has no place/],
  ['cli/main.ts', `import { createHost } from '../../dist/src/index.js'`, /^dist is made from src/],
  ['cli/main.ts', `import { row } from '../../test/skip.js'`, /leaves src/]
]

for (const [from, text] of right) {
  test(`right: ${from}: ${text}`, () => {
    const imports = read(from, text)
    assert.ok(imports.length > 0)
    for (const found of imports) assert.is(wrong(found), undefined)
  })
}

for (const [from, text, reason] of violations) {
  test(`wrong: ${from}: ${text}`, () => {
    const reasons = read(from, text).map(wrong)
    assert.is(reasons.length, 1)
    assert.match(reasons[0] ?? '', reason)
  })
}

test('a circle of files is found', () => {
  const imports = [
    ...read('ipld/node.ts', `import { Tape } from './tape.js'`),
    ...read('ipld/tape.ts', `export * from './node.js'`),
    ...read('codec/host.ts', `import { Node } from '../ipld/node.js'`)
  ]
  assert.equal(cycle(imports), ['ipld/node.ts', 'ipld/tape.ts', 'ipld/node.ts'])
})

test('types and dynamic imports close no circle', () => {
  const there = read('ipld/node.ts', `import { Tape } from './tape.js'`)
  assert.is(cycle([...there, ...read('ipld/tape.ts', `import type { Node } from './node.js'`)]), undefined)
  assert.is(cycle([...there, ...read('ipld/tape.ts', `await import('./node.js')`)]), undefined)
})

test.run()
