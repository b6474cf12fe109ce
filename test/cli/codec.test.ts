/** The codec commands, and codecs that come from files, directories and CARs. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost, readManifest, sealManifest } from '../../src/codec/index.js'
import { block, carOf, cbor } from '../dag/sample.js'
import { autocodec, COMMAND, rows, scratch } from './command.js'

const folder = scratch()
const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

// dag-cbor's code under another name and number: a codec that no tool knows
const host = await createHost()
const shipped = await host.codec('dag-cbor')
const original = await host.module('dag-cbor')
const manifest = { ...readManifest(original), name: 'secret', code: 0x300001, description: 'of the tests' }
const secret = sealManifest(original, manifest)
const cidOf = async (bytes: Uint8Array) => CID.createV1(0x55, await sha256.digest(bytes))
const secretCid = await cidOf(secret)

const leaf = await cbor({ title: 'a leaf' })
const hidden = await block(0x300001, (await cbor({ hidden: leaf.cid })).bytes)
const module = { cid: secretCid, bytes: secret }
const top = await cbor({ hidden: hidden.cid, codec: secretCid })
const fake = sealManifest(original, { ...manifest, name: 'impostor', code: 0x71 })
const impostor = { cid: await cidOf(fake), bytes: fake }

mkdirSync(join(folder, 'codecs'))
const changed = secret.slice()
changed[changed.length - 300] ^= 1
const paths = {
  module: write('secret.wasm', secret),
  named: write(`${secretCid}.wasm`, secret),
  misnamed: write(`${shipped.cid}.wasm`, secret),
  inFolder: write('codecs/secret.wasm', secret),
  bare: write('bare.wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)),
  sealed: write('sealed.wasm', sealManifest(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), manifest)),
  cut: write('cut.wasm', original.subarray(0, 3000)),
  text: write('text.wasm', 'this is no module\n'),
  manifest: write('manifest.json', JSON.stringify(manifest)),
  wrong: write('wrong.json', JSON.stringify({ ...manifest, window: 3 })),
  block: write('x.bin', hidden.bytes),
  named2: write('x.secret', hidden.bytes),
  car: write('with.car', await carOf([top.cid], [top, hidden, leaf, module])),
  without: write('without.car', await carOf([top.cid], [top, hidden, leaf])),
  impostor: write('impostor.car', await carOf([top.cid], [impostor, top, hidden, leaf]))
}
const code = ['--codec', '0x300001', '--pretty']
const shown = new RegExp(`^map of 1\\n└─ hidden  → ${leaf.cid}  dag-cbor\\n$`)

rows([
  { name: 'ls', args: ['codec', 'ls'], out: new RegExp(`^0x71\\tdag-cbor\\t\\d+\\t${shipped.cid}\\tembedded$`, 'm') },
  {
    name: 'ls with a module',
    args: ['--module', paths.module, 'codec', 'ls'],
    out: new RegExp(`^0x300001\\tsecret\\t${secret.length}\\t${secretCid}\\t.*secret\\.wasm$`, 'm')
  },
  {
    name: 'info',
    args: ['codec', 'info', 'dag-cbor'],
    out: new RegExp(
      `^name +dag-cbor\\ncode +0x71\\ncid +${shipped.cid}\\nsize +[\\d,]+ bytes\\n(.|\\n)*imports +autocodec\\.read\\nexports .*decode.*\\nfuel +50,000,000 a call, and`
    )
  },
  {
    name: 'info of a file',
    args: ['codec', 'info', paths.module, '--fuel', '7'],
    out: /^name +secret\n(.|\n)*description +of the tests\n(.|\n)*fuel +7 a call\n/
  },
  { name: 'verify', args: ['codec', 'verify', '0x71'], out: /^hash +as the CID says, bafk.*\nmanifest +dag-cbor, 0x71, ABI 1\nsandbox +accepted/ },
  { name: 'verify a file', args: ['codec', 'verify', paths.module], out: new RegExp(`^hash +nothing to compare with, the CID is ${secretCid}\n`) },
  { name: 'verify a file that is named by its CID', args: ['codec', 'verify', paths.named], out: /^hash +as the CID says/ },
  { name: 'verify --cid', args: ['codec', 'verify', paths.module, '--cid', String(secretCid)], out: /^hash +as the CID says/ },
  {
    name: 'verify a file with another name',
    args: ['codec', 'verify', paths.misnamed],
    exit: 3,
    err: new RegExp(`its bytes are ${secretCid}, expected ${shipped.cid}`)
  },
  { name: 'verify --cid of another', args: ['codec', 'verify', paths.module, '--cid', String(shipped.cid)], exit: 3, err: /expected/ },
  { name: 'verify --cid that is none', args: ['codec', 'verify', paths.module, '--cid', 'abc'], exit: 2, err: /--cid: abc is not a CID/ },
  { name: 'verify a module without a manifest', args: ['codec', 'verify', paths.bare], exit: 6, out: /^hash/, err: /manifest|custom section/ },
  { name: 'verify a module without code', args: ['codec', 'verify', paths.sealed], exit: 6, out: /manifest +secret/, err: /./ },
  { name: 'verify a module cut short', args: ['codec', 'verify', paths.cut], exit: 6, out: /^hash/, err: /./ },
  { name: 'verify text', args: ['codec', 'verify', paths.text], exit: 6, out: /^hash/, err: /not a Wasm module/ },
  { name: 'verify nothing', args: ['codec', 'verify', join(folder, 'nowhere.wasm')], exit: 5, err: /no such file/ },
  { name: 'verify an unknown codec', args: ['codec', 'verify', 'nothing'], exit: 4, err: /nothing/ },
  { name: 'pack text', args: ['codec', 'pack', paths.text, '--manifest', paths.manifest, '-o', join(folder, 'no.wasm')], exit: 3, err: /not a Wasm module/ },
  {
    name: 'pack a manifest that is not JSON',
    args: ['codec', 'pack', paths.bare, '--manifest', paths.text, '-o', join(folder, 'no.wasm')],
    exit: 3,
    err: /text\.wasm is not JSON/
  },
  {
    name: 'pack a wrong manifest',
    args: ['codec', 'pack', paths.bare, '--manifest', paths.wrong, '-o', join(folder, 'no.wasm')],
    exit: 6,
    err: /window: got 3/
  },
  { name: 'pack without a manifest', args: ['codec', 'pack', paths.bare], exit: 2, err: /--manifest/ },

  { name: 'a codec from a file', args: ['--module', paths.module, 'decode', paths.block, ...code], out: shown },
  { name: 'a codec from a file, the option last', args: ['decode', paths.block, ...code, '--module', paths.module], out: shown },
  { name: 'a codec from a directory', args: ['--modules', join(folder, 'codecs'), 'decode', paths.block, ...code], out: shown },
  {
    name: 'a codec from a directory, by CID',
    args: ['--modules', join(folder, 'codecs'), 'decode', paths.block, '--pretty', '--codec', String(secretCid)],
    out: shown
  },
  { name: 'a directory with a file that is no codec', args: ['--modules', folder, 'codec', 'ls'], exit: 6, err: /manifest|custom section/ },
  { name: 'a codec from a CAR', args: ['--car', paths.car, 'decode', paths.block, ...code], out: shown },
  { name: 'a codec by the extension of the file', args: ['--car', paths.car, 'decode', paths.named2, '--pretty'], out: shown },
  { name: 'a file that is no codec', args: ['--module', paths.text, 'codec', 'ls'], exit: 6, err: /not a Wasm module/ },
  { name: 'a codec from nowhere', args: ['--module', join(folder, 'nowhere.wasm'), 'codec', 'ls'], exit: 5, err: /no such file/ },
  { name: 'codecs from no directory', args: ['--modules', join(folder, 'nowhere'), 'codec', 'ls'], exit: 5, err: /no such file/ },
  { name: 'codecs from what is no CAR', args: ['--car', paths.text, 'codec', 'ls'], exit: 3, err: /not a CAR/ },

  {
    name: 'a codec that lies in the CAR that needs it',
    args: ['car', 'inspect', '--pretty', paths.car],
    exit: 0,
    out: /a Wasm module: the codec secret, 0x300001(.|\n)* secret +└─ hidden .*\n.*└─ hidden .*"a leaf"(.|\n)*with dag-cbor, (raw, )?secret\n/
  },
  { name: 'without it', args: ['car', 'inspect', '--pretty', paths.without], exit: 4, out: /unknown codec, passed by/, err: /unknown codec 0x300001/ },
  { name: 'without it, given as a file', args: ['car', 'inspect', '--pretty', paths.without, '--module', paths.module], out: / secret +└─ hidden /, exit: 0 },
  {
    name: 'a codec that came with the data takes no codec’s place',
    args: ['car', 'inspect', '--pretty', paths.impostor],
    exit: 4,
    out: / dag-cbor +bafy/,
    err: /unknown codec 0x300001/
  }
])

test('pack seals the manifest and says the CID', async () => {
  const path = join(folder, 'packed.wasm')
  const { exit, out, err } = await autocodec(['codec', 'pack', write('original.wasm', original), '--manifest', paths.manifest, '-o', path])
  assert.equal([exit, out, err], [0, `${secretCid}\n`, ''])
  assert.match((await autocodec(['codec', 'verify', path, '--cid', String(secretCid)])).out, 'sandbox    accepted secret')
})

test('a reader that has seen enough is no failure', async () => {
  const many = await carOf(
    [],
    Array.from({ length: 20_000 }, () => leaf)
  )
  const child = spawn(process.execPath, [...COMMAND, 'car', 'ls', '-'], { cwd: root, stdio: 'pipe' })
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  child.stdin.on('error', () => {})
  child.stdin.end(many)
  child.stdout.once('data', () => child.stdout.destroy())
  const exit = await new Promise((resolve) => child.on('close', resolve))
  assert.equal([exit, err], [0, ''])
})

test.run()
