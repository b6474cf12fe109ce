/**
 * What a browser loads, in KB, minified and gzipped: the host core, which is what `createHost` brings with it but for what it loads on demand, and each codec. Fails over a limit,
 * and if the core cannot be bundled for browsers at all.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { BuildFailure } from 'esbuild'
import { CORE, coreChunks } from './core.js'
import { files, root } from './run.js'

const CORE_LIMIT = 20
/** The four that nearly all traffic is in. */
const FIRST = ['raw.wasm', 'dag-pb.wasm', 'dag-cbor.wasm', 'dag-json.wasm']
const FIRST_LIMIT = 8
const CODEC_LIMIT = 12

/** A row of the report. */
interface Part {
  readonly name: string
  readonly size: number
  readonly gzipped: number
  readonly limit?: number
}

function part(name: string, contents: readonly Uint8Array[], limit?: number): Part {
  const sum = (lengths: number[]) => lengths.reduce((total, length) => total + length, 0) / 1000
  return {
    name,
    size: sum(contents.map((bytes) => bytes.length)),
    gzipped: sum(contents.map((bytes) => gzipSync(bytes, { level: 9 }).length)),
    limit
  }
}

/** The core's files, apart from those that only an `import()` leads to, such as the embedded codecs. */
async function core(): Promise<Part[]> {
  const chunks = await coreChunks()
  const now = chunks.filter(({ atOnce }) => atOnce).map(({ contents }) => contents)
  const later = chunks.filter(({ atOnce }) => !atOnce)
  return [part('host core', now, CORE_LIMIT), ...later.map(({ name, contents }) => part(`  on demand: ${name}`, [contents]))]
}

const parts: Part[] = []
if (existsSync(join(root, CORE))) {
  try {
    parts.push(...(await core()))
  } catch (error) {
    for (const { text, location } of (error as BuildFailure).errors ?? [{ text: String(error), location: null }]) {
      console.error(`${location ? `${location.file}:${location.line}: ` : ''}${text.split('\n')[0]}`)
    }
    console.error(`${CORE} cannot be bundled for browsers`)
    process.exit(1)
  }
} else console.log(`SKIP host core: ${CORE} is not there`)
for (const path of files('build/codecs', '.wasm')) {
  const name = basename(path)
  parts.push(part(name, [readFileSync(join(root, path))], FIRST.includes(name) ? FIRST_LIMIT : CODEC_LIMIT))
}

const cell = (text: string) => text.padStart(9)
console.log(`${''.padEnd(36)}${cell('KB')}${cell('gzipped')}${cell('limit')}`)
for (const { name, size, gzipped, limit } of parts) {
  console.log(`${name.padEnd(36)}${cell(size.toFixed(1))}${cell(gzipped.toFixed(1))}${cell(limit?.toString() ?? '')}`)
}
const over = parts.filter(({ gzipped, limit }) => limit !== undefined && gzipped > limit)
for (const { name, gzipped, limit } of over) console.error(`${name} is ${gzipped.toFixed(1)} KB gzipped, over its limit of ${limit} KB`)
process.exit(over.length > 0 ? 1 : 0)
