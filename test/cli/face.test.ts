/** The faces of things: what is said of each, and that odd values have none rather than a wrong one. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { faceOf } from '../../src/cli/face/faces.js'
import { Random } from '../../src/conformance/random.js'
import { createHost } from '../../src/index.js'

const host = await createHost()
const cbor = await host.codec('dag-cbor')
const utf8 = (text: string) => new TextEncoder().encode(text)
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const link = (code: number, hash: number, length: number, fill = 1) => CID.createV1(code, create(hash, new Uint8Array(length).fill(fill)))
const GIT = link(0x78, 0x11, 20)

/** The data model of each codec by hand, since a face knows nodes and not codecs. */
const node = (value: unknown) => cbor.node(cbor.encode(value))

async function lines(codec: string, value: unknown, bytes: Uint8Array = new Uint8Array(0)): Promise<string[] | undefined> {
  const face = await faceOf({ node: node(value), codec, bytes })
  if (face === undefined) return undefined
  const { title, rows, list = [], more = 0, text } = face
  return [
    title,
    ...rows.map(([label, text]) => `${label}: ${text}`),
    ...list.map((cells) => cells.join(' | ')),
    ...(more > 0 ? [`more: ${more}`] : []),
    ...(text === undefined ? [] : text.split('\n'))
  ]
}

const person = { name: 'Ada \u001b[31m', email: 'ada@example.org', date: '1700000000', timezone: '-0130' }
const info = {
  name: 'site',
  'piece length': 16384,
  pieces: new Uint8Array(40),
  files: [
    { length: 1234, path: ['docs', 'a.txt'] },
    { length: 2n ** 33n, path: [utf8('b.bin')] }
  ]
}
const genesis = hex(
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c'
)

const rows: readonly { name: string; codec: string; value: unknown; bytes?: Uint8Array; expected: readonly (string | RegExp)[] | undefined }[] = [
  {
    name: 'a commit',
    codec: 'git-raw',
    value: { tree: GIT, parents: [GIT, GIT], author: person, committer: 'Bob <b@example.org> 1700000000 +0100', message: 'One\n\nTwo\u0007\n' },
    expected: [
      'git merge commit',
      `tree: ${GIT}`,
      `parent: ${GIT}`,
      `parent: ${GIT}`,
      'author: Ada \\u001b[31m <ada@example.org>, 2023-11-14 20:43:20 -0130',
      'committer: Bob <b@example.org>, 2023-11-14 23:13:20 +0100',
      'One',
      '',
      'Two\\u0007'
    ]
  },
  {
    name: 'a first commit, its author odd',
    codec: 'git-raw',
    value: { tree: GIT, parents: [], author: 7, message: null },
    expected: ['git commit', `tree: ${GIT}`, '']
  },
  {
    name: 'a tree',
    codec: 'git-raw',
    value: { 'a\nb': { mode: '100755', hash: GIT }, dir: { mode: '40000', hash: GIT } },
    expected: ['git tree', 'entries: 2', `100755 | executable | a\\nb | ${GIT}`, `040000 | tree | dir | ${GIT}`]
  },
  { name: 'a tree with an entry that is none', codec: 'git-raw', value: { a: { mode: '100644' } }, expected: undefined },
  {
    name: 'a tag',
    codec: 'git-raw',
    value: { object: GIT, type: 'commit', tag: 'v1', tagger: person, text: 'first' },
    expected: ['git tag', 'tag: v1', `object: ${GIT}`, 'type: commit', /^tagger: Ada/, 'first']
  },
  { name: 'a blob', codec: 'git-raw', value: utf8('blob 3\0hi\n'), expected: ['git blob', 'content: 3 bytes', 'hi'] },
  { name: 'a blob that is no text', codec: 'git-raw', value: Uint8Array.of(0, 1, 2), expected: ['git blob', 'content: 3 bytes'] },
  { name: 'a list', codec: 'git-raw', value: [1], expected: undefined },
  {
    name: 'a torrent of files',
    codec: 'torrent-file',
    value: { info, announce: 'http://example.org', 'creation date': 1700000000, comment: utf8('é') },
    expected: [
      'torrent',
      'name: site',
      'content: 2 files, 8,589,935,826 bytes',
      'pieces: 2 of 16,384 bytes',
      'tracker: http://example.org',
      'created: 2023-11-14 22:13:20 UTC',
      'comment: é',
      '1.2 KB | docs/a.txt',
      '8.6 GB | b.bin'
    ]
  },
  {
    name: 'a torrent whose date is in milliseconds, with a list of no trackers',
    codec: 'torrent-file',
    value: { info: { name: 'a', length: 5, 'piece length': 1, pieces: '' }, 'announce-list': [], 'creation date': 1452468725091 },
    expected: ['torrent', 'name: a', 'content: 1 file, 5 bytes', 'pieces: 0 of 1 bytes', 'created: 1452468725091', '5 B | a']
  },
  {
    name: 'the info of one file',
    codec: 'torrent-info',
    value: { name: 'a', length: 5, 'piece length': 1, pieces: '' },
    expected: ['torrent, its info', 'name: a', 'content: 1 file, 5 bytes', 'pieces: 0 of 1 bytes', '5 B | a']
  },
  {
    name: 'a torrent of version 2',
    codec: 'torrent-file',
    value: { info: { name: 'n', 'meta version': 2, 'file tree': { d: { f: { '': { length: 7 } } } } } },
    expected: ['torrent', 'name: n', 'content: 1 file, 7 bytes', 'version: 2', '7 B | d/f']
  },
  { name: 'a torrent whose files are none', codec: 'torrent-file', value: { info: { name: 'n', pieces: '', files: [{ path: 1 }] } }, expected: undefined },
  { name: 'bencode of something else', codec: 'bencode', value: { a: 1 }, expected: undefined },
  {
    name: 'the first Bitcoin block',
    codec: 'bitcoin-block',
    bytes: genesis,
    value: { version: 1, time: 1231006505, bits: '1d00ffff', nonce: 2083236893, tx: [GIT], parent: null },
    expected: [
      'Bitcoin block',
      'hash: 000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
      'version: 1',
      'time: 2009-01-03 18:15:05 UTC',
      'transactions: 1',
      'difficulty: 1',
      'bits: 0x1d00ffff',
      'nonce: 2,083,236,893'
    ]
  },
  {
    name: 'a block with bits as a number',
    codec: 'bitcoin-block',
    value: { time: 1, bits: 0x1b0404cb },
    expected: ['Bitcoin block', 'time: 1970-01-01 00:00:01 UTC', 'difficulty: 16,307', 'bits: 0x1b0404cb']
  },
  { name: 'a block without a time', codec: 'bitcoin-block', value: { version: 1 }, expected: undefined },
  {
    name: 'a transaction',
    codec: 'bitcoin-tx',
    value: { txid: 'ab', version: 2, vin: [{ coinbase: '04' }], vout: [{ value: 0.5 }, { value: 5_000_000_001 }, {}], locktime: 0 },
    expected: [
      'Bitcoin transaction',
      'txid: ab',
      'version: 2',
      'inputs: 1',
      'outputs: 3',
      'lock time: 0',
      'coinbase: yes',
      'output 0 | 0.5',
      'output 1 | 50.00000001',
      'output 2 | ?'
    ]
  },
  {
    name: 'a node of transactions',
    codec: 'bitcoin-tx',
    value: [GIT, GIT],
    expected: ['Bitcoin transactions, a node of their Merkle tree', `left: ${GIT}`, `right: ${GIT}`]
  },
  {
    name: 'a signed object',
    codec: 'dag-jose',
    value: {
      payload: GIT.bytes,
      signatures: [
        { protected: utf8('{"alg":"EdDSA","kid":"k\\u001b"}'), signature: new Uint8Array(64) },
        { protected: utf8('[') },
        { header: { alg: 'ES256' } }
      ]
    },
    expected: ['JWS, a signed object', `payload: → ${GIT}`, 'signatures: 3, not checked here', 'EdDSA | k\\u001b | 64 bytes', '? |  | ', 'ES256 |  | ']
  },
  {
    name: 'a signed object in base64url, as its codec gives it',
    codec: 'dag-jose',
    value: {
      link: GIT,
      payload: Buffer.from(GIT.bytes).toString('base64url'),
      signatures: [{ protected: Buffer.from('{"alg":"EdDSA"}').toString('base64url'), signature: 'AQID' }]
    },
    expected: ['JWS, a signed object', `payload: → ${GIT}`, 'signatures: 1, not checked here', 'EdDSA |  | 3 bytes']
  },
  {
    name: 'new coins',
    codec: 'bitcoin-tx',
    value: { version: 1, vin: [{ tx: null, vout: 4294967295 }], vout: [{ value: 5_000_000_000 }], locktime: 0 },
    expected: ['Bitcoin transaction', 'version: 1', 'inputs: 1', 'outputs: 1', 'lock time: 0', 'coinbase: yes', 'output 0 | 50']
  },
  {
    name: 'a receipt',
    codec: 'eth-tx-receipt',
    value: { Type: 2, PostState: null, PostStatus: 1, CumulativeGasUsed: 21000, Logs: [] },
    expected: ['Ethereum receipt', 'type: with dynamic fee (EIP-1559)', 'status: done', 'gas so far: 21,000', 'logs: 0']
  },
  {
    name: 'an encrypted object',
    codec: 'dag-jose',
    value: { ciphertext: new Uint8Array(9), protected: utf8('{"enc":"A256GCM","alg":"dir"}') },
    expected: ['JWE, an encrypted object', 'ciphertext: 9 bytes', 'encryption: A256GCM', 'algorithm: dir']
  },
  {
    name: 'a directory',
    codec: 'dag-pb',
    value: { Data: Uint8Array.of(8, 1), Links: [{ Hash: GIT, Name: 'a\u202eb', Tsize: 1500 }] },
    expected: ['UnixFS directory', 'links: 1, 1,500 bytes below', `1.5 KB | a\\u202eb | ${GIT}`]
  },
  {
    name: 'a leaf',
    codec: 'dag-pb',
    value: { Data: Uint8Array.of(8, 2, 18, 2, 65, 66, 24, 2), Links: [] },
    expected: ['UnixFS file', 'file size: 2 bytes', 'here: 2 bytes']
  },
  { name: 'a symlink', codec: 'dag-pb', value: { Data: Uint8Array.of(8, 4, 18, 2, 46, 47), Links: [] }, expected: ['UnixFS symlink', 'target: ./'] },
  { name: 'data cut short', codec: 'dag-pb', value: { Data: Uint8Array.of(8, 2, 18, 200), Links: [] }, expected: undefined },
  { name: 'no data', codec: 'dag-pb', value: { Links: [] }, expected: undefined },
  {
    name: 'an Ethereum block',
    codec: 'eth-block',
    bytes: utf8('abc'),
    value: {
      ParentCID: GIT,
      Number: Uint8Array.of(1, 0),
      Time: 1438269988,
      Coinbase: new Uint8Array(20).fill(0xab),
      GasUsed: 0,
      GasLimit: 5000,
      Difficulty: 17171480576,
      Extra: utf8('Geth')
    },
    expected: [
      'Ethereum block',
      'number: 256',
      'hash: 0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45',
      'time: 2015-07-30 15:26:28 UTC',
      `by: 0x${'ab'.repeat(20)}`,
      'difficulty: 17,171,480,576',
      'gas: 0 of 5,000',
      'extra: Geth',
      `parent: ${GIT}`
    ]
  },
  {
    name: 'an Ethereum account',
    codec: 'eth-account-snapshot',
    value: { Nonce: 3, Balance: 1_500_000_000_000_000_000n, CodeCID: GIT },
    expected: ['Ethereum account', 'balance: 1.5 ether', 'nonce: 3', `code: ${GIT}`]
  },
  { name: 'a codec without a face', codec: 'dag-cbor', value: { tree: GIT }, expected: undefined }
]

for (const { name, codec, value, bytes, expected } of rows) {
  test(name, async () => {
    const got = await lines(codec, value, bytes)
    if (expected === undefined || got === undefined) return assert.equal(got, expected)
    for (const [i, line] of expected.entries()) {
      if (typeof line === 'string') assert.is(got[i], line)
      else assert.match(got[i], line)
    }
    assert.is(got.length, expected.length, got.join('\n'))
  })
}

test('a codec’s module', async () => {
  const module = await host.module('raw')
  assert.equal((await lines('raw', module, module))?.slice(0, 3), ['codec, as a Wasm module', 'name: raw', 'code: 0x55'])
  assert.is(await lines('raw', utf8('no module'), utf8('no module')), undefined)
})

test('odd values have no face, or a harmless one', async () => {
  const random = new Random(7)
  const ODD: readonly unknown[] = [
    null,
    true,
    -1,
    2n ** 64n - 1n,
    1e300,
    '\u001b[2J\r\n',
    '\u202e',
    new Uint8Array(40).fill(0x1b),
    GIT,
    [],
    {},
    [[{}]],
    { '\u001b': 1, '': 2 }
  ]
  const change = (value: unknown, depth: number): unknown => {
    if (depth > 3 || random.below(5) === 0) return random.pick(ODD)
    if (Array.isArray(value)) return [...value.map((item) => (random.below(2) ? item : change(item, depth + 1))), random.pick(ODD)]
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || CID.asCID(value) !== null)
      return random.below(2) ? value : random.pick(ODD)
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => (random.below(8) === 0 ? [] : [[key, random.below(2) ? item : change(item, depth + 1)]]))
    )
  }
  let faces = 0
  for (let i = 0; i < 3000; i++) {
    const { codec, value, bytes } = random.pick(rows)
    const got = await lines(codec, change(value, 0), bytes)
    if (got === undefined) continue
    faces++
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    for (const line of got) assert.not.match(line, /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/)
  }
  assert.ok(faces > 500, `${faces} faces`)
})

test.run()
