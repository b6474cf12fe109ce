/** A function's module as commands take it: the name of one that is shipped, a CID, or a file. */
import { existsSync } from 'node:fs'
import type { CID } from 'multiformats/cid'
import { HostError } from '../codec/errors.js'
import { type FunctionManifest, readFunctionManifest } from '../codec/manifest.js'
import { DagError } from '../dag/index.js'
import { functions } from '../task/index.js'
import { shippedModule } from '../task/shipped/shipped.js'
import { parseCid } from './codec-name.js'
import { CliError, EXIT } from './exit.js'
import { readInput, STDIN } from './input.js'
import { moduleCid } from './module.js'
import { plain, quote } from './text.js'

export interface FoundFunction {
  readonly cid: CID
  /** it comes with the package: everybody has it */
  readonly shipped: boolean
  manifest(): Promise<FunctionManifest>
  bytes(): Promise<Uint8Array>
}

/** Where a block is found, verified; undefined if nobody has it. */
export type Get = (cid: CID) => Promise<Uint8Array | undefined>

/** @param get for a CID; nothing is asked before the module or its manifest is */
export async function findFunction(which: string, get: Get): Promise<FoundFunction> {
  const shipped = functions().find(({ manifest, cid }) => manifest.name === which || cid.toString() === which)
  if (shipped !== undefined) {
    const { cid, manifest } = shipped
    return { cid, shipped: true, manifest: async () => manifest, bytes: async () => (await shippedModule(cid)) as Uint8Array }
  }
  if (which === STDIN || /[/\\]|\.wasm$/.test(which) || existsSync(which)) {
    const bytes = await readInput(which)
    const manifest = manifestIn(which, bytes)
    return { cid: await moduleCid(bytes), shipped: false, manifest: async () => manifest, bytes: async () => bytes }
  }
  const cid = parseCid(which)
  if (cid === undefined) {
    const names = functions().map(({ manifest }) => manifest.name)
    throw new CliError(
      'NOT_FOUND',
      EXIT.missing,
      `no function module ${plain(which)}: expected a CID, a FILE.wasm, or one that is shipped, which are ${names.join(', ')}`
    )
  }
  const bytes = async (): Promise<Uint8Array> => {
    const found = await get(cid)
    if (found === undefined) throw new DagError('BLOCK_NOT_FOUND', `function module ${cid} is not there`, { cid })
    return found
  }
  return { cid, shipped: false, bytes, manifest: async () => readFunctionManifest(await bytes()) }
}

/** The manifest of a file: what is wrong with it is said of the file. */
function manifestIn(file: string, bytes: Uint8Array): FunctionManifest {
  try {
    return readFunctionManifest(bytes)
  } catch (error) {
    if (error instanceof HostError) throw new HostError(error.code, `${plain(file)}: ${error.message}`, error)
    throw error
  }
}

/** The function that is meant: the one named, or the only one. */
export function funOf({ name, functions: known }: FunctionManifest, fun: string | undefined): string {
  const names = known.map((each) => each.name)
  if (fun === undefined) {
    if (names.length === 1) return names[0]
    throw new CliError('USAGE', EXIT.usage, `${name} has ${names.length} functions: --fun says which, one of ${names.join(', ')}`)
  }
  if (!names.includes(fun)) throw new CliError('USAGE', EXIT.usage, `--fun: ${name} has no function ${quote(fun, 80)}; it has ${names.join(', ')}`)
  return fun
}
