/** `autocodec codec test`: vectors from directories, what is said, and how it ends. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import { BAD, VECTORS } from '../conformance/bad.js'
import { cbor } from '../dag/sample.js'
import { rows, scratch } from './command.js'

const folder = scratch()
const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, bytes)
  return path
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const module = (name: string): string => write(`${name}.wasm`, BAD.find((bad) => bad.name === name)!.module)

write('rows/tagged.valid.json', JSON.stringify(VECTORS.valid.map(({ bytes, ...row }) => ({ ...row, hex: hex(bytes) }))))
write('rows/tagged.invalid.json', JSON.stringify(VECTORS.invalid.map(({ bytes, ...row }) => ({ ...row, hex: hex(bytes) }))))
const leaf = await cbor({ a: [1, 'é'] })
write(`raw/${leaf.cid}.dag-cbor`, leaf.bytes)
write('raw/any.bin', leaf.bytes)
write('raw/invalid/cut', leaf.bytes.subarray(1))
write(`other/${leaf.cid}.bin`, (await cbor(2)).bytes)
write('damaged/x.valid.json', '[{"name":"no hex","hex":"0"}]')
write('text/x.invalid.json', 'no JSON')
mkdirSync(join(folder, 'empty'))
const at = (name: string) => ['--vectors', join(folder, name)]
const few = ['--runs', '50']

rows([
  {
    name: 'a codec that keeps all laws',
    args: ['codec', 'test', module('honest'), ...at('rows'), ...few, '--seed', '7'],
    out: /^\S+honest\.wasm, bafk\w+: 8 valid vectors, \d invalid, 50 runs, seed 7\nok {4}manifest +1 check\nok {4}vectors +\d+ checks\n(ok .*\n)+13 laws kept\n$/
  },
  {
    name: 'one that breaks a law',
    args: ['codec', 'test', module('text-as-bytes'), ...at('rows'), ...few],
    exit: 6,
    out: /\nFAIL {2}round trip +\d+ of \d+ checks: a block encodes to itself.*\n {6}text: from its tape: 01c3a921, which differs from byte 0 on\n {8}block 03c3a921\n(.|\n)*laws? broken, \d+ kept\n$/
  },
  {
    name: 'one that the host does not take',
    args: ['codec', 'test', write('no.wasm', 'nothing')],
    exit: 6,
    out: /FAIL {2}manifest .*\n.*not a Wasm module.*\n1 law broken, 0 kept\n$/
  },
  {
    name: 'raw blocks, one named by its CID',
    args: ['codec', 'test', 'dag-cbor', ...at('raw'), ...few],
    out: /: 2 valid vectors, 1 invalid(.|\n)*13 laws kept/
  },
  { name: 'two directories', args: ['codec', 'test', 'dag-cbor', ...at('raw'), ...at('raw'), ...few], out: /: 4 valid vectors, 2 invalid/ },
  {
    name: 'a block that is not the one of its name',
    args: ['codec', 'test', 'dag-cbor', ...at('other'), ...few],
    exit: 6,
    out: /FAIL {2}vectors .*\n.*have another sha2-256 hash/
  },
  { name: 'without vectors', args: ['codec', 'test', 'raw', ...few], out: /skip {2}vectors +there are no vectors(.|\n)*laws kept/ },
  {
    name: 'a shipped codec, its limits low',
    args: ['codec', 'test', 'dag-cbor', ...at('raw'), ...few, '--fuel', '10'],
    exit: 6,
    out: /needs more than its 10 of fuel/
  },
  {
    name: 'rows that are none',
    args: ['codec', 'test', 'raw', ...at('damaged')],
    exit: 3,
    err: /x\.valid\.json: row 0 \(no hex\): hex is a string, expected pairs/
  },
  { name: 'JSON that is none', args: ['codec', 'test', 'raw', ...at('text')], exit: 3, err: /x\.invalid\.json: .*JSON/ },
  { name: 'an empty directory', args: ['codec', 'test', 'raw', ...at('empty')], exit: 3, err: /no vectors in/ },
  { name: 'no directory', args: ['codec', 'test', 'raw', ...at('nowhere')], exit: 5, err: /no such file/ },
  { name: 'runs that are no number', args: ['codec', 'test', 'raw', '--runs', '-1'], exit: 2, err: /whole number/ }
])
test.run()
