import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { digestKey } from '../../src/dag/index.js'
import { block, carOf, cbor, type Made, threeBlocks, version2 } from '../dag/sample.js'
import { autocodec, rows, scratch } from './command.js'

const folder = scratch()
const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** The DAG of these tests is dag-cbor alone, so that they say nothing of other codecs. */
const leaf = await cbor({ title: 'a leaf' })
const control = await cbor({ 'key\u001b[2J': 'red \u001b[31m and \u202eback' })
const shared = await cbor({ leaf: leaf.cid, list: [1, 2, 3] })
const top = await cbor({ items: [{ Name: 'first.txt', Hash: leaf.cid }, shared.cid], again: shared.cid, control: control.cid })
const absent = await cbor('absent')
const stray = await cbor('nobody links this')
const strange = await block(0x300001, Uint8Array.of(1, 2, 3))
const blocks = [top, shared, leaf, control]
const whole = await carOf([top.cid], blocks)
const text = (made: Made) => String(made.cid)
const short = (made: Made) => `${text(made).slice(0, 8)}…${text(made).slice(-8)}`

const flipped = whole.slice()
flipped[flipped.length - 2] ^= 4
const paths = {
  whole: write('whole.car', whole),
  second: write('second.car', version2(whole, { padding: 64 })),
  flipped: write('flipped.car', flipped),
  cut: write('cut.car', whole.subarray(0, whole.length - 7)),
  strange: write('strange.car', await carOf([top.cid, strange.cid], [...blocks, strange])),
  loose: write('loose.car', await carOf([top.cid], [...blocks, stray])),
  holes: write('holes.car', await carOf([absent.cid, top.cid], [top, shared])),
  broken: write('broken.car', await carOf([leaf.cid], [leaf, await block(0x71, Uint8Array.of(0xa1, 0x61, 0x61))])),
  md4: write('md4.car', await carOf([leaf.cid], [leaf, { cid: CID.createV1(0x71, create(0xd4, new Uint8Array(32))), bytes: leaf.bytes }])),
  large: write('large.car', await carOf([leaf.cid], [leaf, await cbor(Array.from({ length: 50_000 }, (_, i) => i))])),
  bare: write('bare.car', await carOf([], [])),
  text: write('text.car', 'this is no CAR\n'),
  empty: write('empty.car', '')
}
const offsetOf = (made: Made) => Buffer.from(whole).indexOf(made.bytes)

rows([
  {
    name: 'ls',
    args: ['car', 'ls', paths.whole],
    out: blocks.map((made) => `${[text(made), 'dag-cbor', made.bytes.length, offsetOf(made)].join('\t')}\n`).join('')
  },
  { name: 'ls from standard input', args: ['car', 'ls', '-'], stdin: whole, out: /^bafy\S+\tdag-cbor\t\d+\t\d+\n/ },
  { name: 'ls of roots', args: ['car', 'ls', '--roots', paths.strange], out: `${text(top)}\n${text(strange)}\n` },
  { name: 'ls names an unknown codec by number', args: ['car', 'ls', paths.strange], out: /\t0x300001\t3\t/ },
  { name: 'ls gives what stands before the end', args: ['car', 'ls', paths.cut], exit: 3, out: /^(bafy.*\n){3}$/, err: /ends at byte \d+/ },

  { name: 'verify', args: ['car', 'verify', paths.whole], out: /^CAR version 1, 1 root, 4 blocks, \d+ B, all verified\n$/ },
  { name: 'verify version 2', args: ['car', 'verify', paths.second], out: /^CAR version 2, 1 root, 4 blocks, \d+ B, all verified\n$/ },
  { name: 'verify standard input', args: ['car', 'verify', '-'], stdin: whole, out: /all verified/ },
  { name: 'verify a CAR without blocks', args: ['car', 'verify', paths.bare], out: /0 roots, 0 blocks, 0 B, all verified\n/ },
  { name: 'verify says which roots are not there', args: ['car', 'verify', paths.holes], out: new RegExp(`all verified; not in it: root ${text(absent)}\n`) },
  {
    name: 'verify finds a flipped bit',
    args: ['car', 'verify', paths.flipped],
    exit: 3,
    out: /3 verified, 1 not/,
    err: new RegExp(`block at byte ${offsetOf(control)}: ${text(control)}: .*hash`)
  },
  {
    name: 'verify finds the end',
    args: ['car', 'verify', paths.cut],
    exit: 3,
    out: /3 blocks.*the rest cannot be read/,
    err: new RegExp(`ends at byte ${whole.length - 7}`)
  },
  { name: 'verify a hash function that is not there', args: ['car', 'verify', paths.md4], exit: 4, out: /1 verified, 1 not/, err: /0xd4/ },

  {
    name: 'inspect as a tree',
    args: ['car', 'inspect', '--pretty', paths.whole],
    out: new RegExp(
      [
        'CAR version 1, 1 root, 4 blocks, \\d+ B\\n\\n +size +fuel +time +codec +block',
        ` +${top.bytes.length} B +[\\d,]+ +[\\d.]+ ms  dag-cbor +${short(top)}  \\{.*`,
        ` +${shared.bytes.length} B .*├─ again +${short(shared)}  .*`,
        `.*│  └─ leaf +${short(leaf)}  \\{title: "a leaf"\\}`,
        `.*├─ "first.txt" +${short(leaf)}  ↑ shown above`,
        `.*└─ control +${short(control)}  .*`,
        '',
        '4 blocks, \\d+ B, all verified, fuel [\\d,]+, decoded in .* with dag-cbor\\n$'
      ].join('\\n')
    )
  },
  { name: 'inspect --full', args: ['car', 'inspect', '--pretty', '--full', paths.second], out: new RegExp(`version 2(.|\\n)*├─ .*${text(shared)}`) },
  { name: 'inspect standard input', args: ['car', 'inspect', '--pretty', '-'], stdin: whole, out: /^standard input(.|\n)*all verified/ },
  {
    name: 'inspect lists blocks that no root leads to',
    args: ['car', 'inspect', '--pretty', paths.loose],
    out: /1 block that the roots do not lead to:\n.*"nobody links this"\n\n5 blocks/
  },
  {
    name: 'inspect shows what is not there',
    args: ['car', 'inspect', '--pretty', paths.holes],
    out: new RegExp(`${short(absent)}  not in this CAR(.|\n)*leaf.*not in this CAR`)
  },
  {
    name: 'inspect passes an unknown codec by',
    args: ['car', 'inspect', '--pretty', paths.strange],
    exit: 4,
    out: /0x300001.*unknown codec, passed by(.|\n)*5 blocks/,
    err: /^autocodec: unknown codec 0x300001.*--module FILE\.wasm\n$/
  },
  {
    name: 'inspect does not decode a block with a flipped bit',
    args: ['car', 'inspect', '--pretty', paths.flipped],
    exit: 3,
    out: /control.*hash mismatch(.|\n)*3 blocks verified, 1 not/,
    err: /1 block not the bytes/
  },
  {
    name: 'inspect shows all before the end',
    args: ['car', 'inspect', '--pretty', paths.cut],
    exit: 3,
    out: /control.*not in this CAR(.|\n)*the rest cannot be read/,
    err: /ends at byte/
  },
  {
    name: 'inspect goes on after a block that does not decode',
    args: ['car', 'inspect', '--pretty', paths.broken],
    exit: 3,
    out: /a leaf(.|\n)*at byte 3/,
    err: /1 block could not be decoded.*dag-cbor/
  },
  {
    name: 'inspect a hash function that is not there',
    args: ['car', 'inspect', '--pretty', paths.md4],
    exit: 4,
    err: /hash function that cannot be verified/
  },
  {
    name: 'inspect under a limit of fuel',
    args: ['car', 'inspect', '--pretty', '--fuel', '100000', paths.large],
    exit: 6,
    err: /1 block could not be decoded.*fuel/
  },

  ...['ls', 'verify', 'inspect'].flatMap((command) => [
    { name: `${command}: no such file`, args: ['car', command, join(folder, 'nowhere.car')], exit: 5, err: /no such file: .*nowhere\.car/ },
    { name: `${command}: a directory`, args: ['car', command, folder], exit: 2, err: /is a directory; give a file/ },
    { name: `${command}: text`, args: ['car', command, paths.text], exit: 3, err: /not a CAR: it begins with 74 68 69 73/ },
    { name: `${command}: an empty file`, args: ['car', command, paths.empty], exit: 3, err: /not a CAR: there are 0 bytes/ },
    { name: `${command}: empty standard input`, args: ['car', command, '-'], exit: 3, err: /not a CAR: there are 0 bytes/ },
    { name: `${command}: nothing`, args: ['car', command], exit: 2, err: /missing required argument/ }
  ])
])

test('what a terminal would obey is not printed', async () => {
  const { out } = await autocodec(['car', 'inspect', '--pretty', paths.whole])
  assert.match(out, '\\u001b[31m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(out, /[\u0000-\u0009\u000b-\u001f\u202e]/)
})

test('verify finds a flipped bit anywhere in any block', async () => {
  const { leaves, root, bytes } = await threeBlocks()
  const inside = [root, ...leaves].flatMap(({ bytes: part }) => {
    const at = Buffer.from(bytes).indexOf(part)
    return [at, at + (part.length >> 1), at + part.length - 1]
  })
  for (const at of inside) {
    const changed = bytes.slice()
    changed[at] ^= 0x10
    const { exit, out } = await autocodec(['car', 'verify', '-'], changed)
    assert.is(exit, 3)
    assert.match(out, '2 verified, 1 not')
  }
})

test('a chain of 3,000 blocks', async () => {
  let last = await cbor(0)
  const chain = [last]
  for (let i = 0; i < 3000; i++) {
    last = await cbor({ i, next: last.cid })
    chain.push(last)
  }
  assert.is(new Set(chain.map(({ cid }) => digestKey(cid))).size, 3001)
  const { exit, out } = await autocodec(['car', 'inspect', '--pretty', '-'], await carOf([last.cid], chain))
  assert.is(exit, 0)
  assert.match(out, '(3000) └─ next')
  assert.match(out, '3,001 blocks')
})

test.run()
