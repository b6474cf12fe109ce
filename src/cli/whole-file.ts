/** Files that are written to the end or not at all: what fails leaves no half of a file under that name. */
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

export async function writeWhole(file: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${file}.part`
  try {
    await pipeline(chunks, createWriteStream(part))
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** The same for a few bytes, which survive a loss of power. @param mode of the file, whatever the umask leaves of it */
export async function writeSafely(file: string, bytes: Uint8Array | string, mode = 0o666): Promise<void> {
  const part = `${file}.${process.pid}.part`
  try {
    const handle = await open(part, 'wx', mode)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}
