/** GZIP by the platform's own streams, which Node and browsers have. */
import { UcanError } from './errors.js'

export function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  return through(bytes, new CompressionStream('gzip'), Number.POSITIVE_INFINITY)
}

/** @throws UcanError `CONTAINER_SIZE` once more than `limit` bytes have come, and whatever the platform throws of what is no GZIP */
export function gunzip(bytes: Uint8Array, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  return through(bytes, new DecompressionStream('gzip'), limit, signal)
}

async function through(bytes: Uint8Array, transform: CompressionStream, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  // what goes wrong with the input is heard of where the output is read
  const source = new ReadableStream<BufferSource>({
    start(controller) {
      controller.enqueue(bytes as BufferSource)
      controller.close()
    }
  })
  const reader = source.pipeThrough(transform as ReadableWritablePair<Uint8Array, BufferSource>, { signal }).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > limit) {
      await reader.cancel().catch(() => undefined)
      throw new UcanError('CONTAINER_SIZE', `a container that unpacks to more than ${limit} bytes`)
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
