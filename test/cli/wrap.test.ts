/** Data that names its own codec, on the command line. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resealed } from '../codec/resealed.js'
import { block, carOf, cbor } from '../dag/sample.js'
import { autocodec, scratch } from './command.js'

const folder = scratch()
const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const SECRET = await resealed({ name: 'secret', code: 0x300001 })
const leaf = await cbor({ title: 'a leaf' })
const hidden = await block(0x300001, (await cbor({ hidden: leaf.cid })).bytes)
const paths = {
  module: write('secret.wasm', SECRET.bytes),
  hidden: write('hidden.bin', hidden.bytes),
  car: write('blocks.car', await carOf([], [hidden])),
  modules: write('codecs.car', await carOf([], [SECRET]))
}
const wrapped = join(folder, 'wrapped.dag-cbor')
const SHOWN = `{"hidden":{"/":"${leaf.cid}"}}\n`

const forms: [name: string, args: string[], follow: string[]][] = [
  ['a wrapper that holds the block', [paths.hidden], []],
  ['a wrapper that links to it', [String(hidden.cid)], ['--car', paths.car]],
  ['a tagged node', [paths.hidden, '--direct'], []],
  ['a wrapper with more codecs', [paths.hidden, '--also', 'dag-json'], []]
]
for (const [name, args, follow] of forms) {
  test(name, async () => {
    const made = await autocodec(['--module', paths.module, 'wrap', '--codec', 'secret', ...args, '-o', wrapped])
    assert.is(made.err, '')
    const shown = await autocodec(['decode', wrapped])
    assert.ok(shown.out.includes(`{"/":"${SECRET.cid}"}`), 'without --follow the wrapper itself')
    const read = await autocodec(['--module', paths.module, ...follow, 'decode', '--follow', wrapped])
    assert.is(read.err, '')
    assert.is(read.out, SHOWN)
    // who does not have the codec: nobody at the terminal to ask
    const without = await autocodec(['--modules', folder, ...follow, 'decode', '--follow', wrapped])
    assert.is(without.exit, 0, 'a directory of codecs is what the user has')
  })
}

test('it prints the CID of the wrapper', async () => {
  const { out } = await autocodec(['--module', paths.module, 'wrap', '--codec', 'secret', paths.hidden, '-o', wrapped])
  const { stdout } = await autocodec(['--module', paths.module, 'wrap', '--codec', 'secret', paths.hidden])
  assert.is(out, `${CID.createV1(0x71, await sha256.digest(new Uint8Array(stdout)))}\n`)
})

test('a codec that only the data names: refused, trusted, allowed', async () => {
  const path = write('from-gateway.dag-cbor', new Uint8Array((await autocodec(['--module', paths.module, 'wrap', '--codec', 'secret', paths.hidden])).stdout))
  const { gateway, honest } = await import('../codec/source/server.js')
  const { url, close } = await gateway(honest([SECRET]))
  const read = (...args: string[]) => autocodec(['--gateway', url, ...args, 'decode', '--follow', path])
  const refused = await read()
  assert.is(refused.exit, 6)
  assert.match(refused.err, new RegExp(`^autocodec: codec ${SECRET.cid} is named by the block \\w+ alone, .* --trust ${SECRET.cid}, lets it run\n$`))
  for (const args of [['--trust', String(SECRET.cid)], ['--allow-data-codecs']]) assert.is((await read(...args)).out, SHOWN)
  assert.is((await read('--trust', 'nonsense')).exit, 2)
  assert.is((await autocodec(['--trust', String(SECRET.cid), 'decode', '--follow', path])).exit, 5, 'and nowhere to get it from')
  await close()
})

const wrong: [name: string, args: string[], exit: number, message: RegExp][] = [
  ['a block that is not in the codec', ['wrap', '--codec', 'dag-json', paths.hidden], 3, /dag-json: /],
  ['--direct of a link', ['wrap', '--codec', 'dag-cbor', String(leaf.cid), '--direct'], 2, /--direct takes a FILE/],
  ['a layout that is no CID', ['wrap', '--codec', 'dag-cbor', paths.hidden, '--layout', 'hamt'], 2, /--layout: hamt is not a CID/]
]
for (const [name, args, exit, message] of wrong) {
  test(name, async () => {
    const ended = await autocodec(args)
    assert.is(ended.exit, exit, ended.err)
    assert.match(ended.err, message)
  })
}

test('a layout is named on standard error', async () => {
  const layout = String(SECRET.cid)
  await autocodec(['wrap', '--codec', 'dag-cbor', String(leaf.cid), '--layout', layout, '-o', wrapped])
  const car = write('leaf.car', await carOf([], [leaf]))
  const read = await autocodec(['--car', car, 'decode', '--follow', wrapped])
  assert.is(read.out, '{"title":"a leaf"}\n')
  assert.match(read.err, new RegExp(`^autocodec: it is meant to be read through the data layout ${layout}`))
})

test.run()
