/** decode, encode, transcode and links: values as DAG-JSON, blocks as bytes. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagJson from '@ipld/dag-json'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cbor, concat } from '../dag/sample.js'
import { autocodec, rows, scratch } from './command.js'

const folder = scratch()
const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const leaf = await cbor('leaf')
const value = {
  name: 'Ann',
  posts: [{ title: 'one', 'a/b': 1 }, { title: 'two "quoted" [\\]' }],
  pic: Uint8Array.of(1, 2, 3),
  link: leaf.cid,
  big: 2n ** 60n,
  part: 1.5,
  no: null
}
const made = await cbor(value)
const json = new TextDecoder().decode(dagJson.encode(value))
// {"whole": 1.0}: a float that JavaScript takes for an integer
const whole = concat([Uint8Array.of(0xa1, 0x65), new TextEncoder().encode('whole'), Uint8Array.of(0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0)])
// {"b": 1, "a": 2}: keys in the wrong order
const unsorted = Uint8Array.of(0xa2, 0x61, 0x62, 1, 0x61, 0x61, 2)
const paths = {
  named: write('value.dag-cbor', made.bytes),
  cid: write(`${made.cid}.bin`, made.bytes),
  wrongCid: write(`${leaf.cid}.bin`, made.bytes),
  strangeCid: write(`${CID.createV1(0x300001, leaf.cid.multihash)}.bin`, leaf.bytes),
  plain: write('value.bin', made.bytes),
  unsorted: write('unsorted.dag-cbor', unsorted),
  empty: write('empty.dag-cbor', ''),
  json: write('value.json', ` { "name" : "Ann",\n "list": [1, 1.0, {"/": "${leaf.cid}"}] }\n`)
}
mkdirSync(join(folder, 'dir.dag-cbor'))

const cborOption = ['--codec', 'dag-cbor']
rows([
  { name: 'decode by extension', args: ['decode', paths.named], out: `${json}\n` },
  { name: 'decode by CID', args: ['decode', paths.cid], out: `${json}\n` },
  ...['dag-cbor', '0x71', '113'].map((codec) => ({ name: `decode by --codec ${codec}`, args: ['decode', paths.plain, '--codec', codec], out: `${json}\n` })),
  { name: 'decode standard input', args: ['decode', '-', ...cborOption], stdin: made.bytes, out: `${json}\n` },
  { name: 'decode keeps a float a float', args: ['decode', '-', ...cborOption], stdin: whole, out: '{"whole":1.0}\n' },
  { name: 'decode --path', args: ['decode', paths.named, '--path', 'posts/1/title'], out: `${JSON.stringify('two "quoted" [\\]')}\n` },
  { name: 'decode --path to a map', args: ['decode', paths.named, '--path', '/posts/0'], out: '{"a/b":1,"title":"one"}\n' },
  { name: 'decode --path to a link', args: ['decode', paths.named, '--path', 'link'], out: `{"/":"${leaf.cid}"}\n` },
  { name: 'decode --path to the root', args: ['decode', paths.named, '--path', ''], out: `${json}\n` },
  { name: 'decode --path keeps a float a float', args: ['decode', '-', '--path', 'whole', ...cborOption], stdin: whole, out: '1.0\n' },
  { name: 'decode --path to nothing', args: ['decode', paths.named, '--path', 'posts/7'], exit: 5, err: /no "7" in "posts", which is a list of 2/ },
  {
    name: 'decode --pretty',
    args: ['decode', '--pretty', paths.named],
    out: new RegExp(
      `^map of 7\\n(.|\\n)*├─ pic  0x010203  3 B\\n├─ link  → ${leaf.cid}  dag-cbor\\n(.|\\n)*└─ posts  list of 2\\n   ├─ 0  map of 2\\n   │  ├─ "a/b"  1\\n`
    )
  },
  { name: 'decode --pretty --path', args: ['decode', '--pretty', '--path', 'big', paths.named], out: '1152921504606846976\n' },
  { name: 'decode refuses what is not canonical', args: ['decode', paths.unsorted], exit: 3, err: /dag-cbor: .* at byte 4/ },
  { name: 'decode --lax accepts it', args: ['decode', '--lax', paths.unsorted], out: '{"a":2,"b":1}\n' },
  { name: 'links', args: ['links', paths.named], out: `${leaf.cid}\n` },
  { name: 'links of a block without any', args: ['links', '-', ...cborOption], stdin: leaf.bytes, out: '' },

  {
    name: 'encode',
    args: ['encode', paths.json, ...cborOption],
    bytes: concat([dagCbor.encode({ name: 'Ann', list: [1, 1.5, leaf.cid] })].map(withWholeFloat))
  },
  { name: 'encode what decode has printed', args: ['encode', '-', ...cborOption], stdin: `${json}\n`, bytes: made.bytes },
  { name: 'transcode', args: ['transcode', '--from', 'dag-cbor', '--to', '0x129', paths.named], out: json },
  { name: 'transcode back', args: ['transcode', '--from', 'dag-json', '--to', 'dag-cbor', '-'], stdin: json, bytes: made.bytes },

  { name: 'no codec', args: ['decode', paths.plain], exit: 2, err: /nothing says which codec .*value\.bin is in: give --codec/ },
  { name: 'no codec for standard input', args: ['links', '-'], stdin: made.bytes, exit: 2, err: /which codec standard input is in/ },
  { name: 'an unknown codec by number', args: ['decode', paths.plain, '--codec', '0x300001'], exit: 4, err: /0x300001.*autocodec codec add FILE\.wasm/ },
  { name: 'an unknown codec by name', args: ['decode', paths.plain, '--codec', 'dag-nothing'], exit: 4, err: /dag-nothing/ },
  { name: 'an unknown codec in the name of the file', args: ['decode', paths.strangeCid], exit: 4, err: /0x300001/ },
  {
    name: 'a module that nobody has',
    args: ['decode', paths.plain, '--codec', String(CID.createV1(0x55, leaf.cid.multihash))],
    exit: 5,
    err: /not in any source/
  },
  { name: 'a number that is no multicodec', args: ['decode', paths.plain, '--codec', '99999999999999999999'], exit: 2, err: /not a multicodec/ },
  { name: 'a hash that is not that of the name', args: ['decode', paths.wrongCid], exit: 3, err: /hash/ },
  { name: 'another format', args: ['decode', '-', ...cborOption], stdin: 'this is text', exit: 3, err: /dag-cbor: .* at byte/ },
  { name: 'a block cut short', args: ['decode', '-', ...cborOption], stdin: made.bytes.subarray(0, 40), exit: 3, err: /at byte/ },
  { name: 'text that is not JSON', args: ['encode', '-', ...cborOption], stdin: '{"a": nonsense}', exit: 3, err: /dag-json: .* at byte [67]/ },
  { name: 'empty standard input', args: ['decode', '-', ...cborOption], exit: 3, err: /standard input is empty: 0 bytes are no dag-cbor block/ },
  { name: 'an empty file', args: ['decode', paths.empty], exit: 3, err: /empty\.dag-cbor is empty/ },
  { name: 'nothing to encode', args: ['encode', '-', ...cborOption], exit: 3, err: /standard input is empty: 0 bytes are no dag-json block/ },
  ...['decode', 'links', 'encode'].flatMap((command) => [
    { name: `${command}: no such file`, args: [command, join(folder, 'nowhere'), ...cborOption], exit: 5, err: /no such file: .*nowhere/ },
    { name: `${command}: a file for a directory`, args: [command, join(paths.plain, 'x'), ...cborOption], exit: 5, err: /no such file/ },
    { name: `${command}: a directory`, args: [command, join(folder, 'dir.dag-cbor'), ...cborOption], exit: 2, err: /is a directory; give a file/ }
  ]),
  {
    name: 'a fuel that is too little',
    args: ['--fuel', '100000', 'decode', '-', ...cborOption],
    stdin: dagCbor.encode(Array.from({ length: 50_000 }, () => 1)),
    exit: 6,
    err: /fuel.*--fuel N allows more/
  },
  { name: 'a stack on request', args: ['decode', '--trace', join(folder, 'nowhere')], exit: 5, err: /^autocodec: no such file.*\n.*\n +at (.|\n)*caused by/ },

  { name: 'no command', args: [], exit: 2, err: /^autocodec: no command/ },
  { name: 'an unknown command', args: ['decod', 'x'], exit: 2, err: /unknown command 'decod'; expected one of .*decode, encode/ },
  { name: 'an unknown command of a group', args: ['car', 'foo', 'x'], exit: 2, err: /unknown command 'foo'; expected one of ls, inspect, verify/ },
  { name: 'an unknown option', args: ['decode', '--prety', 'x'], exit: 2, err: /unknown option '--prety' \(Did you mean --pretty\?\)/ },
  { name: 'no file', args: ['decode'], exit: 2, err: /missing required argument 'file'/ },
  { name: 'two files', args: ['decode', 'a', 'b'], exit: 2, err: /too many arguments/ },
  { name: 'no codec to encode with', args: ['encode', 'x'], exit: 2, err: /--codec/ },
  { name: 'fuel that is no number', args: ['--fuel', '1e3', 'decode', 'x'], exit: 2, err: /--fuel.*whole number/ },
  { name: 'memory that is no size', args: ['--memory', '64X', 'decode', 'x'], exit: 2, err: /--memory.*64M/ },
  { name: 'help', args: ['--help'], out: /Usage: autocodec(.|\n)*Exit codes:\n {2}0 /, exit: 0 },
  { name: 'help of a command', args: ['decode', '--help'], out: /--path <path>/ },
  { name: 'version', args: ['--version'], out: /^\d+\.\d+\.\d+\n$/ }
])

/** 1.5 stands for 1.0 in values that JavaScript has made. */
function withWholeFloat(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.from(Buffer.from(bytes).toString('hex').replace('fb3ff8', 'fb3ff0'), 'hex'))
}

test('-o writes a file, and nothing else', async () => {
  const path = join(folder, 'out.dag-cbor')
  const { exit, out, err } = await autocodec(['encode', '-', ...cborOption, '-o', path], json)
  assert.equal([exit, out, err], [0, '', ''])
  assert.ok(existsSync(path))
  assert.equal(readFileSync(path), Buffer.from(made.bytes))
})

test('a codec by the CID of its module', async () => {
  const listed = await autocodec(['codec', 'ls'])
  const cid = listed.out
    .split('\n')
    .find((line) => line.includes('\tdag-cbor\t'))
    ?.split('\t')[3] as string
  const { exit, out } = await autocodec(['decode', paths.plain, '--codec', cid])
  assert.equal([exit, out], [0, `${json}\n`])
})

test.run()
