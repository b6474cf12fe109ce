import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { coreChunks } from '../../scripts/core.js'
import type { Reading } from '../comparison.js'
import { root } from '../root.js'

/** the built codecs, a module each */
const modules = new URL('build/codecs/', root)
/** The four that nearly all traffic is in. */
const FIRST = ['raw.wasm', 'dag-pb.wasm', 'dag-cbor.wasm', 'dag-json.wasm']

/** What a browser loads, gzipped, in kilobytes of 1,000 bytes: the host with its dependencies, without the codecs, and each codec. */
export function sizes(): Reading[] {
  const files = existsSync(modules)
    ? readdirSync(modules)
        .filter((file) => file.endsWith('.wasm'))
        .sort()
    : []
  return [
    reading('', 'host core', async () => (await coreChunks()).filter(({ atOnce }) => atOnce).map(({ contents }) => contents)),
    ...files.map((file) =>
      reading(file.replace(/\.wasm$/, ''), FIRST.includes(file) ? 'codec module' : 'further module', () => [readFileSync(new URL(file, modules))])
    )
  ]
}

const reading = (codec: string, name: string, load: () => Uint8Array[] | Promise<Uint8Array[]>): Reading => ({
  work: 'size',
  codec,
  case: name,
  group: undefined,
  bytes: 0,
  ref: '',
  unit: 'KB',
  read: async () => {
    const files = await load()
    const gzipped = files.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0)
    return { bytes: files.reduce((sum, bytes) => sum + bytes.length, 0), figures: [gzipped / 1000] }
  }
})
