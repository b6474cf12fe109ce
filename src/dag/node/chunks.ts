/** A file as chunks. */
import { open } from 'node:fs/promises'

export interface FileChunksOptions {
  /** bytes of a chunk; default 1 MiB */
  readonly size?: number
  /** the first byte, and the one after the last; default all */
  readonly start?: number
  readonly end?: number
  readonly signal?: AbortSignal
}

/** The chunks of a file in order. The next one is being read while the reader is busy with the last, and each has its own memory, since blocks are views of it. */
export async function* fileChunks(
  path: string,
  { size = 1 << 20, start = 0, end = Number.POSITIVE_INFINITY, signal }: FileChunksOptions = {}
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted()
  const file = await open(path)
  const read = (at: number): Promise<Uint8Array> => {
    const length = Math.min(size, end - at)
    if (length <= 0) return Promise.resolve(new Uint8Array(0))
    const reading = file.read(Buffer.allocUnsafeSlow(length), 0, length, at).then(({ bytesRead, buffer }) => buffer.subarray(0, bytesRead))
    // it is waited for a chunk later, or not at all
    reading.catch(() => {})
    return reading
  }
  let next = read(start)
  try {
    for (let at = start; ; ) {
      const chunk = await next
      signal?.throwIfAborted()
      if (chunk.length === 0) return
      at += chunk.length
      next = read(at)
      yield chunk
    }
  } finally {
    await next.catch(() => {})
    await file.close()
  }
}
