/**
 * Real Helia and verified-fetch, offline, run by helia.test.ts under Node 22 with the packages of this folder: each case as it is without the plugin and the resolvers, and whole
 * with them.
 */
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Blockstore, createHost, type Host } from '../../src/codec/index.js'
import { autocodecPlugin, helia, installResolvers } from '../../src/helia/index.js'
import { type Dag, dag, FILE_TEXT, knowing, NOBODYS } from './dag.js'

// packages of this folder, which the project's own types know nothing of
const heliaPackage = 'helia'
const { createHeliaLight } = await import(heliaPackage)
const fetchPackage = '@helia/verified-fetch'
const { createVerifiedFetchWithHelia } = await import(fetchPackage)
const exporterPackage = 'ipfs-unixfs-exporter'
const { resolvers } = await import(exporterPackage)
const carPackage = '@helia/car'
const { car } = await import(carPackage)

type Fetch = (resource: string, init?: RequestInit) => Promise<Response>

interface Setup {
  readonly node: {
    readonly blockstore: Blockstore & { put(cid: CID, bytes: Uint8Array): Promise<CID>; delete(cid: CID): Promise<void> }
    getCodec(code: number): Promise<{ code: number; name: string }>
    readonly pins: { add(cid: CID): AsyncIterable<CID> }
  }
  readonly fetch: Fetch
}

const DAG: Dag = await dag()
const { top, secret, third, file, nobody, broken } = DAG

/** Helia with the DAG in its store; `host` for what the project adds. */
async function setup(host?: Host): Promise<Setup> {
  const node = createHeliaLight(host === undefined ? {} : await helia({ host }))
  for (const { cid, bytes } of DAG.blocks) await node.blockstore.put(cid, bytes)
  const fetch = await createVerifiedFetchWithHelia(node, host === undefined ? {} : { plugins: [autocodecPlugin({ host })] })
  return { node, fetch: (resource, init) => fetch(resource, { session: false, offline: true, ...init }) }
}

const bare = await setup()
const host = await knowing()
const whole = await setup(host)
const text = async (response: Response): Promise<string> => (await response.text()).trimEnd()
const bytesOf = (wanted: CID): Uint8Array => DAG.blocks.find(({ cid }) => cid.equals(wanted))?.bytes as Uint8Array
const DAG_JSON = 'application/vnd.ipld.dag-json'
const SECRET_JSON = `{"a/b":"slash","file":{"/":"${file}"},"list":[{"deep":"found"}],"n":1.0,"nobody":{"/":"${nobody}"},"third":{"/":"${third}"}}`

test('as it is: a path through a multicodec that is not known answers 200 with the root block, be it there or not', async () => {
  for (const path of ['list/0/deep', 'nonexistent']) {
    const response = await bare.fetch(`ipfs://${secret}/${path}`)
    assert.is(response.status, 200)
    assert.equal(new Uint8Array(await response.arrayBuffer()), bytesOf(secret))
  }
  assert.is((await bare.fetch(`ipfs://${top}/secret/nonexistent`)).status, 200)
})

interface Row {
  readonly path: string
  readonly status?: number
  readonly type?: string
  readonly body: string | RegExp
  readonly accept?: string
}

/** A 404 of verified-fetch's own says nothing; the plugin's says which key is not there. */
const rows: readonly Row[] = [
  { path: `${secret}`, type: DAG_JSON, body: SECRET_JSON },
  { path: `${secret}/`, type: DAG_JSON, body: SECRET_JSON },
  { path: `${secret}/list`, type: DAG_JSON, body: '[{"deep":"found"}]' },
  { path: `${secret}/list/0/deep`, type: DAG_JSON, body: '"found"' },
  // a float that is a whole number stays a float
  { path: `${secret}/n`, type: DAG_JSON, body: '1.0' },
  { path: `${secret}/third`, type: DAG_JSON, body: '{"leaf":true}' },
  { path: `${secret}/third/leaf`, type: DAG_JSON, body: 'true' },
  { path: `${top}/secret`, type: DAG_JSON, body: SECRET_JSON },
  { path: `${top}/secret/third/leaf`, type: DAG_JSON, body: 'true' },
  { path: `${secret}/nonexistent`, status: 404, body: /^/ },
  { path: `${top}/secret/nonexistent`, status: 404, body: /^/ },
  { path: `${secret}/list/1`, status: 404, body: /^/ },
  { path: `${secret}/third/leaf/more`, status: 404, body: /^/ },
  { path: `${nobody}`, status: 501, body: /no codec for multicodec 0x3000ff;.*autocodec codec add/ },
  { path: `${broken}`, status: 502, body: /^secret: .*at byte 0/ },
  { path: `${secret}`, accept: `text/html,${DAG_JSON};q=0.9,*/*;q=0.8`, type: DAG_JSON, body: SECRET_JSON },
  // verified-fetch refuses by itself what it thinks that a multicodec cannot be
  { path: `${secret}`, accept: DAG_JSON, status: 406, body: /./ }
]

function check(name: string, setUp: Setup, table: readonly Row[]): void {
  for (const { path, status = 200, type, body, accept } of table) {
    test(`${name}: ${path.replace(/ba[a-z0-9]{50,}/, (cid) => `${cid.slice(0, 8)}…`)}${accept === undefined ? '' : ` as ${accept}`}`, async () => {
      const response = await setUp.fetch(`ipfs://${path}`, accept === undefined ? {} : { headers: { accept } })
      const got = await text(response)
      assert.is(response.status, status, got)
      if (typeof body === 'string') assert.is(got, body)
      else assert.match(got, body)
      if (type !== undefined) assert.is(response.headers.get('content-type'), type)
    })
  }
}

check('the plugin alone', whole, rows)
check('the plugin alone', whole, [
  // the URL's own escape: here the path is walked by the plugin
  { path: `${secret}/a%2Fb`, type: DAG_JSON, body: '"slash"' },
  { path: `${secret}/nobody/hidden`, status: 501, body: /no codec for multicodec 0x3000ff/ },
  { path: `${broken}/x`, status: 502, body: /^secret: / }
])

test('the plugin: the block itself, where that is asked for', async () => {
  for (const [path, cid] of [
    [`${secret}`, secret],
    [`${secret}/third`, third],
    [`${top}/secret`, secret]
  ] as const) {
    const response = await whole.fetch(`ipfs://${path}`, { headers: { accept: 'application/vnd.ipld.raw' } })
    assert.is(response.status, 200)
    assert.is(response.headers.get('content-type'), 'application/vnd.ipld.raw')
    assert.equal(new Uint8Array(await response.arrayBuffer()), bytesOf(cid))
  }
  assert.is((await whole.fetch(`ipfs://${secret}/list/0`, { headers: { accept: 'application/vnd.ipld.raw' } })).status, 404, 'no block')
})

test('the plugin: tags, roots, HEAD and what a cache asks', async () => {
  const url = `ipfs://${secret}/third/leaf`
  const response = await whole.fetch(url)
  const etag = response.headers.get('etag') as string
  assert.is(etag, `"${third}/leaf.dag-json"`)
  assert.is(response.url, url)
  assert.is(response.headers.get('x-ipfs-roots'), `${secret},${third}`)
  assert.is.not((await whole.fetch(`ipfs://${secret}/third`)).headers.get('etag'), etag)
  assert.is((await whole.fetch(url, { headers: { 'if-none-match': `"x", ${etag}` } })).status, 304)
  assert.is((await whole.fetch(url, { headers: { 'if-none-match': '"x"' } })).status, 200)
  const head = await whole.fetch(url, { method: 'HEAD' })
  assert.equal([head.status, await text(head)], [200, ''])
})

test('the plugin: what verified-fetch reads itself stays with it', async () => {
  const response = await whole.fetch(`ipfs://${file}`)
  assert.is(await response.text(), FILE_TEXT)
  assert.is((await whole.fetch(`ipfs://${top}`)).headers.get('content-type'), (await bare.fetch(`ipfs://${top}`)).headers.get('content-type'))
})

test('the plugin: a block that is not there', async () => {
  const absent = CID.createV1(0x300001, CID.parse('bafkqaathn4').multihash).toString()
  assert.is((await whole.fetch(`ipfs://${absent}`)).status, 502, 'an identity CID, whose two bytes are in no such format')
  await whole.node.blockstore.delete(third)
  const response = await whole.fetch(`ipfs://${secret}/third`)
  assert.not.ok(response.ok, String(response.status))
  await whole.node.blockstore.put(third, bytesOf(third))
})

const uninstalls: (() => void)[] = []

test('with resolvers installed', () => {
  uninstalls.push(installResolvers(resolvers, host))
})
check('plugin and resolvers', whole, rows)
test('plugin and resolvers: a file below a multicodec that is not known', async () => {
  for (const path of [`${secret}/file`, `${top}/secret/file`]) {
    const response = await whole.fetch(`ipfs://${path}`)
    assert.equal([response.status, await response.text()], [200, FILE_TEXT])
  }
})
test('resolvers alone: no root block for what is not there', async () => {
  const response = await bare.fetch(`ipfs://${secret}/nonexistent`)
  assert.is(response.status, 404)
  const unknown = await bare.fetch(`ipfs://${nobody}/hidden`)
  assert.is(unknown.status, 500)
  assert.match(await unknown.text(), /no codec for multicodec 0x3000ff/)
})
test('and uninstalled', async () => {
  for (const uninstall of uninstalls) uninstall()
  assert.is((await bare.fetch(`ipfs://${secret}/nonexistent`)).status, 200)
})

test('Helia: as it is, and with the loader', async () => {
  try {
    await bare.node.getCodec(0x300001)
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, /Could not load codec for 3145729/)
  }
  const codecs = await Promise.all(Array.from({ length: 5 }, () => whole.node.getCodec(0x300001)))
  for (const codec of codecs) assert.is(codec, codecs[0])
  assert.equal([codecs[0].name, codecs[0].code], ['secret', 0x300001])
  for (const code of [0x55, 0x70, 0x71, 0x0129]) assert.is(await whole.node.getCodec(code), await host.codec(code))
  try {
    await whole.node.getCodec(NOBODYS)
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code: string }).code, 'UNKNOWN_CODEC')
  }
})

async function exported(node: Setup['node'], root: CID): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of car(node).export(root)) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

test('Helia: CAR export is whole, which it is not by itself', async () => {
  const cbor = await host.codec(0x71)
  const root = CID.createV1(0x71, (await import('multiformats/hashes/sha2').then(({ sha256 }) => sha256.digest(cbor.encode([third, top])))) as never)
  for (const { node } of [bare, whole]) await node.blockstore.put(root, cbor.encode([third, top]))
  const told: number[] = []
  const passing = createHeliaLight(await helia({ host, onUnknown: (code) => told.push(code) }))
  for (const { cid, bytes } of [...DAG.blocks, { cid: root, bytes: cbor.encode([third, top]) }]) await passing.blockstore.put(cid, bytes)
  const has = (archive: Uint8Array, cid: CID): boolean => Buffer.from(archive).includes(Buffer.from(cid.bytes))
  const archive = await exported(passing, root)
  for (const cid of [root, third, top, secret, file, nobody]) assert.ok(has(archive, cid), String(cid))
  assert.equal(told, [NOBODYS])

  const errors: unknown[] = []
  const hear = (error: unknown): void => void errors.push(error)
  process.on('unhandledRejection', hear)
  const cut = await exported(bare.node, root).catch((error: Error) => {
    errors.push(error)
    return new Uint8Array(0)
  })
  await new Promise((resolve) => setTimeout(resolve, 10))
  process.off('unhandledRejection', hear)
  assert.not.ok(has(cut, file), 'cut short')
})

test('Helia: pinning goes through codecs that it does not know', async () => {
  const pinned: string[] = []
  for await (const cid of whole.node.pins.add(third)) pinned.push(String(cid))
  assert.ok(pinned.includes(String(third)))
})

test('the sources of a host may be Helia itself', async () => {
  const { blockstoreSource } = await import('../../src/codec/index.js')
  const module = await (await knowing()).module(0x300001)
  const cid = CID.createV1(0x55, await import('multiformats/hashes/sha2').then(({ sha256 }) => sha256.digest(module)))
  await bare.node.blockstore.put(cid, module)
  const made = await createHost({ sources: [blockstoreSource(bare.node.blockstore)] })
  assert.is((await made.codec(cid)).name, 'secret')
})

test.run()
