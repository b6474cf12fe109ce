/** What is published: everything that package.json promises, and nothing that a user has no use for. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { node, root, run } from '../scripts/run.js'
import { skip } from './skip.js'

const { exports, bin, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, Record<string, string> | string>
  bin: Record<string, string>
  files: string[]
}

let packed: string[]

test.before(async () => {
  // through the npm that runs this, where there is one: on Windows `npm` alone is not a program
  const npm = process.env.npm_execpath
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { code, stdout, output } = npm === undefined ? await run('npm', args) : await node([npm, ...args])
  assert.is(code, 0, output)
  const answer = JSON.parse(stdout) as { files: { path: string }[] }[] | Record<string, { files: { path: string }[] }>
  packed = Object.values(answer)[0].files.map((file) => file.path)
})

test('only what package.json lists', () => {
  const listed = [...files, 'package.json']
  assert.equal(
    packed.filter((path) => !listed.some((entry) => path === entry || path.startsWith(`${entry}/`))),
    []
  )
})

test('no tests, source maps or leftovers', () => {
  assert.equal(
    packed.filter((path) => /\.map$|\.test\.|\.log$|(^|\/)(node_modules|build|test)\//.test(path)),
    []
  )
})

const promised: [name: string, path: string][] = [
  ...files.filter((path) => /^[A-Z]/.test(path)).map((path): [string, string] => [path, path]),
  ...Object.entries(bin).map(([name, path]): [string, string] => [`command ${name}`, path]),
  ...Object.entries(exports).flatMap(([name, entry]) =>
    typeof entry === 'string'
      ? [[name, entry] as [string, string]]
      : Object.entries(entry).map(([condition, path]): [string, string] => [`${name} (${condition})`, path])
  )
].map(([name, path]): [string, string] => [name, path.replace('./', '')])

/** Until the package has its main entry it is being built up, and may promise what is not there; from then on it may not. */
const begun = existsSync(join(root, 'src/index.ts'))

for (const [name, path] of promised) {
  const source = path.replace(/^dist\//, '').replace(/\.(d\.ts|js)$/, '.ts')
  if (begun || existsSync(join(root, source))) test(`contains ${name}`, () => assert.ok(packed.includes(path), `${path} is not packed`))
  else skip(`package contains ${name}`, `${source} is not there yet`)
}

/** What a worker begins with, and nobody imports. */
const PROGRAMS = ['./dag/node/worker', './dag/web-worker', './scheduler/node/worker', './scheduler/web-worker']

for (const [name, entry] of Object.entries(exports)) {
  if (typeof entry === 'string' || !begun || PROGRAMS.includes(name)) continue
  test(`import '${name.replace('.', 'autocodec')}'`, async () => {
    const { code, output } = await node(['--input-type=module', '--eval', `await import('${name.replace('.', 'autocodec')}')`])
    assert.is(code, 0, output)
  })
}

test.run()
