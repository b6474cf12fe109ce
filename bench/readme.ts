/** The table of README.md, made from results.json. */
import type { Report } from './report.js'

const BEGIN = '<!-- speed -->'
const END = '<!-- /speed -->'

const rows: readonly (readonly [title: string, name: string])[] = [
  ['200 posts: strings, maps and links', '200 posts'],
  ['200 records of the same keys', '200 records, same keys'],
  ['200 records of mixed shapes', '200 records, mixed shapes'],
  ['one record of 327 bytes', 'one small record'],
  ['1,000 links', '1,000 links'],
  ['5,000 integers', '5,000 integers'],
  ['5,000 floats', '5,000 floats'],
  ['one ASCII string of 66 KB', 'one ASCII string'],
  ['64 byte strings of 1 KiB', '64 byte strings of 1 KiB'],
  ['map of 5,000 keys', 'map of 5,000 keys']
]

const columns: readonly (readonly [title: string, codec: string, work: string, ref: string])[] = [
  ['dag-cbor decode', 'dag-cbor', 'decode', '@ipld/dag-cbor'],
  ['against JSON.parse', 'dag-cbor', 'decode', 'JSON.parse'],
  ['encode', 'dag-cbor', 'encode', '@ipld/dag-cbor'],
  ['dag-json decode', 'dag-json', 'decode', '@ipld/dag-json'],
  ['encode', 'dag-json', 'encode', '@ipld/dag-json']
]

/** README.md with the figures of a report. */
export function withSpeed(readme: string, report: Report): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`README.md: expected ${BEGIN} and, after it, ${END}`)
  return `${readme.slice(0, begin + BEGIN.length)}\n${speed(report)}\n${readme.slice(end)}`
}

function speed(report: Report): string {
  const cell = (codec: string, work: string, ref: string, name: string, digits = 1): string => {
    const found = report.cases.find((row) => row.codec === codec && row.work === work && row.ref === ref && row.case === name)
    return found === undefined ? '–' : `${found.figure.toFixed(digits)}×`
  }
  const pb = (work: string, name: string, digits?: number) => cell('dag-pb', work, '@ipld/dag-pb', name, digits)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    `How many times faster than the reference, from the last full run of \`npm run bench\` (Node ${report.node.slice(1).split('.')[0]}):`,
    '',
    line(['data', ...columns.map(([title]) => title)]),
    line(['---', ...columns.map(() => '---')]),
    ...rows.map(([title, name]) => line([title, ...columns.map(([, codec, work, ref]) => cell(codec, work, ref, name))])),
    '',
    `dag-pb against \`@ipld/dag-pb\`: a directory of 174 links decodes ${pb('decode', 'directory of 174 links')}, encodes ${pb('encode', 'directory of 174 links')}; a 256 KiB leaf decodes ${pb('decode', '256 KiB leaf', 2)}, without being read on either side.`
  ].join('\n')
}
