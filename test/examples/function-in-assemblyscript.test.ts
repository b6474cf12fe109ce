/** The example of a function in AssemblyScript builds as its README says, does what it says, and is the one in docs/functions.md. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { node, root } from '../../scripts/run.js'
import { createHost, sealManifest } from '../../src/codec/index.js'
import { CID } from '../../src/ipld/index.js'
import { loadFunction, runFunction } from '../../src/task/index.js'

const FOLDER = 'examples/function-in-assemblyscript'

mkdirSync(join(root, 'build/examples-codecs'), { recursive: true })
const wasm = 'build/examples-codecs/byte-count.wasm'
const built = await node(['node_modules/assemblyscript/bin/asc.js', `${FOLDER}/index.ts`, '--outFile', wasm])
assert.is(built.code, 0, built.output)
const manifest = JSON.parse(readFileSync(join(root, FOLDER, 'manifest.json'), 'utf8'))
const module = await loadFunction(await createHost(), sealManifest(readFileSync(join(root, wasm)), manifest))

const blocks = new Map<string, Uint8Array>()
async function block(size: number): Promise<CID> {
  const bytes = new Uint8Array(size).fill(size)
  const cid = CID.createV1(0x55, await sha256.digest(bytes))
  blocks.set(cid.toString(), bytes)
  return cid
}
const run = (params: unknown) => runFunction(module, { fun: 'count', params, get: (cid) => blocks.get(cid.toString()) })

for (const [what, sizes] of [
  ['nothing', []],
  ['one block', [5]],
  ['blocks larger than the window', [100_000, 1, 70_000]]
] as const) {
  test(`counts ${what}`, async () => {
    const file = await Promise.all(sizes.map(block))
    const { result } = await run({ file })
    assert.equal(result, { ok: sizes.reduce((sum: number, size) => sum + size, 0) })
  })
}

test('counts a file by its link', async () => {
  assert.equal((await run({ file: await block(17) })).result, { ok: 17 })
})

for (const params of [null, {}, { file: 1 }, { file: [1] }]) {
  test(`refuses ${JSON.stringify(params)}`, async () => {
    const { result } = await run(params)
    assert.is('error' in result && result.error.code, 'MISSING_FIELD')
  })
}

test('is the one in docs/functions.md', () => {
  const [, code] = /```ts\n(import \* as answer[\s\S]*?)```/.exec(readFileSync(join(root, 'docs/functions.md'), 'utf8')) ?? []
  assert.fixture(code, readFileSync(join(root, FOLDER, 'index.ts'), 'utf8'))
})

test.run()
