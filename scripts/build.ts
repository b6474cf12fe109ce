/**
 * Builds the package: codecs to `build/codecs/NAME.wasm`, the embedded catalog from them, and `src` to `dist/src`. A codec whose files and settings are as they were is not
 * compiled again.
 *
 * `--if-stale` does nothing if no source is newer than the last build. `--update-codecs` records the CIDs of what it has built; without it another CID is an error.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { each, files, folderOf, node, type Run, root, typescript } from './run.js'

const STAMP = join(root, 'build/stamp')
const SOURCES = ['codecs', 'functions', 'src']
const SETTINGS = ['asconfig.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.ts', 'scripts/codecs.ts', 'scripts/inline.ts']

/** The modules to compile: the targets of asconfig.json. A module's entry is `codecs/NAME/index.ts` or `functions/NAME/index.ts`; the catalog's step is the one to miss one. */
function targets(): string[] {
  const path = join(root, 'asconfig.json')
  if (!existsSync(path)) return []
  const { targets = {} } = JSON.parse(readFileSync(path, 'utf8')) as { targets?: Record<string, unknown> }
  return Object.keys(targets).filter((name) => {
    const there = existsSync(join(root, entryOf(name)))
    if (!there) console.log(`absent  ${name}: asconfig.json has a target, but there is no index.ts`)
    return there
  })
}

function entryOf(name: string): string {
  return `${folderOf(name)}/${name}/index.ts`
}

function stale(): boolean {
  if (!existsSync(STAMP) || !existsSync(join(root, 'dist/src'))) return true
  const built = statSync(STAMP).mtimeMs
  const sources = [...SOURCES.flatMap((folder) => files(folder, '')), ...SETTINGS]
  return sources.some((path) => existsSync(join(root, path)) && statSync(join(root, path)).mtimeMs > built)
}

async function step(what: string, work: Promise<Run>): Promise<void> {
  const { code, output, seconds } = await work
  console.log(`${code === 0 ? 'built ' : 'failed'}  ${what.padEnd(24)} ${seconds.toFixed(1)} s`)
  if (code === 0) return
  console.error(output)
  process.exit(1)
}

/** All files that a codec is made of: its entry and what that imports, directly or not. */
function sourcesOf(entry: string): string[] {
  const found = new Set([entry])
  for (const path of found) {
    for (const [, from] of readFileSync(join(root, path), 'utf8').matchAll(/from '(\.[^']*)'/g)) {
      const target = join(dirname(path), from)
      const next = [`${target}.ts`, join(target, 'index.ts')].find((file) => existsSync(join(root, file)))
      if (next !== undefined) found.add(next)
    }
  }
  return [...found].sort()
}

/** What decides about the compiled bytes: sources, compiler and its settings. */
function keyOf(name: string): string {
  const hash = createHash('sha256')
  const { options, targets } = JSON.parse(readFileSync(join(root, 'asconfig.json'), 'utf8'))
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/assemblyscript/package.json'), 'utf8'))
  hash.update(JSON.stringify([version, options, targets[name]]))
  for (const path of sourcesOf(entryOf(name))) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

/** Compiles a module to `build/compiled`; its manifest comes in later. */
async function compile(name: string): Promise<void> {
  const [wasm, stamp, key] = [`build/compiled/${name}.wasm`, join(root, `build/compiled/${name}.key`), keyOf(name)]
  if (existsSync(join(root, wasm)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return
  await step(dirname(entryOf(name)), node(['node_modules/assemblyscript/bin/asc.js', entryOf(name), '--target', name, '--outFile', wasm]))
  writeFileSync(stamp, key)
}

if (process.argv.includes('--if-stale') && !stale()) process.exit(0)

rmSync(join(root, 'build/codecs'), { recursive: true, force: true })
rmSync(join(root, 'build/functions'), { recursive: true, force: true })
for (const folder of ['codecs', 'compiled', 'functions']) mkdirSync(join(root, 'build', folder), { recursive: true })
await each(targets(), Math.min(2, cpus().length), compile)

if (existsSync(join(root, 'scripts/codecs.ts')))
  await step('embedded catalog', node([...typescript('scripts/codecs.ts'), ...(process.argv.includes('--update-codecs') ? ['--update'] : [])]))

// a file that has left src must leave dist too, or it would be published
rmSync(join(root, 'dist'), { recursive: true, force: true })
await step('src', node(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']))
await step('constants', node(typescript('scripts/inline.ts')))
// last, since the catalog's step writes files of its own under src
writeFileSync(STAMP, '')
