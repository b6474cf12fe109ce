import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/codec/index.js'
import { block, carOf, cbor, type Made } from '../dag/sample.js'
import { autocodec, rows, scratch } from './command.js'

const folder = scratch()
const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const host = await createHost()
const json = await host.codec('dag-json')
const pb = await host.codec('dag-pb')

/** A DAG of four codecs. */
const leaf = await cbor({ title: 'a leaf', float: 1, big: 2n ** 60n })
const text = await block(0x55, new TextEncoder().encode('raw text\n'))
const bytes = await block(0x55, Uint8Array.of(0, 1, 2, 255))
const directory = await block(0x70, pb.encode({ Data: Uint8Array.of(8, 1), Links: [{ Name: 'leaf', Hash: leaf.cid, Tsize: 9 }] }))
const middle = await block(json.code, json.encode({ files: directory.cid, text: text.cid }))
const top = await cbor({ middle: middle.cid, list: [1, { key: 'red \u001b[31m' }], bytes: bytes.cid })
const absent = await cbor('absent')
const strange = await block(0x300001, Uint8Array.of(1))
const holes = await cbor([top.cid, absent.cid, strange.cid])
const all = [top, middle, text, directory, leaf, bytes]
const id = ({ cid }: Made) => String(cid)

const car = write('all.car', await carOf([top.cid], all))
const split = [write('some.car', await carOf([top.cid], [top, middle])), join(folder, 'store')]
const withHoles = write('holes.car', await carOf([holes.cid], [holes, strange, ...all]))
const cut = write('cut.car', (await carOf([top.cid], all)).subarray(0, -2))
mkdirSync(split[1])
for (const made of [text, directory, leaf, bytes]) writeFileSync(join(split[1], `${made.cid}.bin`), made.bytes)
const line = (made: Made, codec: string, depth: number) => `${id(made)}\t${codec}\t${made.bytes.length}\t${depth}\n`

rows([
  { name: 'get through four codecs', args: ['get', `${id(top)}/middle/files/Links/0/Hash/title`, '--car', car], out: '"a leaf"\n' },
  { name: 'get keeps numbers exact', args: ['get', `${id(leaf)}`, '--car', car], out: '{"big":1152921504606846976,"float":1,"title":"a leaf"}\n' },
  {
    name: 'get from a CAR and a directory',
    args: ['get', `/ipfs/${id(top)}/middle/files/Links/0/Name`, '--car', split[0], '--dir', split[1]],
    out: '"leaf"\n'
  },
  { name: 'get a link followed', args: ['get', `${id(top)}/middle`, '--car', car], out: /^\{"files":\{"\/":"bafy/ },
  { name: 'get a link itself', args: ['get', `${id(top)}/middle`, '--no-follow', '--car', car], out: `{"/":"${id(middle)}"}\n` },
  { name: 'get a block as it is', args: ['get', `${id(top)}/middle`, '--raw', '--car', car], bytes: middle.bytes },
  { name: 'get a string as it is', args: ['get', `${id(leaf)}/title`, '--raw', '--car', car], out: 'a leaf' },
  { name: 'get a map as it is', args: ['get', `${id(top)}/list/1`, '--raw', '--car', car], exit: 2, err: /"list\/1" is a map.*expected bytes/ },
  { name: 'get what is not there', args: ['get', `${id(leaf)}/titel`, '--car', car], exit: 5, err: /no "titel" in the root.*its keys are.*"title"/ },
  {
    name: 'get a block that is not there',
    args: ['get', id(absent), '--car', car],
    exit: 5,
    err: /block bafy\w+ is not in any place; asked: .*all\.car; more places: --car FILE/
  },
  { name: 'get of an unknown codec', args: ['get', `${id(holes)}/2`, '--car', withHoles], exit: 4, err: /0x300001/ },
  {
    name: 'get without blocks',
    args: ['get', id(top)],
    exit: 5,
    err: /nothing says where blocks are: give --car FILE\.car, --dir DIR, --store DIR or --gateway URL/
  },
  { name: 'get without a CID', args: ['get', 'nothing/here', '--car', car], exit: 2, err: /nothing\/here does not begin with a CID/ },
  { name: 'get from no directory', args: ['get', id(top), '--dir', car], exit: 2, err: /is not a directory/ },
  { name: 'get from a file that is not there', args: ['get', id(top), '--car', join(folder, 'none.car')], exit: 5, err: /no such file/ },
  { name: 'cat bytes', args: ['cat', `${id(top)}/bytes`, '--car', car], bytes: bytes.bytes },
  { name: 'cat text', args: ['cat', `${id(top)}/middle/text`, '--car', car], out: 'raw text\n' },
  { name: 'cat a map', args: ['cat', id(top), '--car', car], exit: 2, err: /is a map, which has no bytes/ },
  { name: 'ls a map', args: ['ls', id(top), '--car', car], out: `list\tlist\t2\nbytes\tlink\t${id(bytes)}\nmiddle\tlink\t${id(middle)}\n` },
  { name: 'ls a list', args: ['ls', `${id(top)}/list`, '--car', car], out: '0\tinteger\t1\n1\tmap\t1\n' },
  { name: 'ls what a terminal would obey', args: ['ls', `${id(top)}/list/1`, '--car', car], out: 'key\tstring\t"red \\u001b[31m"\n' },
  { name: 'ls links', args: ['ls', '--links', `${id(top)}/middle`, '--car', car], out: `${id(directory)}\tdag-pb\n${id(text)}\traw\n` },
  {
    name: 'walk depth first',
    args: ['walk', id(top), '--car', car],
    out: [
      line(top, 'dag-cbor', 0),
      line(bytes, 'raw', 1),
      line(middle, 'dag-json', 1),
      line(directory, 'dag-pb', 2),
      line(leaf, 'dag-cbor', 3),
      line(text, 'raw', 2)
    ].join('')
  },
  {
    name: 'walk breadth first',
    args: ['walk', id(top), '--breadth-first', '--car', car],
    out: [
      line(top, 'dag-cbor', 0),
      line(bytes, 'raw', 1),
      line(middle, 'dag-json', 1),
      line(directory, 'dag-pb', 2),
      line(text, 'raw', 2),
      line(leaf, 'dag-cbor', 3)
    ].join('')
  },
  { name: 'walk so deep', args: ['walk', id(top), '--depth', '1', '--car', car], out: /^(bafk?.*\n|bag.*\n){3}$/, err: /2 links not followed/ },
  { name: 'walk so many', args: ['walk', id(top), '--blocks', '2', '--car', car], out: /^(ba.*\n){2}$/, err: /1 link not followed/ },
  {
    name: 'walk from a path, as a tree',
    args: ['walk', `${id(top)}/middle`, '--pretty', '--car', car],
    out: new RegExp(`^${id(middle)}  dag-json.*\n├─ ${id(directory)}  dag-pb.*\n│  └─ ${id(leaf)}`)
  },
  {
    name: 'walk past holes',
    args: ['walk', id(holes), '--car', withHoles],
    exit: 5,
    out: /^(ba.*\n){8}$/,
    err: /1 block is linked and in none.*\n.*0x300001/s
  },
  { name: 'walk a wrong number', args: ['walk', id(top), '--depth', '-1', '--car', car], exit: 2, err: /whole number/ },
  {
    name: 'a CAR cut short is used as far as it goes',
    args: ['get', `${id(leaf)}/title`, '--car', cut],
    out: '"a leaf"\n',
    err: /ends at byte .*; 5 blocks before that can be used/
  },

  { name: 'extract one', args: ['car', 'extract', car, id(text)], out: 'raw text\n' },
  { name: 'extract one that is not there', args: ['car', 'extract', car, id(absent)], exit: 5, err: /is not in/ },
  { name: 'create without roots of its own', args: ['car', 'create', '-'], exit: 2, err: /standard input/ },
  { name: 'create with a codec that refuses', args: ['car', 'create', '--codec', 'dag-cbor', car], exit: 3, err: /dag-cbor/ },
  { name: 'create with a root that is none', args: ['car', 'create', '--root', 'x', car], exit: 2, err: /--root: x is not a CID/ }
])

test('a CAR in parts and together again', async () => {
  const parts = join(folder, 'parts')
  const extracted = await autocodec(['car', 'extract', car, '-o', parts])
  assert.is(extracted.out, `6 blocks in ${parts}\n`, extracted.err)
  assert.equal(readdirSync(parts).sort(), all.map((made) => `${id(made)}.bin`).sort())
  const made = join(folder, 'again.car')
  const files = all.map((part) => join(parts, `${id(part)}.bin`))
  const created = await autocodec(['car', 'create', ...files, files[2], '-o', made])
  assert.is(created.exit, 0, created.err)
  assert.equal(readFileSync(made), readFileSync(car), 'the root is the block that no other links to')
  assert.not(existsSync(`${made}.part`))
  const piped = await autocodec(['car', 'create', '--root', id(leaf), ...files.slice(4, 5)])
  assert.equal(piped.stdout, Buffer.from(await carOf([leaf.cid], [leaf])))
})

test('blocks that are not what they are called are not extracted', async () => {
  const bad = write('bad.car', await carOf([], [leaf, { cid: top.cid, bytes: middle.bytes }]))
  const out = join(folder, 'bad')
  const { exit, err } = await autocodec(['car', 'extract', bad, '-o', out])
  assert.is(exit, 3)
  assert.match(err, /another sha2-256 hash/)
  assert.equal(readdirSync(out), [`${id(leaf)}.bin`])
})

test.run()
