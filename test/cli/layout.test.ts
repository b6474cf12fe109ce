/** The commands that read files and directories out of CARs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import type { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bytesOf, noise, Store } from '../dag/layout/tree.js'
import { carOf } from '../dag/sample.js'
import { autocodec, rows, scratch } from './command.js'

const folder = scratch()
const store = new Store()
const content = noise(2_000)
const text = new TextEncoder().encode('plain text\n')
const root = await store.add([{ path: 'r/data.bin', content }, { path: 'r/d/text.txt', content: text }, { path: 'r/link', link: 'd/text.txt' } as never], {
  rawLeaves: true,
  chunker: fixedSize({ chunkSize: 100 })
})

const blocks: { cid: CID; bytes: Uint8Array }[] = []
for await (const { cid, bytes } of store.blocks.getAll()) {
  const whole = await bytesOf(bytes as never)
  // a block store knows no codecs: the CAR gets those of the links, which are found by hash
  blocks.push({ cid: cid as never, bytes: whole })
}
const path = join(folder, 'tree.car')
writeFileSync(path, await carOf([root], blocks))
const bare = join(folder, 'bare.car')
writeFileSync(bare, await carOf([], blocks))
const holes = join(folder, 'holes.car')
writeFileSync(
  holes,
  await carOf(
    [root],
    blocks.filter(({ bytes }) => bytes.length !== 100)
  )
)

rows([
  { name: 'ls', args: ['layout', 'ls'], out: /^unixfs\t0x70,0x55\tbafkrei\S+\nbittorrent\t0x7b\tbafkrei\S+\n$/ },
  { name: 'dir', args: ['layout', 'dir', path], out: /^\S+\td\n\S+\tdata\.bin\n\S+\tlink\n$/ },
  {
    name: 'dir --long',
    args: ['layout', 'dir', '--long', path],
    out: /^directory\t-\t\S+\td\nfile\t2000\t\S+\tdata\.bin\nsymlink\t-\t\S+\tlink -> d\/text\.txt\n$/
  },
  { name: 'dir of a path', args: ['layout', 'dir', path, 'd'], out: /^\S+\ttext\.txt\n$/ },
  { name: 'dir with a root that is named', args: ['layout', 'dir', '--root', String(root), bare], out: /data\.bin/ },
  { name: 'cat', args: ['layout', 'cat', path, 'data.bin'], bytes: content },
  { name: 'cat of a range', args: ['layout', 'cat', '--offset', '150', '--length', '333', path, '/data.bin'], bytes: content.slice(150, 483) },
  { name: 'cat of text, from standard input', args: ['layout', 'cat', '-', 'd/text.txt'], stdin: readFileSync(path), bytes: text },
  { name: 'cat by the name of the layout', args: ['layout', 'cat', '--layout', 'unixfs', path, 'd/text.txt'], bytes: text },
  { name: 'no such name', args: ['layout', 'cat', path, 'd/absent'], exit: 5, err: /no "absent"/ },
  { name: 'a directory is no file', args: ['layout', 'cat', path], exit: 3, err: /a directory, expected a file/ },
  { name: 'a block that is not in the CAR', args: ['layout', 'cat', holes, 'data.bin'], exit: 5, err: /is not there/ },
  { name: 'no roots', args: ['layout', 'cat', bare], exit: 2, err: /name one with --root/ },
  { name: 'a root that is none', args: ['layout', 'cat', '--root', 'x', path], exit: 2, err: /not a CID/ },
  { name: 'a layout that is not known', args: ['layout', 'cat', '--layout', 'nothing', path], exit: 4, err: /known are unixfs, bittorrent/ },
  { name: 'an offset that is none', args: ['layout', 'cat', '--offset', '-1', path], exit: 2, err: /whole number/ }
])

test('cat -o', async () => {
  const out = join(folder, 'out.bin')
  const { exit, err } = await autocodec(['layout', 'cat', '-o', out, path, 'data.bin'])
  assert.is(exit, 0, err)
  assert.equal(new Uint8Array(readFileSync(out)), content)
})

test.run()
