/** `npm ci` refuses a lock file that lacks a platform's package; a registry without that package makes npm write one, so it is looked at here. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../scripts/run.js'

interface Locked {
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly resolved?: string
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Locked

/** Whether Node, started in the folder of `from`, would find the package: in its node_modules or in one further up. */
function found(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (lock.packages[path] !== undefined) return true
    if (folder === '') return false
  }
}

test('the lock file has the dependencies of package.json', () => {
  for (const kind of ['dependencies', 'devDependencies'] as const) assert.equal(lock.packages[''][kind], manifest[kind])
})

test('the lock file has every dependency of every package, those of other platforms too', () => {
  const missing = Object.entries(lock.packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !found(from, name))
      .map((name) => `${from} needs ${name}`)
  )
  assert.equal(missing, [])
})

test('the lock file names no registry', () => {
  assert.equal(
    Object.entries(lock.packages)
      .filter(([, { resolved }]) => resolved !== undefined)
      .map(([path]) => path),
    []
  )
})

test.run()
