/** Whether bytes have the hash of a CID, by the fastest way there is. */
import type { CID } from 'multiformats/cid'

/** True or false, at once where that is possible, or undefined where it cannot say: then the hash functions of `verify` do. */
export type Check = (cid: CID, bytes: Uint8Array) => boolean | undefined | Promise<boolean | undefined>

type Hash = (name: string, bytes: Uint8Array, form: 'latin1') => string

interface NodeGlobal {
  process?: { getBuiltinModule?(name: string): { hash?: Hash } | undefined }
}

/** Node's own, in one call: found, not imported, so that browsers do without. A digest as text costs a third of one as bytes, which counts where blocks are small. */
const hash = (globalThis as NodeGlobal).process?.getBuiltinModule?.('node:crypto')?.hash

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x12, 'sha256'],
  [0x13, 'sha512']
])

/** The check that is used if the caller gives none. */
export const check: Check = (cid, bytes) => {
  const { code, digest } = cid.multihash
  const name = hash && NAMES.get(code)
  if (hash === undefined || name === undefined) return undefined
  const text = hash(name, bytes, 'latin1')
  // a digest that is cut is allowed, within bounds
  if (text.length !== digest.length) return undefined
  for (let i = 0; i < digest.length; i++) if (text.charCodeAt(i) !== digest[i]) return false
  return true
}
