import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Reading } from '../comparison.js'
import { root } from '../root.js'

/** the built codecs, a module each */
const modules = new URL('build/codecs/', root)
/** the source file that carries the codecs: not the host core */
const carrier = /embedded/

/** What a browser loads, gzipped, in kilobytes of 1,000 bytes: the host with its dependencies, without the codecs, and each codec. */
export function sizes(): Reading[] {
  const files = existsSync(modules)
    ? readdirSync(modules)
        .filter((file) => file.endsWith('.wasm'))
        .sort()
    : []
  return [
    reading('', 'host core', bundle),
    ...files.map((file) => reading(file.replace(/\.wasm$/, ''), 'codec module', () => readFileSync(new URL(file, modules))))
  ]
}

const reading = (codec: string, name: string, load: () => Uint8Array | Promise<Uint8Array>): Reading => ({
  work: 'size',
  codec,
  case: name,
  group: undefined,
  bytes: 0,
  ref: '',
  unit: 'KB',
  read: async () => {
    const bytes = await load()
    return { bytes: bytes.length, figures: [gzipSync(bytes, { level: 9 }).length / 1000] }
  }
})

async function bundle(): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('src/index.ts', root))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
    plugins: [
      {
        name: 'without-codecs',
        setup(builder) {
          builder.onResolve({ filter: carrier }, ({ path }) => ({ path, external: true }))
        }
      }
    ]
  })
  return result.outputFiles[0].contents
}
