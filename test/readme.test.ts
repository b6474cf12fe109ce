/** That README.md says what bench/results.json and functions/cids.json say. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withSpeed } from '../bench/readme.js'
import { root } from '../scripts/run.js'

test('the figures of README.md are those of the last full run', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  assert.fixture(withSpeed(readme, JSON.parse(readFileSync(join(root, 'bench/results.json'), 'utf8'))), readme)
})

test('its functions are those that are shipped', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, table] = /<!-- functions -->([\s\S]*)<!-- \/functions -->/.exec(readme) ?? []
  const rows = [...(table ?? '').matchAll(/^\| \[([\w-]+)\].*\| `(\w+)` \|$/gm)].map(([, name, cid]) => [name, cid])
  assert.equal(Object.fromEntries(rows), JSON.parse(readFileSync(join(root, 'functions/cids.json'), 'utf8')))
})

test.run()
