import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unused } from '../scripts/exports.js'
import { root } from '../scripts/run.js'

const FILES = {
  'package.json': `{ "type": "module" }`,
  'index.ts': `export { host } from './host.js'\nexport * from './node.js'`,
  'host.ts': `import { type Limits, fuel } from './limits.js'\nexport const host = (limits: Limits) => fuel(limits)\nexport const spare = 1`,
  'limits.ts': `export interface Limits { readonly fuel: number }\nexport interface Idle {}\nexport const fuel = (limits: Limits) => limits.fuel`,
  'node.ts': `export class Node {}\nexport type Kind = 'map'`,
  'all.ts': `import * as lazy from './lazy.js'\nlazy.one`,
  'lazy.ts': `export const one = 1\nexport default 2`,
  'later.ts': `export const soon = 1`,
  'wait.ts': `const { soon } = await import('./later.js')\nexport { soon as now }`
}

test('names that nobody imports and no entry exports are found', () => {
  mkdirSync(join(root, 'build'), { recursive: true })
  const folder = mkdtempSync(join(root, 'build/exports-'))
  try {
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const paths = Object.keys(FILES)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name))
    const idle = unused(paths, [join(folder, 'index.ts')], (path) => paths.includes(path))
    assert.equal(idle.map((line) => line.slice(folder.length + 1)).sort(), ['host.ts: spare', 'limits.ts: Idle', 'wait.ts: now'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.run()
