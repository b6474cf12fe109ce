/** A directory of blocks, a file each. */
import { readFile } from 'node:fs'
import { join } from 'node:path'
import { base32upper } from 'multiformats/bases/base32'
import type { CID } from 'multiformats/cid'
import type { Blocks } from '../blocks.js'

/**
 * The files of a directory as blocks. A file is named by its CID, with or without `.bin`, as `autocodec car extract` writes them, or by the multihash as blockstore-fs does it:
 * `XX/MULTIHASH.data` in upper-case base32, where `XX` are the last two letters. Nothing is verified: see `verified`.
 */
export function directoryBlocks(path: string): Blocks {
  /** the layout in which something has been found comes first */
  const layouts = [...LAYOUTS]
  return {
    name: path,
    async get(cid, options) {
      // a copy: while this one waits another may put them in another order
      for (const layout of [...layouts]) {
        for (const file of layout(cid)) {
          const bytes = await contents(join(path, file), options?.signal)
          if (bytes === undefined) continue
          layouts.sort((a, b) => Number(b === layout) - Number(a === layout))
          return bytes
        }
      }
      return undefined
    }
  }
}

type Layout = (cid: CID) => readonly string[]

const LAYOUTS: readonly Layout[] = [
  (cid) => {
    const name = base32upper.encode(cid.multihash.bytes)
    return [join(name.slice(-2), `${name}.data`)]
  },
  (cid) => {
    const names = new Set([String(cid), String(cid.toV1())])
    return [...names].flatMap((name) => [name, `${name}.bin`])
  }
]

/** The last: a digest may be longer than any file's name. */
const ABSENT: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']

/** By callback, which costs half as much as by promise; undefined if there is no such file. */
function contents(file: string, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    readFile(file, { signal }, (error, bytes) => {
      if (error === null) resolve(bytes)
      else if (ABSENT.includes(error.code)) resolve(undefined)
      else reject(signal?.aborted ? signal.reason : error)
    })
  })
}
