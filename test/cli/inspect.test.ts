/** `autocodec inspect`: files, standard input, blocks of a CAR; with a face and without. What the faces say is in face.test.ts. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { test } from 'uvu'
import { block, carOf, cbor } from '../dag/sample.js'
import { rows, scratch } from './command.js'

const folder = scratch()
const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const leaf = await cbor({ a: [1, '\u001b[31m'] })
const top = await cbor({ leaf: leaf.cid })
const directory = await block(0x70, dagPb.encode({ Data: Uint8Array.of(8, 1), Links: [{ Name: 'a', Hash: leaf.cid, Tsize: 9 }] }))
const many = await cbor(Array.from({ length: 100 }, (_, i) => i))
const damaged = { cid: top.cid, bytes: leaf.bytes }
const car = write('a.car', await carOf([top.cid], [top, leaf, directory, many]))
const bad = write('bad.car', await carOf([top.cid], [damaged]))
const inline = CID.createV1(0x71, identity.digest(leaf.bytes))

rows([
  {
    name: 'a file',
    args: ['inspect', write('x.dag-cbor', leaf.bytes)],
    out: /^dag-cbor block\ncodec +dag-cbor, 0x71\nsize +\d+ bytes, fuel [\d,]+\nvalue +map of 1\n\nmap of 1\n└─ a {2}list of 2\n {3}├─ 0 {2}1\n {3}└─ 1 {2}"\\u001b\[31m"\n$/
  },
  {
    name: 'standard input',
    args: ['inspect', '-', '--codec', 'dag-pb'],
    stdin: directory.bytes,
    out: /^UnixFS directory\ncodec +dag-pb, 0x70\nsize .*\nlinks +1, 9 bytes below\n\n {2}9 B {2}a {2}bafy\w+\n$/
  },
  {
    name: 'a block of a CAR',
    args: ['inspect', String(top.cid), '--car', car],
    out: new RegExp(`^dag-cbor block\ncid +${top.cid}\n(.|\n)*value +map of 1, 1 link\n(.|\n)*leaf  → ${leaf.cid}`)
  },
  {
    name: 'a block of the second CAR',
    args: ['inspect', String(directory.cid), '--car', write('b.car', await carOf([leaf.cid], [leaf])), '--car', car],
    out: /^UnixFS directory\n/
  },
  { name: 'a block as another codec', args: ['inspect', String(directory.cid), '--car', car, '--codec', 'raw'], out: /^raw block\n(.|\n)*value +bytes\n/ },
  { name: 'an identity CID', args: ['inspect', String(inline)], out: new RegExp(`^dag-cbor block\\ncid +${inline}\\n`) },
  { name: 'a long value', args: ['inspect', String(many.cid), '--car', car], out: /├─ 58 {2}58\n… and more: --all shows it\n$/ },
  { name: 'all of it', args: ['inspect', String(many.cid), '--car', car, '--all'], out: /└─ 99 {2}99\n$/ },
  {
    name: 'a block that no CAR has',
    args: ['inspect', String(top.cid), '--car', write('c.car', await carOf([leaf.cid], [leaf]))],
    exit: 5,
    err: /block bafy\w+ is not there; asked: .*c\.car/
  },
  { name: 'a CID and no CAR', args: ['inspect', String(top.cid)], exit: 5, err: /nothing says where blocks are: give --car FILE\.car/ },
  { name: 'a block that is not the one of its CID', args: ['inspect', String(top.cid), '--car', bad], exit: 3, err: /another sha2-256 hash/ },
  { name: 'a file that is not there', args: ['inspect', join(folder, 'nowhere')], exit: 5, err: /no such file/ },
  { name: 'a file whose codec nobody knows', args: ['inspect', write('a.unknown', 'a')], exit: 2, err: /nothing says which codec/ },
  { name: 'nothing at all', args: ['inspect', write('empty.dag-cbor', '')], exit: 3, err: /empty\.dag-cbor is empty/ },
  { name: 'damaged', args: ['inspect', '-', '--codec', 'dag-cbor'], stdin: Uint8Array.of(0xff), exit: 3, err: /at byte 0/ }
])

test.run()
