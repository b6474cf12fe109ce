/** The functions that come with the package. Each module is a file of its own, loaded when it is wanted. */
import { CID } from 'multiformats/cid'
import type { FunctionManifest } from '../../codec/manifest.js'
import { FUNCTIONS } from './index.generated.js'

/** A function module as `index.generated.ts` lists it. */
export interface ShippedFunction {
  readonly cid: string
  /** bytes of the module */
  readonly size: number
  readonly manifest: FunctionManifest
  /** the module, in base64 */
  readonly load: () => Promise<{ readonly MODULE: string }>
}

/** A function module that is shipped. */
export interface FunctionEntry {
  readonly cid: CID
  readonly manifest: FunctionManifest
  /** bytes of the module */
  readonly size: number
}

/** The function modules that are shipped. */
export function functions(): readonly FunctionEntry[] {
  return FUNCTIONS.map(({ cid, manifest, size }) => ({ cid: CID.parse(cid), manifest, size }))
}

/** The CID of the shipped module of this name; undefined if there is none. */
export function functionNamed(name: string): CID | undefined {
  const found = FUNCTIONS.find(({ manifest }) => manifest.name === name)
  return found && CID.parse(found.cid)
}

/** A shipped module's bytes; undefined if it is not shipped. */
export async function shippedModule(cid: CID): Promise<Uint8Array | undefined> {
  const key = cid.toString()
  const found = FUNCTIONS.find((each) => each.cid === key)
  return found && fromBase64((await found.load()).MODULE)
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
