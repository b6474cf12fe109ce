/** A CAR that is read twice: from the start to its end, then block by block. */
import { type FileHandle, open } from 'node:fs/promises'
import { fileError, openInput, readInput, STDIN } from './input.js'

export class CarFile {
  readonly size: number
  readonly #handle?: FileHandle
  readonly #bytes?: Uint8Array

  private constructor(size: number, handle?: FileHandle, bytes?: Uint8Array) {
    this.size = size
    this.#handle = handle
    this.#bytes = bytes
  }

  /** Standard input cannot be read twice and is held in memory; a file is not. */
  static async open(file: string): Promise<CarFile> {
    if (file === STDIN) {
      const bytes = await readInput(file)
      return new CarFile(bytes.length, undefined, bytes)
    }
    const { size } = await openInput(file)
    return new CarFile(size ?? 0, await fileError(file, () => open(file)))
  }

  /** All of it, from the start. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    if (this.#bytes !== undefined) {
      yield this.#bytes
      return
    }
    const length = 1 << 18
    for (let at = 0; ; ) {
      // a buffer of its own for each chunk, since blocks are views of it
      const { bytesRead, buffer } = await this.#read(at, length)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  }

  async bytes(offset: number, length: number): Promise<Uint8Array> {
    if (this.#bytes !== undefined) return this.#bytes.subarray(offset, offset + length)
    const { bytesRead, buffer } = await this.#read(offset, length)
    if (bytesRead < length) throw new Error(`the file has become shorter: bytes ${offset} to ${offset + length} are gone`)
    return buffer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle?.close()
  }

  #read(offset: number, length: number): Promise<{ bytesRead: number; buffer: Uint8Array }> {
    return (this.#handle as FileHandle).read(new Uint8Array(length), 0, length, offset)
  }
}
