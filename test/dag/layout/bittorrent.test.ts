/** BitTorrent v1 as the layout reads it: made torrents, whose content is known, and real ones, against parse-torrent. */
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { CID } from 'multiformats/cid'
// @ts-expect-error: it has no types
import parseTorrent from 'parse-torrent'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type LayoutError, type LayoutNode, openLayout } from '../../../src/dag/layout/index.js'
import { createHost } from '../../../src/index.js'
import { skip } from '../../skip.js'
import { infoCid, Torrent, type TorrentFile } from './torrent.js'
import { names, noise, read } from './tree.js'

const host = await createHost()
const RUNS = Number(process.env.AUTOCODEC_RUNS ?? 200)
const VECTORS = new URL('../../../../shared/vectors/torrent/', import.meta.url)

const open = (torrent: Torrent, root: CID) => openLayout(host, { root, get: torrent.get, verify: torrent.verify })

/** Every path below a directory, with what it is. */
async function walk(directory: LayoutNode, above = ''): Promise<Map<string, LayoutNode>> {
  const found = new Map<string, LayoutNode>()
  for await (const entry of directory.entries()) {
    const node = await directory.open(entry)
    assert.is(node.kind, entry.kind)
    assert.is(node.size, entry.size)
    const path = `${above}${entry.name}`
    found.set(path, node)
    if (node.kind === 'directory') for (const [below, inner] of await walk(node, `${path}/`)) found.set(below, inner)
  }
  return found
}

const torrents = suite('torrents')

torrents('one file over pieces, and any range of it', async () => {
  for (const size of [0, 1, 99, 100, 101, 1_000, 1_001]) {
    const torrent = new Torrent()
    const content = noise(size)
    const file = await open(torrent, torrent.single(content, 100))
    assert.equal([file.kind, file.size], ['file', size])
    assert.equal(await read(file), content)
    for (const [offset, length] of [
      [0, 1],
      [50, 100],
      [99, 2],
      [size, 5],
      [size - 1, 5]
    ]) {
      if (offset >= 0) assert.equal(await read(file, { offset, length }), content.slice(offset, offset + length))
    }
  }
})

const files: readonly TorrentFile[] = [
  { path: ['a.txt'], content: noise(130, 1) },
  { path: ['.pad', '70'], content: new Uint8Array(70), attr: 'p' },
  { path: ['d', 'b.txt'], content: noise(1, 2) },
  { path: ['d', 'empty'], content: new Uint8Array(0) },
  { path: ['d', 'e', 'ü', 'deep'], content: noise(1_000, 3) },
  { path: ['z'], content: noise(99, 4), attr: 'x' },
  { path: ['d', 'later'], content: noise(5, 5) },
  { path: ['link'], content: new Uint8Array(0), attr: 'l', target: ['d', 'b.txt'] },
  { path: ['d', 'e', 'up'], content: new Uint8Array(0), attr: 'l', target: ['a.txt'] }
]

torrents('a directory: files that span pieces, padding left out, symbolic links', async () => {
  const torrent = new Torrent()
  const top = await open(torrent, torrent.multi(files, 100))
  assert.is(top.kind, 'directory')
  assert.equal(await names(top), ['a.txt', 'd', 'z', 'link'])
  const found = await walk(top)
  assert.equal([...found.keys()].sort(), ['a.txt', 'd', 'd/b.txt', 'd/e', 'd/e/up', 'd/e/ü', 'd/e/ü/deep', 'd/empty', 'd/later', 'link', 'z'].sort())
  for (const { path, content, attr } of files) {
    if (attr === 'p') continue
    const node = await top.path(path.join('/'))
    if (attr === 'l') assert.is(node.kind, 'symlink')
    else assert.equal(await read(node), content, path.join('/'))
  }
  assert.is(found.get('link')?.target, 'd/b.txt')
  assert.is(found.get('d/e/up')?.target, '../../a.txt')
  for (const name of ['.pad', 'absent', '', 'd/e', 'a']) assert.is(await top.get(name), undefined, name)
  torrent.asked = []
  await read(found.get('d/e/ü/deep') as LayoutNode, { offset: 450, length: 30 })
  // the info dictionary and one piece
  assert.is(torrent.asked.length, 2)
})

torrents('any range of any file equals the slice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 200 }),
      fc.nat(300),
      fc.nat(300),
      async (sizes, pieceLength, offset, length) => {
        const torrent = new Torrent()
        const files = sizes.map((size, i) => ({ path: [`d${i % 3}`, String(i)], content: noise(size, i) }))
        const top = await open(torrent, torrent.multi(files, pieceLength))
        for (const { path, content } of files) {
          const file = await top.path(path.join('/'))
          assert.equal(await read(file, { offset, length }), content.slice(offset, offset + length))
        }
      }
    ),
    { numRuns: Math.ceil(RUNS / 4) }
  )
})

torrents('3,000 files in one directory', async () => {
  const torrent = new Torrent()
  const many = Array.from({ length: 3_000 }, (_, i) => ({ path: ['d', `file ${i}`], content: noise(i % 7, i) }))
  const directory = await (await open(torrent, torrent.multi(many, 64))).path('d')
  assert.equal(
    await names(directory),
    many.map(({ path }) => path[1])
  )
  assert.equal(await read(await directory.path('file 2999')), many[2_999].content)
})

const errors = suite('errors')

const ok = { length: 5, name: 'x', 'piece length': 5, pieces: Buffer.alloc(20) }
const list = (...paths: (string | Buffer)[][]) => ({ name: 'x', 'piece length': 5, pieces: Buffer.alloc(0), files: paths.map((path) => ({ length: 0, path })) })

const bad: readonly (readonly [name: string, code: string, info: object | string])[] = [
  ['no pieces', 'MISSING_FIELD', { length: 5, name: 'x', 'piece length': 5 }],
  ['no name', 'MISSING_FIELD', { length: 5, 'piece length': 5, pieces: Buffer.alloc(20) }],
  ['neither length nor files', 'MISSING_FIELD', { name: 'x', 'piece length': 5, pieces: Buffer.alloc(20) }],
  ['both length and files', 'UNKNOWN_FIELD', { ...ok, files: [] }],
  ['pieces of no length', 'NUMBER_RANGE', { ...ok, 'piece length': 0 }],
  ['a piece too few', 'SIZE_MISMATCH', { ...ok, length: 6 }],
  ['a piece too many', 'SIZE_MISMATCH', { ...ok, pieces: Buffer.alloc(40) }],
  ['half a digest', 'MALFORMED', { ...ok, pieces: Buffer.alloc(30) }],
  ['a negative length', 'MALFORMED', { ...ok, length: -1 }],
  ['a length beyond 2^53', 'NUMBER_RANGE', 'd6:lengthi99999999999999999e4:name1:x12:piece lengthi5e6:pieces0:e'],
  ['a number with a zero in front', 'NON_CANONICAL', 'd6:lengthi05e4:name1:x12:piece lengthi5e6:pieces0:e'],
  ['a key twice', 'DUPLICATE_KEY', 'd6:lengthi5e6:lengthi5e4:name1:x12:piece lengthi5e6:pieces0:e'],
  ['bytes after it', 'TRAILING_BYTES', `d6:lengthi5e4:name1:x12:piece lengthi5e6:pieces20:${'x'.repeat(20)}ex`],
  ['an end inside a string', 'UNEXPECTED_END', 'd6:lengthi5e4:name9:x'],
  ['an end inside a dictionary', 'UNEXPECTED_END', 'd6:lengthi5e'],
  ['a list', 'MALFORMED', 'le'],
  ['lists without end', 'DEPTH', `d1:a${'l'.repeat(3_000)}`],
  ['a name of two dots', 'MALFORMED', list(['..', 'a'])],
  ['a name with a slash', 'MALFORMED', list(['a/b'])],
  ['an empty name', 'MALFORMED', list([''])],
  ['an empty path', 'MALFORMED', list([])],
  ['a name that is not UTF-8', 'INVALID_UTF8', list([Buffer.of(0xff)])],
  ['a file twice', 'DUPLICATE_KEY', list(['a'], ['a'])],
  ['a file that is a directory', 'DUPLICATE_KEY', list(['a', 'b'], ['a'])]
]

for (const [name, code, info] of bad) {
  errors(name, async () => {
    const torrent = new Torrent()
    const root = typeof info === 'string' ? torrent.put(0x7b, new TextEncoder().encode(info)) : torrent.info(info)
    try {
      const top = await open(torrent, root)
      await names(top)
    } catch (error) {
      assert.is((error as LayoutError).code, code, (error as Error).stack)
      return
    }
    assert.unreachable('no error')
  })
}

errors('a piece that is not of the size that it must have', async () => {
  const torrent = new Torrent()
  const root = torrent.info({ length: 10, name: 'x', 'piece length': 10, pieces: Buffer.from(torrent.pieces(noise(9), 9)) })
  try {
    await read(await open(torrent, root))
    assert.unreachable()
  } catch (error) {
    assert.is((error as LayoutError).code, 'SIZE_MISMATCH', (error as Error).stack)
  }
})

const vectors = suite('vectors')

if (!existsSync(VECTORS)) skip('real torrents', 'shared/vectors/torrent is absent')
else {
  for (const name of ['alice', 'bunny', 'leaves', 'lots-of-numbers', 'sintel']) {
    vectors(name, async () => {
      const file = readFileSync(new URL(`${name}.torrent`, VECTORS))
      const parsed = await parseTorrent(file)
      const info = new Uint8Array(parsed.infoBuffer)
      const torrent = new Torrent()
      const root = torrent.put(0x7b, info)
      assert.equal(String(root), String(infoCid(info)))
      assert.is(Buffer.from(root.multihash.digest).toString('hex'), parsed.infoHash)
      const top = await open(torrent, root)
      const expected = (parsed.files as { path: string; length: number }[]).map(({ path, length }) => [path.replaceAll('\\', '/'), length])
      if (top.kind === 'file') assert.equal(expected, [[parsed.name, top.size]])
      else {
        const found = [...(await walk(top))].filter(([, { kind }]) => kind === 'file').map(([path, { size }]) => [`${parsed.name}/${path}`, size])
        assert.equal(found.sort(), expected.sort())
      }
    })
  }
}

torrents.run()
errors.run()
vectors.run()
