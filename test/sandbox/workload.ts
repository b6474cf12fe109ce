import { main } from 'assemblyscript/asc'

/** fixtures/honest/workload.ts, compiled as codecs are, with SIMD and bulk memory. */
export async function workload(): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined
  const { error, stderr } = await main(
    [
      'workload.ts',
      '--baseDir',
      new URL('../../fixtures/honest/', import.meta.url).pathname,
      '-O3',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      '--enable',
      'simd',
      '--enable',
      'bulk-memory',
      '-o',
      'workload.wasm'
    ],
    {
      writeFile: (_name, contents) => {
        bytes = contents as Uint8Array
      }
    }
  )
  if (error || !bytes) throw error ?? new Error(String(stderr))
  return bytes
}
