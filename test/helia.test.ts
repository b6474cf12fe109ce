/** Helia 7 and verified-fetch 8, which need Node 22: the suite of test/helia, run there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root, run } from '../scripts/run.js'
import { note } from './note.js'
import { skip } from './skip.js'

const NODE22 = process.env.AUTOCODEC_NODE22 ?? join(root, `build/node22/node_modules/node-${process.platform}-${process.arch}/bin/node`)
const PACKAGES = join(root, 'test/helia/node_modules/@helia/verified-fetch')

if (!existsSync(NODE22)) skip('Helia and verified-fetch', 'no binary in AUTOCODEC_NODE22 nor in build/node22; .ci/run fetches one')
else if (!existsSync(PACKAGES)) skip('Helia and verified-fetch', 'they are not installed; npm ci in test/helia, as .ci/run does')
else {
  test('Helia and verified-fetch under Node 22', async () => {
    const { code, output } = await run(NODE22, ['--import', 'tsx', 'test/helia/suite.ts'])
    const [, passed, all] = /Total: +(\d+)[\s\S]*Passed: +(\d+)/.exec(output) ?? []
    assert.is(code, 0, output)
    assert.ok(Number(all) > 0 && passed === all, output)
    note(`${passed} tests of Helia and verified-fetch passed`)
  })
}

test('the packages of test/helia are for tests alone', async () => {
  const { readFileSync } = await import('node:fs')
  const { packages } = JSON.parse(readFileSync(join(root, 'test/helia/package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string; link?: boolean }>
  }
  const names = Object.keys(packages).join('\n')
  assert.not.match(names, /react-native|node-datachannel/)
  // a registry is the machine's affair
  for (const [path, { resolved, link }] of Object.entries(packages)) assert.ok(resolved === undefined || link === true, path)
})

test.run()
