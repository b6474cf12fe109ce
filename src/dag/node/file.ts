/** A file that is read anywhere in it. */
import { type FileHandle, open } from 'node:fs/promises'
import type { RandomAccess } from '../car-blocks.js'

/** A file as `carBlocks` wants it. It is open until it is disposed of. */
export class FileAccess implements RandomAccess {
  readonly name: string
  readonly size: number
  readonly #file: FileHandle

  private constructor(name: string, size: number, file: FileHandle) {
    this.name = name
    this.size = size
    this.#file = file
  }

  static async open(path: string): Promise<FileAccess> {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      return new FileAccess(path, size, file)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async read(offset: number, length: number, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array> {
    options?.signal?.throwIfAborted()
    const wanted = Math.max(0, Math.min(length, this.size - offset))
    if (wanted === 0) return new Uint8Array(0)
    const { bytesRead, buffer } = await this.#file.read(new Uint8Array(wanted), 0, wanted, offset)
    return buffer.subarray(0, bytesRead)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }
}
