/** The store that outlives processes: what a kill, a broken disk, a liar or a neighbour may do to it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root, typescript } from '../../../scripts/run.js'
import { createHost, HostError, type Source, verify } from '../../../src/codec/index.js'
import { DirectoryStore } from '../../../src/codec/source/directory-store.js'
import { note } from '../../note.js'
import { cidOf, resealed, sourceOf } from '../resealed.js'
import { gateway, honest } from './server.js'

const CODEC = await resealed({ name: 'kept', code: 0x300001 })
const OTHER = await resealed({ name: 'another', code: 0x300002 })
const BLOCK = Uint8Array.of(0xa1, 0x61, 0x61, 1)

const test = suite<{ path: string; store: DirectoryStore }>('directory store')
test.before.each(async (context) => {
  context.path = await mkdtemp(join(tmpdir(), 'autocodec-store-'))
  context.store = new DirectoryStore(context.path)
})
test.after.each(({ path }) => rm(path, { recursive: true, force: true }))

/** Every file that has a block's name, verified; what a reader would find. */
async function sound(path: string): Promise<number> {
  let blocks = 0
  for await (const { cid, size } of new DirectoryStore(path).blocks()) {
    const bytes = await readFile(join(path, 'blocks', `${cid}`.slice(-2), `${cid}`))
    assert.is(bytes.length, size)
    await verify(cid, bytes)
    blocks++
  }
  return blocks
}

const fileOf = (path: string, cid: CID): string => join(path, 'blocks', `${cid}`.slice(-2), `${cid}`)
const remote = (source: Source): Source => ({ name: source.name, remote: true, get: (cid, options) => source.get(cid, options) })

test('makes nothing before there is something to keep', async ({ path }) => {
  const store = new DirectoryStore(join(path, 'not', 'yet'))
  assert.is(await store.get(CODEC.cid), undefined)
  assert.equal(await readdir(path), [])
  await store.put(CODEC.cid, CODEC.bytes)
  assert.equal(new Uint8Array((await store.get(CODEC.cid)) as Uint8Array), CODEC.bytes)
})

test('refuses what is not the block, and keeps nothing of it', async ({ path, store }) => {
  try {
    await store.put(CODEC.cid, OTHER.bytes)
    assert.unreachable()
  } catch (error) {
    assert.instance(error, HostError)
    assert.is((error as HostError).code, 'HASH_MISMATCH')
  }
  assert.equal(await readdir(path), [])
})

const damages: [name: string, damage: (bytes: Uint8Array) => Uint8Array][] = [
  ['cut short', (bytes) => bytes.subarray(0, 100)],
  ['emptied', () => new Uint8Array(0)],
  ['grown', (bytes) => Uint8Array.of(...bytes, 0)],
  ['with another bit', (bytes) => bytes.map((byte, i) => (i === 500 ? byte ^ 1 : byte))]
]
for (const [name, damage] of damages) {
  test(`a file ${name} is removed, and comes anew from the next source`, async ({ path, store }) => {
    await store.put(CODEC.cid, CODEC.bytes)
    await writeFile(fileOf(path, CODEC.cid), damage(CODEC.bytes))
    const host = await createHost({ sources: [store, remote(sourceOf('far', CODEC))] })
    assert.equal((await host.codec(CODEC.cid)).decode(BLOCK), { a: 1 })
    assert.is(await sound(path), 1)
    assert.is((await (await createHost({ sources: [store] })).codec(CODEC.cid)).name, 'kept')
  })
}

test('keeps what comes from afar, and only that', async ({ path, store }) => {
  await (await createHost({ sources: [store, sourceOf('near', CODEC)] })).codec(CODEC.cid)
  assert.equal(await readdir(path), [])
  await (await createHost({ sources: [store, remote(sourceOf('far', CODEC))] })).codec(CODEC.cid)
  assert.is(await sound(path), 1)
})

test('a store that cannot be written takes nothing from those who read', async ({ path }) => {
  await writeFile(join(path, 'file'), '')
  const store = new DirectoryStore(join(path, 'file'))
  const host = await createHost({ sources: [store, remote(sourceOf('far', CODEC))] })
  assert.equal((await host.codec(CODEC.cid)).decode(BLOCK), { a: 1 })
})

test('names in it that are no blocks are passed by', async ({ path, store }) => {
  await store.put(CODEC.cid, CODEC.bytes)
  await mkdir(join(path, 'blocks', 'zz', 'deep'), { recursive: true })
  await writeFile(join(path, 'blocks', '.DS_Store'), '')
  await writeFile(join(path, 'blocks', 'zz', 'notes.txt'), '')
  await mkdir(join(path, 'codecs'))
  for (const name of ['README', '0x.kept.bafy', `0x300001.kept.${CODEC.cid}`, `0xzz.kept.${CODEC.cid}`, `0x300009.UP.${CODEC.cid}`]) {
    await writeFile(join(path, 'codecs', name), '')
  }
  assert.is(await sound(path), 1)
  assert.equal(
    (await store.codecs()).map(({ code, name, cid }) => [code, name, `${cid}`]),
    [[0x300001, 'kept', `${CODEC.cid}`]]
  )
})

test('one codec a multicodec, the last one kept', async ({ store }) => {
  const second = await resealed({ name: 'second', code: 0x300001 })
  const manifest = async (cid: CID) => (await createHost({ sources: [sourceOf('all', CODEC, second)] })).codec(cid).then((codec) => codec.manifest)
  await store.keep(CODEC.cid, CODEC.bytes, await manifest(CODEC.cid))
  await store.keep(second.cid, second.bytes, await manifest(second.cid))
  assert.equal(
    (await store.codecs()).map(({ name }) => name),
    ['second']
  )
  assert.ok(await store.forget(second.cid))
  assert.not.ok(await store.forget(second.cid))
  assert.equal(await store.codecs(), [])
})

test('sweep: only what has been unfinished for long', async ({ path, store }) => {
  await mkdir(join(path, 'tmp'))
  for (const name of ['old', 'new']) await writeFile(join(path, 'tmp', name), 'x')
  const yesterday = new Date(Date.now() - 86_400_000)
  await utimes(join(path, 'tmp', 'old'), yesterday, yesterday)
  assert.is(await store.sweep(), 1)
  assert.equal(await readdir(join(path, 'tmp')), ['new'])
})

test('use is noted, so that what is used stays longest', async ({ path, store }) => {
  await store.put(CODEC.cid, CODEC.bytes)
  const yesterday = new Date(Date.now() - 86_400_000)
  await utimes(fileOf(path, CODEC.cid), yesterday, yesterday)
  await store.get(CODEC.cid)
  assert.ok((await stat(fileOf(path, CODEC.cid))).mtimeMs > yesterday.getTime() + 3_600_000)
})

/** Starts a process that fills the store; resolves when it has begun. */
async function fill(path: string, seed: number, count: number): Promise<{ child: ChildProcess; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, typescript('test/codec/source/filler.ts', path, String(seed), String(count)), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()))
  return { child, ended }
}

test('a hundred kills while it is being filled: nothing in it ever fails verification', async ({ path }) => {
  const KILLS = 100
  let killed = 0
  let unfinished = 0
  const lane = async (first: number): Promise<void> => {
    for (let seed = first; seed < KILLS; seed += 4) {
      const { child, ended } = await fill(path, seed, 1e9)
      // another moment each time, over some ten blocks
      await new Promise((resolve) => setTimeout(resolve, (seed * 37) % 101))
      child.kill('SIGKILL')
      if ((await ended) === null) killed++
    }
  }
  const looks = setInterval(() => void sound(path), 1_000)
  await Promise.all([0, 1, 2, 3].map(lane))
  clearInterval(looks)
  assert.is(killed, KILLS)
  unfinished = (await readdir(join(path, 'tmp'))).length
  const blocks = await sound(path)
  assert.ok(blocks > 0)
  note(`${killed} kills left ${blocks} blocks, all sound, and ${unfinished} unfinished files aside`)
  // the next start: everything reads, and what was unfinished is filled in
  const { ended } = await fill(path, 0, 3)
  assert.is(await ended, 0)
})

test('processes that write the same blocks at once', async ({ path }) => {
  const fillers = await Promise.all([1, 2, 3].map(() => fill(path, 7, 40)))
  assert.equal(await Promise.all(fillers.map(({ ended }) => ended)), [0, 0, 0])
  assert.is(await sound(path), 40)
  assert.equal(await readdir(join(path, 'tmp')), [])
})

test('two processes that resolve the same codec at once through one store', async ({ path }) => {
  const { url, asked, close } = await gateway((cid, response, request) => void setTimeout(() => honest([CODEC])(cid, response, request), 100))
  const program = `
    import { createHost, gatewaySource } from ${JSON.stringify(join(root, 'src/index.ts'))}
    import { DirectoryStore } from ${JSON.stringify(join(root, 'src/codec/source/directory-store.ts'))}
    const host = await createHost({ sources: [new DirectoryStore(${JSON.stringify(path)}), gatewaySource(${JSON.stringify(url)})] })
    const [codec] = await Promise.all(Array.from({ length: 5 }, () => host.codec(${JSON.stringify(`${CODEC.cid}`)})))
    process.stdout.write(JSON.stringify(codec.decode(Uint8Array.of(0xa1, 0x61, 0x61, 1))))`
  const one = () =>
    new Promise<string>((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
      let out = ''
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        out += chunk
      })
      child.on('error', reject)
      child.on('close', () => resolve(out))
    })
  assert.equal(await Promise.all([one(), one()]), ['{"a":1}', '{"a":1}'])
  assert.ok(asked.length <= 2, 'five askings in a process are one request')
  await close()
  assert.is(await sound(path), 1)
  // and a third one, now without the gateway
  assert.is(await one(), '{"a":1}')
})

test('blocks of any hash, and those that stand in their CIDs', async ({ path, store }) => {
  const { sha512 } = await import('multiformats/hashes/sha2')
  const { identity } = await import('multiformats/hashes/identity')
  const bytes = new TextEncoder().encode('by another hash')
  const cid = CID.createV1(0x55, await sha512.digest(bytes))
  await store.put(cid, bytes)
  assert.equal(new Uint8Array((await store.get(cid)) as Uint8Array), bytes)
  const inline = CID.createV1(0x55, identity.digest(bytes))
  await store.put(inline, bytes)
  assert.equal(await store.get(inline), bytes)
  assert.is(await sound(path), 1)
  assert.ok(await store.has(inline))
  assert.not.ok(await store.has(await cidOf(bytes)))
})

test.run()
