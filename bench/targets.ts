import type { Row, Unit, Work } from './comparison.js'
import type { Group } from './data.js'
import type { Failure, Result } from './result.js'

/** A figure to reach. It is judged by the worst of the rows that it is about. */
export interface Target {
  readonly id: string
  readonly description: string
  readonly against: string
  readonly bound: 'at least' | 'at most'
  readonly limit: number
  readonly unit: Unit
  readonly about: About
}

interface About {
  readonly work: Work
  readonly codec?: string
  readonly groups?: readonly Group[]
  /** the start of the case's name */
  readonly case?: string
  readonly ref?: string
}

export interface Verdict extends Omit<Target, 'about'> {
  /** null: no row of this target was measured */
  readonly figure: number | null
  readonly worst: string | null
  readonly reached: boolean | null
}

const records: readonly Group[] = ['many records', 'links']

const CAR_CODECS = '@ipld/car and the JavaScript codecs'

export const targets: readonly Target[] = [
  faster('decode-records', 'dag-cbor decode, many records', 5, '@ipld/dag-cbor', { work: 'decode', codec: 'dag-cbor', groups: ['many records'] }),
  faster('decode-small', 'dag-cbor decode, one record', 5, '@ipld/dag-cbor', { work: 'decode', codec: 'dag-cbor', groups: ['one record'] }),
  faster('decode-links', 'dag-cbor decode, links', 5, '@ipld/dag-cbor', { work: 'decode', codec: 'dag-cbor', groups: ['links'] }),
  faster('decode-worst', 'dag-cbor decode, every case', 1.5, '@ipld/dag-cbor', { work: 'decode', codec: 'dag-cbor' }),
  faster('decode-json-parse', 'dag-cbor decode, many records', 1, 'JSON.parse', { work: 'decode', codec: 'dag-cbor', groups: ['many records'] }),
  faster('encode', 'dag-cbor encode, records and links', 5, '@ipld/dag-cbor', { work: 'encode', codec: 'dag-cbor', groups: records }),
  faster('json-decode', 'dag-json decode, records and links', 5, '@ipld/dag-json', { work: 'decode', codec: 'dag-json', groups: records }),
  faster('json-encode', 'dag-json encode, records and links', 5, '@ipld/dag-json', { work: 'encode', codec: 'dag-json', groups: records }),
  faster('pb-decode', 'dag-pb decode, 174 links', 3, '@ipld/dag-pb', { work: 'decode', codec: 'dag-pb', case: 'directory of 174' }),
  faster('pb-encode', 'dag-pb encode, 174 links', 3, '@ipld/dag-pb', { work: 'encode', codec: 'dag-pb', case: 'directory of 174' }),
  faster('pb-leaf', 'dag-pb decode, 256 KiB leaf (within 3× of its time)', 1 / 3, '@ipld/dag-pb', { work: 'decode', codec: 'dag-pb', case: '256 KiB leaf' }),
  faster('links', 'links, dag-cbor records', 12, '@ipld/dag-cbor + Block.links()', { work: 'links', codec: 'dag-cbor', groups: ['many records'] }),
  faster('path', 'one path lookup in 66 KB, dag-cbor', 10, '@ipld/dag-cbor + walk', { work: 'path', codec: 'dag-cbor' }),
  faster('stream-records', 'every block of a CAR of records', 4, CAR_CODECS, { work: 'stream', case: 'CAR of records' }),
  faster('stream-files', 'every block of a CAR of files', 2, CAR_CODECS, { work: 'stream', case: 'CAR of files' }),
  faster('stream-floor', 'every block of a CAR of files (within 1.5× of its time)', 1 / 1.5, 'reading and hashing', { work: 'stream', case: 'CAR of files' }),
  cheaper('stream-memory', 'most memory, whatever the size of the CAR', 200, 'MiB', '', { work: 'memory', case: 'CAR' }),
  faster('walk', 'walk of 100,000 blocks in files', 3, '@helia/utils', { work: 'walk' }),
  faster('resolve', 'path through 10 blocks', 3, 'JavaScript codecs', { work: 'resolve' }),
  ...family('messagepack', 2, '@msgpack/msgpack'),
  ...family('cbor', 2, 'cborg'),
  // the engine's own parser, written in C++: to be as fast is much
  ...family('json', 1, 'multiformats json'),
  ...family('json-jcs', 2, 'json-canonicalize'),
  ...family('bencode', 2, 'bencode'),
  ...family('torrent-file', 2, 'bencode'),
  ...family('rlp', 2, '@ethereumjs/rlp'),
  ...family('git-raw', 2, 'ipld-git'),
  ...family('dag-jose', 2, 'dag-jose'),
  ...family('bitcoin-block', 3, 'bitcoin-block'),
  ...family('zcash-block', 2, 'zcash-block'),
  cheaper('isolation', 'isolation between calls, small record', 2, 'µs', 'the same codec pinned', {
    work: 'isolation',
    codec: 'dag-cbor',
    groups: ['one record']
  }),
  cheaper('metering-records', 'metering, whole decode of records', 12, '%', 'the same module unmetered', {
    work: 'metering',
    codec: 'dag-cbor',
    groups: ['many records']
  }),
  cheaper('metering-worst', 'metering, whole decode, every case', 12, '%', 'the same module unmetered', { work: 'metering' }),
  cheaper('cold-start', 'cold start of an embedded codec', 5, 'ms', '', { work: 'cold start' }),
  faster('layout', 'UnixFS file through the layout', 1, 'ipfs-unixfs-exporter', { work: 'layout', codec: 'unixfs', case: 'file' }),
  cheaper('memo-memory', 'a remembered task, in memory', 100, 'µs', '', { work: 'task', case: 'memoised call, memory' }),
  cheaper('memo-disk', 'a remembered task, on disk', 300, 'µs', '', { work: 'task', case: 'memoised call, disk' }),
  cheaper('task-memory', 'a small function beyond its own time, unsigned', 200, 'µs', '', { work: 'task', case: 'small function beyond its own time, memory' }),
  faster('word-count', 'word count of a UnixFS file', 1, 'a loop over ipfs-unixfs-exporter', { work: 'task', case: 'word count' }),
  cheaper('word-count-memory', 'most memory of a word count', 128, 'MiB', '', { work: 'memory', case: 'word count' }),
  faster('task-workers', '10,000 tasks over two workers', 1.7, 'one worker', { work: 'task', case: 'tasks of two workers' }),
  cheaper('size-core', 'gzipped host core', 20, 'KB', '', { work: 'size', codec: '' }),
  cheaper('size-codec', 'gzipped, each of the first four codecs', 8, 'KB', '', { work: 'size', case: 'codec module' }),
  cheaper('size-further', 'gzipped, each further codec and layout', 12, 'KB', '', { work: 'size', case: 'further module' })
]

/** A row that failed leaves its target unreached, whatever the others gave. */
export function judge(target: Target, results: readonly Result[], failures: readonly Failure[]): Verdict {
  const { about, ...rest } = target
  const atLeast = target.bound === 'at least'
  const matching = results.filter((result) => isAbout(about, result))
  const broken = failures.find((failure) => isAbout(about, failure))
  const worst = matching.length === 0 ? undefined : matching.reduce((a, b) => ((atLeast ? b.figure < a.figure : b.figure > a.figure) ? b : a))
  if (broken !== undefined) return { ...rest, figure: worst?.figure ?? null, worst: `${rowName(broken)}: failed`, reached: false }
  if (worst === undefined) return { ...rest, figure: null, worst: null, reached: null }
  return { ...rest, figure: worst.figure, worst: rowName(worst), reached: atLeast ? worst.figure >= target.limit : worst.figure <= target.limit }
}

const rowName = ({ codec, case: name }: Row): string => [codec, name].filter(Boolean).join(' ')

function isAbout(about: About, row: Row): boolean {
  return (
    row.work === about.work &&
    (about.codec === undefined || row.codec === about.codec) &&
    (about.ref === undefined || row.ref === about.ref) &&
    (about.case === undefined || row.case.startsWith(about.case)) &&
    (about.groups === undefined || (row.group !== undefined && about.groups.includes(row.group)))
  )
}

function faster(id: string, description: string, limit: number, ref: string, about: About): Target {
  return { id, description, against: ref, bound: 'at least', limit, unit: '×', about: { ...about, ref } }
}

function family(codec: string, limit: number, ref: string): Target[] {
  return [faster(`family-${codec}`, `${codec} decode`, limit, ref, { work: 'families', codec })]
}

function cheaper(id: string, description: string, limit: number, unit: Unit, against: string, about: About): Target {
  return { id, description, against, bound: 'at most', limit, unit, about }
}
