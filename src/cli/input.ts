/** Where data comes from: files, and standard input for `-`. */
import { readFile, stat } from 'node:fs/promises'
import { fileChunks } from '../dag/node/chunks.js'
import { CliError, EXIT } from './exit.js'
import { plain } from './text.js'

export const STDIN = '-'

/** How messages call it. */
export function nameOf(file: string): string {
  return file === STDIN ? 'standard input' : plain(file)
}

/** All bytes of a file or of standard input. */
export async function readInput(file: string): Promise<Uint8Array> {
  if (file !== STDIN) return fileError(file, () => readFile(file))
  const parts: Uint8Array[] = []
  for await (const part of process.stdin) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}

/** A file or standard input in chunks. `size` is undefined where it cannot be known. */
export async function openInput(file: string): Promise<{ size?: number; chunks: AsyncIterable<Uint8Array> }> {
  if (file === STDIN) return { chunks: process.stdin }
  const { size } = await fileError(file, () => statFile(file))
  return { size, chunks: fileChunks(file) }
}

/** Does `work` on a file; what the file system answers becomes a line that says what to do. */
export async function fileError<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new CliError('NO_SUCH_FILE', EXIT.missing, `no such file: ${plain(file)}`, { cause: error })
    if (code === 'EISDIR') throw new CliError('DIRECTORY', EXIT.usage, `${plain(file)} is a directory; give a file, or - for standard input`, { cause: error })
    if (code === 'EACCES' || code === 'EPERM')
      throw new CliError('NO_SUCH_FILE', EXIT.failure, `${plain(file)} may not be read: permission denied`, { cause: error })
    throw error
  }
}

async function statFile(file: string): Promise<{ size: number }> {
  const found = await stat(file)
  if (found.isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' })
  return found
}
