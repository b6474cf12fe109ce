/**
 * The embedded catalog as a table: what each codec is, costs, and has been tried on.
 *
 *     npm run codecs               in columns
 *     npm run codecs -- --json     as JSON
 *     npm run codecs -- --write    into README.md, between its marks
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { conform } from '../src/conformance/index.js'
import { createHost } from '../src/index.js'
import { vectorsOf } from '../test/conformance/vectors.js'
import { root } from './run.js'

const README = join(root, 'README.md')
const [BEGIN, END] = ['<!-- codecs -->', '<!-- /codecs -->']

interface Row {
  readonly code: number
  readonly name: string
  /** of the code in the multicodec table */
  readonly state: 'permanent' | 'draft' | 'unlisted'
  readonly cid: string
  readonly bytes: number
  readonly gzipped: number
  /** to decode a kilobyte of the vectors; null if there are none */
  readonly fuel: number | null
  readonly vectors: number
  readonly passed: number
}

const host = await createHost()
const status = JSON.parse(readFileSync(join(root, 'codecs/status.json'), 'utf8')) as { permanent: string[]; draft: string[] }

async function row(name: string): Promise<Row> {
  const codec = await host.codec(name)
  const module = await host.module(codec.cid)
  const vectors = vectorsOf(name)
  let [fuel, size] = [0, 0]
  for (const { bytes } of vectors.valid) {
    try {
      codec.decode(bytes)
    } catch {
      continue
    }
    fuel += codec.fuel
    size += bytes.length
  }
  const failed = new Set<string>()
  for await (const { law, faults } of conform(module, vectors, { runs: 0 })) {
    for (const { what } of faults) failed.add(what)
    // the laws after these are not about single vectors
    if (law === 'round trip') break
  }
  const count = vectors.valid.length + vectors.invalid.length
  return {
    code: codec.code,
    name,
    state: status.permanent.includes(name) ? 'permanent' : status.draft.includes(name) ? 'draft' : 'unlisted',
    cid: codec.cid.toString(),
    bytes: module.length,
    gzipped: gzipSync(module, { level: 9 }).length,
    fuel: size === 0 ? null : Math.round((fuel / size) * 1000),
    vectors: count,
    passed: count - failed.size
  }
}

const figure = (value: number): string => value.toLocaleString('en')
const hex = (code: number): string => `0x${code.toString(16).replace(/^(..)*.$/, '0$&')}`

const HEADS = ['code', 'codec', 'state', 'bytes', 'gzipped', 'fuel for 1 KB', 'vectors', 'CID'] as const
const cells = ({ code, name, state, bytes, gzipped, fuel, vectors, passed, cid }: Row): string[] => [
  hex(code),
  name,
  state,
  figure(bytes),
  figure(gzipped),
  fuel === null ? '–' : figure(fuel),
  passed === vectors ? figure(vectors) : `${figure(passed)} of ${figure(vectors)}`,
  cid
]

/** Numbers to the right. */
const RIGHT = [3, 4, 5, 6]

function columns(rows: readonly Row[]): string {
  const lines = [[...HEADS], ...rows.map(cells)]
  const widths = HEADS.map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  return lines.map((line) => line.map((cell, i) => (RIGHT.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ')).join('\n')
}

function markdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const [code, name, state, bytes, gzipped, fuel, vectors, cid] = cells(row)
    return [code, `[${name}](codecs/${name}/README.md)`, state, bytes, gzipped, fuel, vectors, `\`${cid}\``]
  })
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  return [line(HEADS), line(HEADS.map((_, i) => (RIGHT.includes(i) ? '---:' : '---'))), ...lines.map(line)].join('\n')
}

const rows: Row[] = []
for (const { manifest } of [...host.codecs()].sort((a, b) => a.manifest.code - b.manifest.code)) rows.push(await row(manifest.name))

if (process.argv.includes('--json')) console.log(JSON.stringify(rows, null, 2))
else if (process.argv.includes('--write')) {
  const text = readFileSync(README, 'utf8')
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (from === -1 || to < from) {
    console.error(`README.md: no ${BEGIN} and ${END} after it`)
    process.exit(1)
  }
  writeFileSync(README, `${text.slice(0, from + BEGIN.length)}\n${markdown(rows)}\n${text.slice(to)}`)
} else console.log(columns(rows))
