/** Which file of `src` may import which: the architecture, as a table and the rules that read it. */
import { builtinModules } from 'node:module'

/** From top to bottom; a folder imports from rows below its own, and never from a neighbour in its row. */
const ROWS: readonly (readonly string[])[] = [
  ['cli', 'gateway', 'helia'],
  ['index.ts'],
  ['scheduler'],
  ['task'],
  ['ucan', 'dag', 'conformance'],
  ['codec'],
  ['sandbox', 'ipld']
]

/** What runs in browsers as it is, hence without Node's own modules. */
const CORE = ['ipld', 'sandbox', 'codec', 'dag', 'ucan', 'conformance', 'engine', 'task', 'scheduler', 'index.ts']

/** Files and folders of the core that are subpath exports of their own for Node; only the faces may import them. */
const NODE_ONLY = ['codec/source/directory.ts', 'codec/source/directory-store.ts', 'dag/node/', 'scheduler/node/', 'engine/disk.ts', 'engine/disk/']

/** The port that state stands behind. Its drivers know it and their own files alone, and only the faces know drivers. */
const PORT = 'engine/interface.ts'
const PORT_USERS = ['scheduler', 'task', 'index.ts']

/** An import: paths are relative to `src`, with forward slashes. */
export interface Import {
  readonly from: string
  /** a file of src, or, for what is not in src, the specifier as it is written */
  readonly to: string
  readonly inside: boolean
  /** `import type`: gone when the program runs */
  readonly typeOnly: boolean
  /** `import()` */
  readonly dynamic: boolean
}

/** Why this import points the wrong way; undefined if it does not. */
export function wrong({ from, to, inside }: Import): string | undefined {
  const home = place(from)
  if (!inside) {
    if (/(^|\/)dist(\/|$)/.test(to) && to.startsWith('.')) return 'dist is made from src'
    if (to.startsWith('.')) return 'it leaves src'
    if (isBuiltin(to) && CORE.includes(home) && !nodeOnly(from)) return 'the core runs in browsers and has none of Node’s modules'
    return undefined
  }

  const target = place(to)
  const face = ROWS[0].includes(home)
  if (nodeOnly(to) && !face && !nodeOnly(from)) return 'only a face may import a file that is for Node alone'
  if (home === 'engine') return engineOf(from, to, target) ? undefined : `a driver knows ${PORT} alone`
  if (target === 'engine') return face || (to === PORT && PORT_USERS.includes(home)) ? undefined : `state stands behind ${PORT}`

  if (home === target) return undefined
  const [row, targetRow] = [rowOf(home), rowOf(target)]
  if (row === -1 || targetRow === -1) return `${row === -1 ? home : target} has no place in the table of scripts/house.ts`
  if (row === targetRow) return `${home} and ${target} are neighbours and do not know each other`
  return row < targetRow ? undefined : `${home} is below ${target}`
}

/** A cycle of imports between files, as the files in order; undefined if there is none. Types count for nothing here: they do not run. */
export function cycle(imports: readonly Import[]): string[] | undefined {
  const edges = new Map<string, string[]>()
  for (const { from, to, inside, typeOnly, dynamic } of imports) {
    if (inside && !typeOnly && !dynamic) edges.set(from, [...(edges.get(from) ?? []), to])
  }
  const done = new Set<string>()
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const next of edges.get(file) ?? []) {
      const found = visit(next, [...path, file])
      if (found !== undefined) return found
    }
    done.add(file)
    return undefined
  }
  for (const file of edges.keys()) {
    const found = visit(file, [])
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a file of the engine may import that one: a driver NAME.ts has its own files in NAME/. */
function engineOf(from: string, to: string, target: string): boolean {
  const driver = (file: string) => file.split('/')[1].replace('.ts', '')
  return to === PORT || (from === PORT && target === 'ipld') || from === 'engine/index.ts' || (target === 'engine' && driver(from) === driver(to))
}

function nodeOnly(file: string): boolean {
  return NODE_ONLY.some((path) => file === path || (path.endsWith('/') && file.startsWith(path)))
}

/** The folder of a file of src; a file beside the folders is a place of its own. */
function place(file: string): string {
  return file.split('/')[0]
}

function rowOf(place: string): number {
  return ROWS.findIndex((row) => row.includes(place))
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier.split('/')[0])
}
