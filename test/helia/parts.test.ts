/** The parts of Helia that run on Node 20: walkers, CAR export, path resolution; each as it is without the codecs, and whole with them. */
import { car } from '@helia/car'
import { breadthFirstWalker, depthFirstWalker, naturalOrderWalker } from '@helia/utils'
import { CarReader } from '@ipld/car'
import { MemoryBlockstore } from 'blockstore-core'
import { exporter, resolvers, walkPath } from 'ipfs-unixfs-exporter'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/codec/index.js'
import { autocodecPlugin, type HeliaCodecs, helia, installResolvers, pathResolver } from '../../src/helia/index.js'
import { type Dag, dag, FILE_TEXT, knowing, NOBODYS } from './dag.js'

const DAG: Dag = await dag()
const store = new MemoryBlockstore()
for (const { cid, bytes } of DAG.blocks) await store.put(cid, bytes)
const { top, secret, third, file, nobody } = DAG

async function failure(work: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await work
  } catch (error) {
    return error as Error
  }
  throw new Error('no error')
}

/** As Helia makes its `getCodec` of the two options. */
function getCodecOf({ codecs, loadCodec }: HeliaCodecs): (code: number) => Promise<never> {
  const known = new Map<number, unknown>(codecs.map((codec) => [codec.code, codec]))
  return async (code) => (known.get(code) ?? (await loadCodec(code))) as never
}

const unaware = getCodecOf(await helia({ host: await createHost() }))
const aware = getCodecOf(await helia({ host: await knowing() }))
const told: string[] = []
const passing = getCodecOf(await helia({ host: await knowing(), onUnknown: (code, error) => told.push(`${code} ${error.message}`) }))

const walkers = [
  ['depth first', depthFirstWalker],
  ['breadth first', breadthFirstWalker],
  ['natural order', naturalOrderWalker]
] as const

async function walked(make: (typeof walkers)[number][1], getCodec: ReturnType<typeof getCodecOf>, from: CID): Promise<string[]> {
  const cids: string[] = []
  for await (const { block } of make()({ blockstore: store, getCodec }).walk(from)) cids.push(String(block.cid))
  return cids.sort()
}

/** What the walkers of @helia/utils 3 throw where nobody waits for it: the walk itself then ends as if it were done. */
async function unheard<T>(work: () => Promise<T>): Promise<{ result: T; errors: Error[] }> {
  const errors: Error[] = []
  const hear = (error: unknown): void => void errors.push(error as Error)
  process.on('unhandledRejection', hear)
  try {
    const result = await work()
    await new Promise((resolve) => setTimeout(resolve, 10))
    return { result, errors }
  } finally {
    process.off('unhandledRejection', hear)
  }
}

test('plugin: a path that is not well encoded is one that is not there', async () => {
  const plugin = autocodecPlugin({ host: await knowing() })()
  const context = {
    url: new URL(`ipfs://${secret}/list/%E0%A4%A`),
    resource: `ipfs://${secret}/list/%E0%A4%A`,
    headers: new Headers(),
    requestedMimeTypes: [{ mediaType: '*/*' }],
    ipfsRoots: [secret],
    terminalElement: { cid: secret, path: String(secret), remainder: [] },
    blockstore: store as never
  }
  assert.ok(plugin.canHandle(context))
  const response = await plugin.handle(context)
  assert.is(response.status, 404)
  assert.match(await response.text(), /no "%E0%A4%A" in "list"/)
})

for (const [name, make] of walkers) {
  test(`walker, ${name}: without the codecs it is cut short at the first of them`, async () => {
    const { result, errors } = await unheard(() => walked(make, unaware, top).catch((error: Error) => [error.message]))
    assert.not.ok(result.includes(String(third)))
    assert.match([...result, ...errors.map(String)].join(), /no codec for multicodec 0x300001/)
  })

  test(`walker, ${name}: with them it goes everywhere that anybody can read, and passes the rest`, async () => {
    told.length = 0
    const { result, errors } = await unheard(() => walked(make, passing, top))
    assert.equal(result, [top, secret, third, file, nobody].map(String).sort())
    assert.equal(errors, [])
    assert.match(told.join(), /^3145983 no codec for multicodec 0x3000ff/)
    assert.is(told.length, 1)
  })
}

test('walker: what the host does not know either is an error that says so', async () => {
  const { result, errors } = await unheard(() => walked(naturalOrderWalker, aware, top).catch((error: Error) => [error.message]))
  assert.match([...result, ...errors.map(String)].join(), /no codec for multicodec 0x3000ff/)
})

const logger = { forComponent: () => Object.assign(() => {}, { error() {}, trace() {}, enabled: false, newScope: () => logger.forComponent() }) }

async function exported(getCodec: unknown): Promise<string[]> {
  const parts: Uint8Array[] = []
  const components = { blockstore: store, getCodec, logger } as unknown as Parameters<typeof car>[0]
  for await (const part of car(components).export(top)) parts.push(part)
  const cids: string[] = []
  for await (const { cid } of (await CarReader.fromBytes(new Uint8Array(Buffer.concat(parts)))).blocks()) cids.push(String(cid))
  return cids.sort()
}

test('CAR export: without the codecs it is cut short', async () => {
  // either it says nothing and leaves blocks out, as it does today, or it has learnt to fail
  const { result, errors } = await unheard(() => exported(unaware).catch((error: Error) => [error.message]))
  assert.not.ok(result.includes(String(third)))
  assert.match([...result, ...errors.map(String)].join(), /no codec for multicodec 0x300001/)
})

test('CAR export: with them, and with those that nobody has passed, it is whole, and who asked is told', async () => {
  told.length = 0
  assert.equal(await exported(passing), [top, secret, third, file, nobody].map(String).sort())
  assert.is(told.length, 1)
})

async function led(path: string): Promise<[cid: string, remainder: string]> {
  let last: { cid: CID; remainder: string[] } | undefined
  for await (const entry of walkPath(path, store)) last = entry
  return [String(last?.cid), (last?.remainder ?? []).join('/')]
}

test('paths: without a resolver for the multicodec', async () => {
  const error = await failure(led(`${secret}/list/0/deep`))
  assert.is(error.name, 'NoResolverError')
})

const paths: [path: string, cid: CID, remainder: string][] = [
  [`${secret}`, secret, ''],
  [`${secret}/list/0/deep`, secret, 'list/0/deep'],
  [`${secret}/third`, third, ''],
  [`${secret}/third/leaf`, third, 'leaf'],
  [`${top}/secret/third/leaf`, third, 'leaf'],
  [`${top}/secret/file`, file, '']
]
test('paths: with resolvers for any multicodec', async () => {
  const uninstall = installResolvers(resolvers, await knowing())
  try {
    for (const [path, cid, remainder] of paths) assert.equal(await led(path), [String(cid), remainder], path)
    const entry = await exporter(`${top}/secret/file`, store)
    assert.is(entry.type, 'file')
    const parts: Uint8Array[] = []
    if (entry.type === 'file') for await (const part of entry.content()) parts.push(part)
    assert.is(Buffer.concat(parts).toString(), FILE_TEXT)

    const missing = await failure(led(`${secret}/list/1`))
    assert.equal([missing.name, missing.code], ['BadPathError', 'ERR_BAD_PATH'])
    assert.match(missing.message, /no "1" in "list" of the block \w+: there is a list/)
    assert.match((await failure(led(`${nobody}/hidden`))).message, /no codec for multicodec 0x3000ff/)
    assert.match((await failure(led(`${DAG.broken}/x`))).message, /^secret: .*at byte 0/)
    const absent = CID.createV1(0x300001, (await dag()).top.multihash)
    await store.delete(top)
    assert.match((await failure(led(`${absent}/x`))).message, /is not there/)
  } finally {
    await store.put(top, DAG.blocks.find(({ cid }) => cid.equals(top))?.bytes as Uint8Array)
    uninstall()
  }
  assert.is((await failure(led(`${secret}/third`))).name, 'NoResolverError', 'and all is as it was')
  assert.is(Object.getPrototypeOf(resolvers), Object.prototype)
})

test('paths: a resolver for some multicodecs, which replaces none', async () => {
  const before = resolvers[0x71]
  const uninstall = installResolvers(resolvers, await knowing(), [0x300001, 0x71])
  assert.is(resolvers[0x71], before)
  assert.equal(await led(`${secret}/third`), [String(third), ''])
  assert.is((await failure(led(`${third}/leaf`))).name, 'NoResolverError')
  uninstall()
  assert.is(resolvers[0x300001], undefined)
  // by hand, as it is written in the documentation of others
  resolvers[0x300002] = pathResolver(await knowing()) as never
  assert.equal(await led(`${third}/leaf`), [String(third), 'leaf'])
  delete resolvers[0x300002]
})

test('a signal reaches the block store', async () => {
  const uninstall = installResolvers(resolvers, await knowing())
  const walking = (async () => {
    for await (const _ of walkPath(`${secret}/third`, store, { signal: AbortSignal.abort() }));
  })()
  assert.is((await failure(walking)).name, 'AbortError')
  uninstall()
})

test('an unknown multicodec is an error, or what is told is what is passed', async () => {
  const { loadCodec } = await helia({ host: await createHost() })
  assert.match((await failure(Promise.resolve(loadCodec(NOBODYS)))).message, /no codec for multicodec 0x3000ff/)
  const { loadCodec: pass, codecs } = await helia({ host: await createHost(), onUnknown: () => {} })
  const codec = await pass(NOBODYS)
  const bytes = Uint8Array.of(1, 2)
  assert.equal([codec.code, codec.decode(bytes), codec.encode(bytes)], [NOBODYS, bytes, bytes])
  assert.equal(codecs.map(({ name }) => name).filter((name) => ['dag-cbor', 'dag-json', 'dag-pb', 'raw'].includes(name)).length, 4)
})

test.run()
