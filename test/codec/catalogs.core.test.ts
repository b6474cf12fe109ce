/** Catalogs by CID, in layers; what is said where none helps; and codecs that only data names. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { catalogValue, createHost, type DataCodec, type Host, type HostError, type HostOptions, type Source } from '../../src/codec/index.js'
import { multicodecName, multicodecOf } from '../../src/codec/multicodec.js'
import { dagCbor, type Module, resealed, sourceOf } from './resealed.js'

const CBOR = await dagCbor()
/** {"a": 1} */
const BLOCK = Uint8Array.of(0xa1, 0x61, 0x61, 1)
const OTHER = await resealed({ name: 'other', code: 0x300001 })
const SECOND = await resealed({ name: 'second', code: 0x300001 })
const HEADER = await resealed({ name: 'stellar-block', code: 0xd0 })
const IMPOSTOR = await resealed({ description: 'an impostor' })

const STRANGER = await resealed({ name: 'stranger', code: 0x300005 })

async function catalog(entries: [number, CID][], codec = 'dag-cbor'): Promise<Module> {
  const { code, encode } = await (await createHost()).codec(codec)
  const bytes = encode(catalogValue(new Map(entries)))
  return { cid: CID.createV1(code, await sha256.digest(bytes)), bytes }
}

const FIRST = await catalog([
  [0x300001, OTHER.cid],
  [0x71, IMPOSTOR.cid]
])
const LATER = await catalog(
  [
    [0x300001, SECOND.cid],
    [0xd0, HEADER.cid]
  ],
  'dag-json'
)
const ALL = [OTHER, SECOND, HEADER, IMPOSTOR, FIRST, LATER]

async function failure(work: Promise<unknown>): Promise<HostError> {
  try {
    await work
  } catch (error) {
    return error as HostError
  }
  throw new Error('no error')
}

const host = (options: HostOptions, source: Source = sourceOf('everything', ...ALL)): Promise<Host> => createHost({ sources: [source], ...options })

test('a catalog by its CID is fetched when it is needed, once', async () => {
  const source = sourceOf('everything', ...ALL)
  const made = await host({ catalogs: [FIRST.cid] }, source)
  await made.codec(0x71)
  assert.is(source.asked, 0)
  const codecs = await Promise.all([made.codec(0x300001), made.codec(0x300001), made.loader(0x300001)])
  assert.is(codecs[0], codecs[2])
  assert.equal(codecs[0].decode(BLOCK), { a: 1 })
  assert.is(source.asked, 2, 'the catalog and the module')
  await failure(made.codec(0x300099))
  assert.is(source.asked, 2)
})

test('catalogs in layers: the first one that has a multicodec', async () => {
  const rows: [catalogs: HostOptions['catalogs'], code: number, expected: string][] = [
    [[FIRST.cid, LATER.cid], 0x300001, 'other'],
    [[LATER.cid, FIRST.cid], 0x300001, 'second'],
    [[FIRST.cid, LATER.cid], 0xd0, 'stellar-block'],
    [[new Map([[0x300001, SECOND.cid]]), FIRST.cid], 0x300001, 'second'],
    [[FIRST.cid, LATER.cid], 0x71, 'dag-cbor']
  ]
  for (const [catalogs, code, expected] of rows) assert.is((await (await host({ catalogs })).codec(code)).name, expected)
  assert.ok((await (await host({ catalogs: [FIRST.cid] })).codec(0x71)).cid.equals(CBOR.cid), 'what is embedded stays')
})

test('a name that the multicodec table has is found by its number', async () => {
  for (const catalogs of [[LATER.cid], [new Map([[0xd0, HEADER.cid]])]]) assert.is((await (await host({ catalogs })).codec('stellar-block')).code, 0xd0)
})

test('a catalog that has another codec under a number: neither the number nor its name is that codec', async () => {
  const wrong = await catalog([[0xd0, OTHER.cid]])
  for (const catalogs of [[wrong.cid], [new Map([[0xd0, OTHER.cid]])]]) {
    const made = await host({ catalogs }, sourceOf('everything', ...ALL, wrong))
    for (const ask of [made.codec(0xd0), made.codec('stellar-block'), made.module('stellar-block')]) assert.is((await failure(ask)).code, 'CODE_MISMATCH')
  }
})

test('what was added comes before a catalog that has to be fetched', async () => {
  const made = await host({ catalogs: [FIRST.cid] })
  await made.add(SECOND.bytes)
  assert.is((await made.codec(0x300001)).name, 'second')
})

test('a catalog that cannot be had: no other takes its place, and it is asked for anew', async () => {
  let there = false
  const everything = sourceOf('everything', ...ALL)
  const source: Source = { name: 'late', get: async (cid) => (there || !cid.equals(FIRST.cid) ? everything.get(cid) : undefined) }
  const made = await host({ catalogs: [FIRST.cid, LATER.cid] }, source)
  const error = await failure(made.codec(0x300001))
  assert.is(error.code, 'CATALOG')
  assert.match(error.message, new RegExp(`^catalog ${FIRST.cid} cannot be read: .*is not in any source \\(asked: embedded, added, late\\)`))
  there = true
  assert.is((await made.codec(0x300001)).name, 'other')
})

const noCatalogs: [name: string, block: Promise<Module>, message: RegExp][] = [
  ['a module', Promise.resolve(OTHER), /it is in multicodec 0x55 \(raw\), expected dag-cbor or dag-json/],
  ['a list', encoded([1]), /not a map from multicodecs and names to modules/],
  ['a map of names that no layout has', encoded({ Stellar: HEADER.cid }), /key "Stellar", expected a multicodec in decimal or the name of a layout/],
  ['a map to numbers', encoded({ '208': 1 }), /multicodec 208: expected the CID of a module/],
  ['a layout that is a number', encoded({ unixfs: 1 }), /layout unixfs: expected the CID of a module/],
  ['what does not decode', block(0x71, Uint8Array.of(0xff)), /dag-cbor: .*at byte 0/]
]

async function encoded(value: unknown): Promise<Module> {
  return block(0x71, (await (await createHost()).codec(0x71)).encode(value))
}

async function block(code: number, bytes: Uint8Array): Promise<Module> {
  return { cid: CID.createV1(code, await sha256.digest(bytes)), bytes }
}

for (const [name, made, message] of noCatalogs) {
  test(`no catalog: ${name}`, async () => {
    const module = await made
    const error = await failure((await host({ catalogs: [module.cid] }, sourceOf('one', module))).codec(0x300001))
    assert.is(error.code, 'CATALOG')
    assert.match(error.message, message)
  })
}

test('no codec: number, name, what was asked and what to do', async () => {
  const made = await host({ catalogs: [FIRST.cid, new Map()] })
  const { message, code } = await failure(made.codec(0xd1))
  assert.is(code, 'UNKNOWN_CODEC')
  for (const part of [
    'multicodec 0xd1 (stellar-tx)',
    `embedded ${made.catalog}`,
    String(FIRST.cid),
    'one given as a map',
    'everything',
    'autocodec codec add CID'
  ]) {
    assert.ok(message.includes(part), `${part}: ${message}`)
  }
  assert.match((await failure(made.codec(0x300077))).message, /multicodec 0x300077;/)
  assert.match((await failure(made.codec('dash-tx'))).message, /name or CID "dash-tx", multicodec 0xf1;/)
})

test('the table of multicodecs', () => {
  const rows: [number, string][] = [
    [0x50, 'protobuf'],
    [0x71, 'dag-cbor'],
    [0x72, 'libp2p-key'],
    [0x9a, 'eth-receipt-log'],
    [0xb2, 'bitcoin-witness-commitment'],
    [0x129, 'dag-json'],
    [0xb601, 'json-jcs'],
    [0xf102, 'fil-commitment-sealed']
  ]
  for (const [code, name] of rows) {
    assert.is(multicodecName(code), name)
    assert.is(multicodecOf(name), code)
  }
  assert.is(multicodecName(0x12), undefined, 'hash functions name no blocks')
})

test('a block is had like a module', async () => {
  const made = await host({})
  assert.equal(await made.block(FIRST.cid), FIRST.bytes)
  const inline = CID.parse('bafkqaathn4')
  assert.is(new TextDecoder().decode(await made.block(inline)), 'go')
  assert.is((await failure(made.block(CBOR.cid.toV1()).then(() => made.block(CID.createV1(0x71, CBOR.cid.multihash))))).code, 'MODULE_NOT_FOUND')
})

/** The block that names codecs here. */
const DATA = FIRST.cid

test('a codec that only data names is refused', async () => {
  const made = await host({})
  for (const id of [OTHER.cid, `${OTHER.cid}`]) {
    const { code, message } = await failure(made.codec(id, { namedBy: DATA }))
    assert.is(code, 'REFUSED')
    assert.ok(message.includes(`${OTHER.cid}`) && message.includes(`${DATA}`) && message.includes('--trust'), message)
  }
})

const trusted: [name: string, options: HostOptions][] = [
  ['allowed', { policy: { data: 'allow' } }],
  ['trusted by its CID', { policy: { trusted: [OTHER.cid] } }],
  ['in a trusted catalog', { policy: { trusted: [HEADER.cid, FIRST.cid] } }],
  ['in a catalog of the host', { catalogs: [new Map([[0x300001, OTHER.cid]])] }],
  ['in a catalog of the host by CID', { catalogs: [LATER.cid, FIRST.cid] }]
]
for (const [name, options] of trusted) {
  test(`a codec that data names: ${name}`, async () => {
    const made = await host(options)
    assert.equal((await made.codec(OTHER.cid, { namedBy: DATA })).decode(BLOCK), { a: 1 })
    if (options.policy?.data !== 'allow') assert.is((await failure(made.codec(STRANGER.cid, { namedBy: DATA }))).code, 'REFUSED')
  })
}

test('a codec that data names: what is embedded, was added, or was asked for by the caller', async () => {
  const made = await host({})
  await made.add(SECOND.bytes)
  await made.codec(HEADER.cid)
  for (const cid of [CBOR.cid, SECOND.cid, HEADER.cid]) assert.equal((await made.codec(cid, { namedBy: DATA })).decode(BLOCK), { a: 1 })
})

test('data names no codec by number or name that the host does not have', async () => {
  const made = await host({ policy: { data: 'allow' } })
  assert.is((await made.codec(0x71, { namedBy: DATA })).name, 'dag-cbor')
  await made.codec(OTHER.cid, { namedBy: DATA })
  for (const id of [0x300001, 'other']) {
    assert.is((await failure(made.codec(id))).code, 'UNKNOWN_CODEC')
    assert.is((await failure(made.codec(id, { namedBy: DATA }))).code, 'UNKNOWN_CODEC')
  }
  assert.not.ok(made.codecs().some(({ cid }) => cid.equals(OTHER.cid)))
})

test('a question: what is asked, that a yes holds and a no does not', async () => {
  const asked: DataCodec[] = []
  let answer = false
  const made = await host({
    policy: {
      data: async (codec) => {
        asked.push(codec)
        return answer
      }
    }
  })
  assert.match((await failure(made.codec(OTHER.cid, { namedBy: DATA }))).message, /the answer was no/)
  answer = true
  await made.codec(OTHER.cid, { namedBy: DATA })
  await made.codec(OTHER.cid, { namedBy: LATER.cid })
  assert.is(asked.length, 2)
  const [{ cid, manifest, size, namedBy }] = asked
  assert.equal([`${cid}`, manifest.name, size, `${namedBy}`], [`${OTHER.cid}`, 'other', OTHER.bytes.length, `${DATA}`])
})

test('a question that is not answered yet is not asked again', async () => {
  let asked = 0
  const data = async (): Promise<boolean> => {
    asked++
    await new Promise((resolve) => setTimeout(resolve, 10))
    return true
  }
  const made = await host({ policy: { data } })
  await Promise.all([1, 2, 3].map(() => made.codec(OTHER.cid, { namedBy: DATA })))
  assert.is(asked, 1)
  const failing = await host({
    policy: {
      data: () => {
        throw new Error('the terminal is gone')
      }
    }
  })
  for (let i = 0; i < 2; i++) assert.is((await failure(failing.codec(OTHER.cid, { namedBy: DATA }))).message, 'the terminal is gone')
})

test('only true is a yes', async () => {
  const made = await host({ policy: { data: (() => 'no') as unknown as () => boolean } })
  assert.is((await failure(made.codec(OTHER.cid, { namedBy: DATA }))).code, 'REFUSED')
})

test('a codec that is not trusted has its own limits and its own instance', async () => {
  const made = await host({ policy: { data: 'allow', limits: { fuel: 10, fuelPerByte: 0 } } })
  const foreign = await made.codec(OTHER.cid, { namedBy: DATA })
  assert.is(await made.codec(OTHER.cid, { namedBy: LATER.cid }), foreign)
  assert.throws(
    () => foreign.decode(BLOCK),
    (error: { code?: string }) => error.code === 'FUEL'
  )
  const own = await made.codec(OTHER.cid)
  assert.is.not(own, foreign)
  assert.equal(own.decode(BLOCK), { a: 1 })
})

test.run()
