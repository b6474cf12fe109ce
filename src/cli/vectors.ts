/** Vectors of a directory, as docs/conformance.md lays them out. */
import { readdir } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { type Invalid, invalidRows, type Valid, VectorError, type Vectors, validRows } from '../conformance/index.js'
import { parseCid } from './codec-name.js'
import { CliError, EXIT } from './exit.js'
import { fileError, nameOf, readInput } from './input.js'
import { plain } from './text.js'

/** A folder of this name has blocks that are to be refused. */
const INVALID = 'invalid'

/** @throws CliError if a directory is not there or has nothing, or a file of rows is not one */
export async function readVectors(folders: readonly string[]): Promise<Vectors> {
  const valid: Valid[] = []
  const invalid: Invalid[] = []
  for (const folder of folders) {
    const names = await fileError(folder, () => readdir(folder, { recursive: true, withFileTypes: true }))
    const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => join(entry.parentPath, entry.name))
    if (files.length === 0) throw new CliError('EMPTY', EXIT.data, `no vectors in ${plain(folder)}: the directory has no files`)
    for (const file of files.sort()) {
      const bytes = await readInput(file)
      if (file.endsWith('.valid.json')) valid.push(...rows(file, bytes, validRows))
      else if (file.endsWith('.invalid.json')) invalid.push(...rows(file, bytes, invalidRows))
      else {
        const path = relative(folder, file)
        const row = { name: path.split(sep).join('/'), bytes: new Uint8Array(bytes) }
        if (path.split(sep).slice(0, -1).includes(INVALID)) invalid.push(row)
        else valid.push({ ...row, cid: parseCid(basename(file).split('.')[0]) })
      }
    }
  }
  return { valid, invalid }
}

function rows<T>(file: string, bytes: Uint8Array, read: (rows: unknown) => T[]): T[] {
  try {
    return read(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (error) {
    if (error instanceof VectorError || error instanceof SyntaxError || error instanceof TypeError)
      throw new CliError('NOT_VECTORS', EXIT.data, `${nameOf(file)}: ${plain(error.message)}`, { cause: error })
    throw error
  }
}
