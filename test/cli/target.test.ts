/** Paths through layouts, selectors, and blocks from several places at once. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/codec/index.js'
import { wrapperValue } from '../../src/dag/index.js'
import { layoutFor } from '../../src/dag/layout/index.js'
import { bytesOf, noise, Store } from '../dag/layout/tree.js'
import { carOf, cbor, type Made } from '../dag/sample.js'
import { autocodec, rows, scratch } from './command.js'

const folder = scratch()
const store = new Store()
const content = noise(2_000)
const text = new TextEncoder().encode('plain text\n')
const root = await store.add(
  [
    { path: 'r/data.bin', content },
    { path: 'r/d/text.txt', content: text },
    { path: 'r/Links', content: text },
    { path: 'r/link', link: 'd/text.txt' } as never
  ],
  { rawLeaves: true, chunker: fixedSize({ chunkSize: 100 }) }
)
const files: Made[] = []
for await (const { cid, bytes } of store.blocks.getAll()) files.push({ cid: cid as never, bytes: await bytesOf(bytes as never) })

const top = await cbor({ site: root, list: [1, 1.5, { a: 'x' }], note: 'hello' })
const host = await createHost()
const pb = await host.codec('dag-pb')
const wrapped = await cbor(wrapperValue({ codec: pb.cid, root, layout: layoutFor('unixfs')?.cid as CID }))
const absent = await cbor('absent')
const holed = await cbor({ gone: absent.cid, here: top.cid })
const selector = await cbor({ f: { 'f>': { note: { '.': {} } } } })

// the entry in a CAR, the files in a directory: no place has all
const car = join(folder, 'top.car')
writeFileSync(car, await carOf([top.cid], [top, wrapped, holed, selector]))
const dir = join(folder, 'blocks')
mkdirSync(dir)
for (const { cid, bytes } of files) {
  // a block store knows no codecs: all of them under both names
  writeFileSync(join(dir, `${cid}.bin`), bytes)
  writeFileSync(join(dir, `${CID.createV1(0x70, cid.multihash)}.bin`), bytes)
  writeFileSync(join(dir, `${CID.createV1(0x55, cid.multihash)}`), bytes)
}
const wrapper = join(folder, 'wrapped.dag-cbor')
writeFileSync(wrapper, wrapped.bytes)
const places = ['--car', car, '--dir', dir]
const everything = '{"R": {"l": {"none": {}}, ":>": {"|": [{".": {}}, {"a": {">": {"@": {}}}}]}}}'
const inSite = (next: unknown) => JSON.stringify({ f: { 'f>': { site: { '~': { as: 'unixfs', '>': next } } } } })

rows([
  { name: 'cat through data and names', args: ['cat', `${top.cid}/site/d/text.txt`, ...places], bytes: text },
  { name: 'cat of a range', args: ['cat', `${root}/data.bin`, '--offset', '150', '--length', '333', ...places], bytes: content.slice(150, 483) },
  { name: 'cat of a range of a string', args: ['cat', `${top.cid}/note`, '--offset', '1', '--length', '3', ...places], out: 'ell' },
  { name: 'a field of dag-pb comes before a name', args: ['cat', `${root}/Links`, ...places], exit: 2, err: /is a list, which has no bytes/ },
  { name: 'unless the layout is named', args: ['cat', `${root}/Links`, '--layout', 'unixfs', ...places], bytes: text },
  { name: 'only the data model', args: ['cat', `${root}/data.bin`, '--layout', 'none', ...places], exit: 5, err: /no "data\.bin" in the root/ },
  { name: 'a name that is not there', args: ['cat', `${root}/d/absent`, ...places], exit: 5, err: /no "absent"/ },
  { name: 'a field that is not there, below one that is', args: ['cat', `${root}/Links/0/absent`, ...places], exit: 5, err: /no "absent" in "Links\/0"/ },
  { name: 'cat a directory', args: ['cat', `${root}/d`, ...places], exit: 3, err: /a directory, expected a file/ },
  {
    name: 'ls a directory',
    args: ['ls', `${top.cid}/site`, ...places],
    out: 'Links\tfile\t11\nd\tdirectory\t-\ndata.bin\tfile\t2000\nlink\tsymlink\t-> d/text.txt\n'
  },
  { name: 'ls a file', args: ['ls', `${root}/data.bin`, ...places], out: '\tfile\t2000\n' },
  { name: 'ls of the data model', args: ['ls', String(root), '--layout', 'none', ...places], out: /^Data\tbytes\t.*\nLinks\tlist\t4\n$/ },
  { name: 'get the block that a name leads to', args: ['get', `${root}/d`, ...places], out: /^\{"Data":.*"Name":"text\.txt"/ },
  { name: 'layout cat of a CID', args: ['layout', 'cat', String(root), 'd/text.txt', ...places], bytes: text },
  { name: 'layout dir of a CAR and of what is elsewhere', args: ['layout', 'dir', '--root', String(root), car, 'd', '--dir', dir], out: /^\S+\ttext\.txt\n$/ },
  { name: 'inspect from a directory', args: ['inspect', String(root), '--dir', dir], out: /^UnixFS directory\n/ },
  { name: 'cat through the layout of a wrapper', args: ['cat', '--follow', `${wrapped.cid}/d/text.txt`, ...places], bytes: text },
  {
    name: 'decode --follow finds the root elsewhere',
    args: ['decode', '--follow', wrapper, '--dir', dir],
    out: /^\{"Data":/,
    err: /data layout \w+.*cat --follow/
  },
  { name: 'nothing named', args: ['decode', '--follow', wrapper], exit: 5, err: /is not there; nothing says where blocks are: give --car/ },

  {
    name: 'select everything of a block',
    args: ['select', String(top.cid), '{"a": {">": {".": {}}}}', ...places],
    out: /^list\t\[1,1\.5,\{"a":"x"\}\]\nnote\t"hello"\nsite\t\{"Data":.*\}\n$/
  },
  {
    name: 'select with what is only visited',
    args: ['select', '--all', String(top.cid), '{"f": {"f>": {"list": {"i": {"i": 2, ">": {".": {}}}}}}}', ...places],
    out: '\nlist\nlist/2\t{"a":"x"}\n'
  },
  { name: 'select by the CID of a selector', args: ['select', String(top.cid), String(selector.cid), ...places], out: 'note\t"hello"\n' },
  {
    name: 'select through a layout, a part of a file',
    args: ['select', String(top.cid), inSite({ f: { 'f>': { d: { f: { 'f>': { 'text.txt': { '.': { subset: { '[': 0, ']': 5 } } } } } } } } }), ...places],
    out: `site/d/text.txt\t{"/":{"bytes":"${Buffer.from('plain').toString('base64').replace(/=+$/, '')}"}}\n`
  },
  {
    name: 'select past a hole',
    args: ['select', String(holed.cid), everything, ...places],
    exit: 5,
    out: /here\/note\t"hello"\n/,
    err: /is not there, linked at "gone"\n.*asked: /s
  },
  {
    name: 'select with a limit',
    args: ['select', String(top.cid), everything, '--nodes', '2', ...places],
    exit: 1,
    out: /^.*\n.*\n$/,
    err: /more than 2 nodes/
  },
  { name: 'select with no selector', args: ['select', String(top.cid), '{"x": {}}', ...places], exit: 2, err: /not a selector: got "x"/ },
  {
    name: 'select through an unknown layout',
    args: ['select', String(top.cid), inSite({ '.': {} }).replace('unixfs', 'nothing'), ...places],
    exit: 4,
    err: /known are unixfs/
  }
])

test('a selector in a file, spaces and all', async () => {
  const path = join(folder, 'selector.json')
  writeFileSync(path, '{ "f": { "f>": { "note": { ".": { } } } } }\n')
  assert.is((await autocodec(['select', String(top.cid), path, ...places])).out, 'note\t"hello"\n')
})

test.run()
