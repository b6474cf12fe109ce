/**
 * The functions that are shipped, as a table.
 *
 *     npm run functions               in columns
 *     npm run functions -- --write    into README.md, between its marks
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { functions } from '../src/task/index.js'
import { root } from './run.js'

const README = join(root, 'README.md')
const [BEGIN, END] = ['<!-- functions -->', '<!-- /functions -->']
const HEADS = ['module', 'functions', 'bytes', 'gzipped', 'CID']

const figure = (value: number): string => value.toLocaleString('en')

const rows = functions().map(({ cid, manifest, size }) => {
  const module = readFileSync(join(root, `build/functions/${manifest.name}.wasm`))
  return [manifest.name, manifest.functions.map(({ name }) => name).join(', '), figure(size), figure(gzipSync(module, { level: 9 }).length), cid.toString()]
})

if (process.argv.includes('--write')) {
  const text = readFileSync(README, 'utf8')
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (from === -1 || to < from) {
    console.error(`README.md: no ${BEGIN} and ${END} after it`)
    process.exit(1)
  }
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  const lines = rows.map(([name, names, ...rest]) => line([`[${name}](functions/${name}/README.md)`, names, ...rest.slice(0, 2), `\`${rest[2]}\``]))
  writeFileSync(
    README,
    `${text.slice(0, from + BEGIN.length)}\n${[line(HEADS), line(['---', '---', '---:', '---:', '---']), ...lines].join('\n')}\n${text.slice(to)}`
  )
} else {
  const all = [HEADS, ...rows]
  const widths = HEADS.map((_, i) => Math.max(...all.map((row) => row[i].length)))
  for (const row of all) console.log(row.map((cell, i) => cell.padEnd(widths[i])).join('  '))
}
