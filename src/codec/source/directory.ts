/** A directory as a source, for Node: files named CID.wasm or CID. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Source } from './interface.js'

export function directorySource(path: string): Source {
  return {
    name: path,
    async get(cid, options) {
      for (const name of [`${cid}.wasm`, `${cid}`]) {
        try {
          return await readFile(join(path, name), { signal: options?.signal })
        } catch (error) {
          // a digest may be longer than any file's name
          if (!['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
        }
      }
      return undefined
    }
  }
}
