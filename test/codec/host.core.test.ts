import { CID } from 'multiformats/cid'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  blockstoreSource,
  CodecError,
  catalogValue,
  createHost,
  HostError,
  type Limits,
  readCatalog,
  readManifest,
  type Source,
  sealManifest
} from '../../src/codec/index.js'
import { SandboxError } from '../../src/sandbox/index.js'
import { cidOf, dagCbor, resealed, sourceOf } from './resealed.js'

const CBOR = await dagCbor()
/** {"a": 1} */
const BLOCK = Uint8Array.of(0xa1, 0x61, 0x61, 1)
const OTHER = await resealed({ name: 'other', code: 0x300001 })
const THIRD = await resealed({ name: 'third', code: 0x300002 })

type Failure = Error & { code?: string }
type ErrorType = abstract new (...args: never[]) => Error

async function failure(work: Promise<unknown>): Promise<Failure> {
  try {
    await work
  } catch (error) {
    return error as Failure
  }
  throw new Error('no error')
}

function thrown(work: () => unknown): Failure {
  try {
    work()
  } catch (error) {
    return error as Failure
  }
  throw new Error('no error')
}

const never = (): Promise<never> => new Promise(() => {})

test('a codec by multicodec, name, CID and the text of a CID is one object', async () => {
  const host = await createHost()
  const codec = await host.codec(0x71)
  assert.is(await host.codec('dag-cbor'), codec)
  assert.is(await host.codec(CBOR.cid), codec)
  assert.is(await host.codec(CBOR.cid.toString()), codec)
  assert.is(codec.name, 'dag-cbor')
  assert.is(codec.code, 0x71)
  assert.ok(codec.cid.equals(CBOR.cid))
  assert.equal(codec.decode(BLOCK), { a: 1 })
  assert.equal(codec.encode({ a: 1 }), BLOCK)
})

test('what the host knows', async () => {
  const host = await createHost()
  const entry = host.codecs().find(({ manifest }) => manifest.name === 'dag-cbor')
  assert.ok(entry?.cid.equals(CBOR.cid))
  assert.is(entry?.size, CBOR.bytes.length)
  assert.is(entry?.source, 'embedded')
  assert.is(host.catalog.code, 0x71)
})

const unknown: [name: string, id: unknown, type: ErrorType, code: string | undefined, message: RegExp][] = [
  [
    'a multicodec',
    0x300099,
    HostError,
    'UNKNOWN_CODEC',
    /^no codec for multicodec 0x300099; known are .*dag-cbor.*embedded.*autocodec codec add.*host\.add\(bytes\)/
  ],
  ['a name', 'dag-nothing', HostError, 'UNKNOWN_CODEC', /^no codec for name or CID "dag-nothing"; known are .*dag-cbor/],
  ['a CID', OTHER.cid, HostError, 'MODULE_NOT_FOUND', new RegExp(`^${OTHER.cid} is not in any source \\(asked: embedded, added\\)`)],
  ['the text of a CID', `${OTHER.cid}`, HostError, 'MODULE_NOT_FOUND', /is not in any source/],
  ['NaN', Number.NaN, TypeError, undefined, /got NaN, expected a multicodec/],
  ['a negative number', -1, TypeError, undefined, /got -1/],
  ['undefined', undefined, TypeError, undefined, /got undefined, expected a multicodec, a name or the CID of a codec/],
  ['null', null, TypeError, undefined, /got null/],
  ['an object', {}, TypeError, undefined, /got object/]
]

for (const [name, id, type, code, message] of unknown) {
  test(`unknown: ${name}`, async () => {
    const host = await createHost()
    const error = await failure(host.codec(id as number))
    assert.instance(error, type)
    assert.is(error.code, code)
    assert.match(error.message, message)
  })
}

test('add: a codec answers to its CID, its name and its multicodec', async () => {
  const host = await createHost()
  const entry = await host.add(OTHER.bytes, 'a file')
  assert.equal(
    { cid: entry.cid.toString(), name: entry.manifest.name, size: entry.size, source: entry.source },
    { cid: `${OTHER.cid}`, name: 'other', size: OTHER.bytes.length, source: 'a file' }
  )
  const codec = await host.codec(OTHER.cid)
  assert.is(await host.codec('other'), codec)
  assert.is(await host.codec(0x300001), codec)
  assert.equal(codec.decode(BLOCK), { a: 1 })
})

test('add: data cannot replace a codec that is known', async () => {
  const host = await createHost()
  const impostor = await resealed({ description: 'an impostor' })
  const named = await resealed({ name: 'dag-cbor', code: 0x300003 })
  for (const { bytes } of [impostor, named]) await host.add(bytes)
  assert.ok((await host.codec(0x71)).cid.equals(CBOR.cid))
  assert.ok((await host.codec('dag-cbor')).cid.equals(CBOR.cid))
  assert.ok((await host.codec(impostor.cid)).cid.equals(impostor.cid))
  await host.add(OTHER.bytes)
  const second = await resealed({ name: 'other', code: 0x300001, description: 'a second one' })
  await host.add(second.bytes)
  assert.ok((await host.codec(0x300001)).cid.equals(OTHER.cid))
  assert.ok((await host.codec('other')).cid.equals(OTHER.cid))
})

test('add: a name that is the CID of another module finds that module', async () => {
  const host = await createHost()
  const impostor = await resealed({ name: `${CBOR.cid}`, code: 0x300004 })
  await host.add(impostor.bytes)
  assert.ok((await host.codec(`${CBOR.cid}`)).cid.equals(CBOR.cid))
  const other = await resealed({ name: `${OTHER.cid}`, code: 0x300005 })
  await host.add(other.bytes)
  assert.is((await failure(host.codec(`${OTHER.cid}`))).code, 'MODULE_NOT_FOUND')
})

test('add: what is changed afterwards is not what runs', async () => {
  const host = await createHost()
  const bytes = OTHER.bytes.slice()
  const adding = host.add(bytes)
  bytes.fill(0)
  const { cid } = await adding
  assert.ok(cid.equals(OTHER.cid))
  assert.equal((await host.codec(cid)).decode(BLOCK), { a: 1 })
})

test('loads in flight are merged, and what is loaded is kept', async () => {
  const source = sourceOf('counting', OTHER)
  const host = await createHost({ sources: [source] })
  const codecs = await Promise.all(Array.from({ length: 10 }, () => host.codec(OTHER.cid)))
  assert.is(source.asked, 1)
  for (const codec of codecs) assert.is(codec, codecs[0])
  await host.codec('other')
  assert.is(source.asked, 1)
})

test('failures are not kept', async () => {
  let there = false
  const source: Source = {
    name: 'late',
    async get() {
      return there ? OTHER.bytes : undefined
    }
  }
  const host = await createHost({ sources: [source] })
  assert.is((await failure(host.codec(OTHER.cid))).code, 'MODULE_NOT_FOUND')
  there = true
  assert.is((await host.codec(OTHER.cid)).name, 'other')
})

const liars: [name: string, get: Source['get'], code: string, message: RegExp][] = [
  ['other bytes', async () => THIRD.bytes, 'HASH_MISMATCH', /\d+ bytes from liar that have another sha2-256 hash/],
  ['a truncated module', async () => OTHER.bytes.subarray(0, 100), 'HASH_MISMATCH', /100 bytes from liar/],
  ['no bytes', async () => new Uint8Array(0), 'HASH_MISMATCH', /0 bytes from liar/],
  ['text', (async () => 'module') as unknown as Source['get'], 'MODULE_NOT_FOUND', /liar: gave a string, expected a Uint8Array/],
  ['null', (async () => null) as unknown as Source['get'], 'MODULE_NOT_FOUND', /is not in any source/],
  [
    'a rejection',
    async () => {
      throw new Error('disk on fire')
    },
    'MODULE_NOT_FOUND',
    /liar: disk on fire/
  ],
  [
    'an exception at once',
    () => {
      throw new Error('disk on fire')
    },
    'MODULE_NOT_FOUND',
    /liar: disk on fire/
  ]
]

for (const [name, get, code, message] of liars) {
  test(`a source that gives ${name}`, async () => {
    const alone = await createHost({ sources: [{ name: 'liar', get }] })
    const error = await failure(alone.codec(OTHER.cid))
    assert.instance(error, HostError)
    assert.is(error.code, code)
    assert.match(error.message, message)
    assert.equal((await alone.codec('dag-cbor')).decode(BLOCK), { a: 1 })
    // the next source is asked all the same
    const host = await createHost({ sources: [{ name: 'liar', get }, sourceOf('honest', OTHER)] })
    assert.is((await host.codec(OTHER.cid)).name, 'other')
    assert.is(host.codecs().find(({ manifest }) => manifest.name === 'other')?.source, 'honest')
  })
}

test('what a source does with its bytes after it gave them makes no difference', async () => {
  const bytes = OTHER.bytes.slice()
  const source: Source = {
    name: 'reuses its buffer',
    async get() {
      queueMicrotask(() => queueMicrotask(() => bytes.fill(0)))
      return bytes
    }
  }
  const host = await createHost({ sources: [source] })
  let loaded: unknown
  try {
    loaded = (await host.codec(OTHER.cid)).decode(BLOCK)
  } catch (error) {
    assert.is((error as Failure).code, 'HASH_MISMATCH')
    return
  }
  assert.equal(loaded, { a: 1 })
})

test('sources are asked in their order, and the others not at all', async () => {
  const first = sourceOf('first')
  const second = sourceOf('second', OTHER)
  const third = sourceOf('third', OTHER)
  const host = await createHost({ sources: [first, second, third] })
  await host.codec(OTHER.cid)
  assert.equal([first.asked, second.asked, third.asked], [1, 1, 0])
})

test('no source is asked for what is embedded', async () => {
  const source = sourceOf('never asked', CBOR)
  const host = await createHost({ sources: [source] })
  await host.codec(0x71)
  assert.is(source.asked, 0)
})

test('a hash function that is not known', async () => {
  const cid = CID.createV1(0x55, { ...OTHER.cid.multihash, code: 0x22, bytes: Uint8Array.of(0x22, 32, ...OTHER.cid.multihash.digest) })
  const host = await createHost({ sources: [{ name: 'any', get: async () => OTHER.bytes }] })
  const error = await failure(host.codec(cid))
  assert.is(error.code, 'UNKNOWN_HASH')
  assert.match(error.message, /0x22, expected one of .*sha2-224 to -512/)
})

test('a module by a sha2-512 CID', async () => {
  const cid = CID.createV1(0x55, await sha512.digest(OTHER.bytes))
  const host = await createHost({ sources: [sourceOf('honest', { cid, bytes: OTHER.bytes })] })
  assert.equal((await host.codec(cid)).decode(BLOCK), { a: 1 })
})

test('a signal that is aborted already', async () => {
  const host = await createHost({ sources: [sourceOf('honest', OTHER)] })
  const error = await failure(host.codec(OTHER.cid, { signal: AbortSignal.abort() }))
  assert.is(error.name, 'AbortError')
  assert.is((await host.codec(OTHER.cid)).name, 'other')
})

test('a signal ends the waiting for a source that never answers, and the source hears of it', async () => {
  let heard = false
  const source: Source = {
    name: 'never',
    get: (_cid, options) => {
      options?.signal?.addEventListener('abort', () => (heard = true))
      return never()
    }
  }
  const host = await createHost({ sources: [source] })
  const controller = new AbortController()
  const waiting = failure(host.codec(OTHER.cid, { signal: controller.signal }))
  setTimeout(() => controller.abort(new Error('enough')), 10)
  assert.is((await waiting).message, 'enough')
  assert.ok(heard)
})

test('one who gives up does not take the others along', async () => {
  let release: (() => void) | undefined
  const source: Source = {
    name: 'slow',
    get: async (_cid, options) => {
      await new Promise<void>((resolve, reject) => {
        release = resolve
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))
      })
      return OTHER.bytes
    }
  }
  const host = await createHost({ sources: [source] })
  const controller = new AbortController()
  const first = failure(host.codec(OTHER.cid, { signal: controller.signal }))
  const second = host.codec(OTHER.cid)
  const third = host.codec(OTHER.cid, { signal: new AbortController().signal })
  while (release === undefined) await new Promise((resolve) => setTimeout(resolve, 1))
  controller.abort()
  assert.is((await first).name, 'AbortError')
  ;(release as () => void)()
  assert.is(await second, await third)
})

const chunks = (bytes: Uint8Array): Uint8Array[] => [bytes.subarray(0, 100), bytes.subarray(100, 100), bytes.subarray(100)]
const notFound = (): never => {
  throw Object.assign(new Error('not here'), { name: 'NotFoundError' })
}

const stores: [name: string, get: () => unknown, found: boolean][] = [
  ['bytes', () => OTHER.bytes, true],
  ['a promise of bytes', async () => OTHER.bytes, true],
  ['a list of chunks', () => chunks(OTHER.bytes), true],
  ['a promise of chunks', async () => chunks(OTHER.bytes), true],
  [
    'a generator of one chunk',
    function* () {
      yield OTHER.bytes
    },
    true
  ],
  [
    'an async generator of chunks',
    async function* () {
      yield* chunks(OTHER.bytes)
    },
    true
  ],
  ['undefined', () => undefined, false],
  ['NotFoundError', notFound, false],
  ['a rejection with NotFoundError', async () => notFound(), false],
  [
    'NotFoundError from a generator',
    // biome-ignore lint/correctness/useYield: it fails before it yields
    async function* () {
      notFound()
    },
    false
  ],
  [
    'ERR_NOT_FOUND',
    async () => {
      throw Object.assign(new Error('not here'), { code: 'ERR_NOT_FOUND' })
    },
    false
  ]
]

for (const [name, get, found] of stores) {
  test(`a block store that answers with ${name}`, async () => {
    const host = await createHost({ sources: [blockstoreSource({ get } as Parameters<typeof blockstoreSource>[0], 'store')] })
    if (found) {
      assert.equal((await host.codec(OTHER.cid)).decode(BLOCK), { a: 1 })
      return
    }
    const error = await failure(host.codec(OTHER.cid))
    assert.is(error.code, 'MODULE_NOT_FOUND')
    assert.not.match(error.message, /not here/)
  })
}

test('a block store that never ends', async () => {
  function* endless(chunk: Uint8Array): Generator<Uint8Array> {
    for (;;) yield chunk
  }
  for (const chunk of [new Uint8Array(0), new Uint8Array(1 << 20)]) {
    const host = await createHost({ sources: [blockstoreSource({ get: () => endless(chunk) })] })
    const error = await failure(host.codec(OTHER.cid))
    assert.is(error.code, 'MODULE_NOT_FOUND')
    assert.match(error.message, /a block of more than \d+/)
  }
})

test('catalogs: codecs for what is not embedded, and never another for what is', async () => {
  const impostor = await resealed({ description: 'an impostor' })
  const host = await createHost({
    catalogs: [
      new Map([
        [0x300001, OTHER.cid],
        [0x71, impostor.cid]
      ])
    ],
    sources: [sourceOf('honest', OTHER, impostor)]
  })
  assert.ok((await host.codec(0x300001)).cid.equals(OTHER.cid))
  assert.ok((await host.codec(0x71)).cid.equals(CBOR.cid))
})

test('catalogs: one that names a codec for another code', async () => {
  const host = await createHost({ catalogs: [new Map([[0x300009, OTHER.cid]])], sources: [sourceOf('honest', OTHER)] })
  const error = await failure(host.codec(0x300009))
  assert.is(error.code, 'CODE_MISMATCH')
  assert.match(error.message, /names baf\w+ for multicodec 0x300009, but that is other, 0x300001/)
  const second = await failure(Promise.resolve().then(() => host.loader(0x300009)))
  assert.is(second.code, 'CODE_MISMATCH')
})

test('catalogs as values', async () => {
  const catalog = new Map([
    [0x300002, THIRD.cid],
    [0x71, CBOR.cid]
  ])
  assert.equal(Object.keys(catalogValue(catalog)), ['113', '3145730'])
  assert.equal([...readCatalog(catalogValue(catalog))].length, 2)
})

const badCatalogs: [name: string, value: unknown, message: RegExp][] = [
  ['null', null, /not a map/],
  ['a list', [], /not a map/],
  ['a key in hexadecimal', { '0x71': CBOR.cid }, /key "0x71", expected a multicodec in decimal/],
  ['a key with a zero before', { '0113': CBOR.cid }, /key "0113"/],
  ['a negative key', { '-1': CBOR.cid }, /key "-1"/],
  ['a key that is too large', { '9007199254740992': CBOR.cid }, /key "9007199254740992"/],
  ['text for a CID', { '113': `${CBOR.cid}` }, /multicodec 113: expected the CID/]
]

for (const [name, value, message] of badCatalogs) {
  test(`catalogs: ${name}`, () => {
    const error = thrown(() => readCatalog(value))
    assert.is(error.code, 'CATALOG')
    assert.match(error.message, message)
  })
}

const badLimits: [limits: Record<string, unknown>, message: RegExp][] = [
  [{ fuel: -1 }, /^limits\.fuel: got -1/],
  [{ fuel: 1.5 }, /^limits\.fuel: got 1\.5/],
  [{ fuel: '5' }, /^limits\.fuel: got 5/],
  [{ memory: Number.POSITIVE_INFINITY }, /^limits\.memory: got Infinity/],
  [{ input: undefined }, /^limits\.input: got undefined/],
  [{ gas: 1 }, /^limits\.gas: no such limit/],
  [{ toString: 1 }, /^limits\.toString: no such limit/]
]

for (const [limits, message] of badLimits) {
  test(`limits: ${Object.keys(limits)} ${Object.values(limits)}`, async () => {
    const error = await failure(createHost({ limits: limits as Partial<Limits> }))
    assert.instance(error, TypeError)
    assert.match(error.message, message)
  })
}

const LARGE = { text: 'x'.repeat(5000), list: Array.from({ length: 1000 }, (_, i) => i) }
const LARGE_BLOCK = (await (await createHost()).codec('dag-cbor')).encode(LARGE) as Uint8Array

const limited: [name: string, limits: Partial<Limits>, work: 'decode' | 'encode' | 'links', type: ErrorType, code: string, message: RegExp][] = [
  ['input, decode', { input: LARGE_BLOCK.length - 1 }, 'decode', CodecError, 'INPUT_SIZE', /^dag-cbor: block of \d+ bytes, the limit is \d+$/],
  ['input, links', { input: LARGE_BLOCK.length - 1 }, 'links', CodecError, 'INPUT_SIZE', /^dag-cbor: block of/],
  ['input, encode', { input: 5000 }, 'encode', CodecError, 'INPUT_SIZE', /^dag-cbor: value of \d+ bytes, the limit is 5000$/],
  ['output, encode', { output: LARGE_BLOCK.length - 1 }, 'encode', CodecError, 'OUTPUT_SIZE', /^dag-cbor: output of \d+ bytes, the limit is \d+$/],
  ['fuel, decode', { fuel: 1000, fuelPerByte: 0 }, 'decode', SandboxError, 'FUEL', /^dag-cbor: the call needs more than its 1000 of fuel, see limits\.fuel/],
  ['fuel, encode', { fuel: 1000, fuelPerByte: 0 }, 'encode', SandboxError, 'FUEL', /1000/],
  ['no fuel', { fuel: 0, fuelPerByte: 0 }, 'decode', SandboxError, 'FUEL', / 0 of fuel/]
]

for (const [name, limits, work, type, code, message] of limited) {
  test(`limit: ${name}`, async () => {
    const host = await createHost({ limits })
    const codec = await host.codec('dag-cbor')
    for (let i = 0; i < 2; i++) {
      const error = thrown(() => (work === 'encode' ? codec.encode(LARGE) : codec[work](LARGE_BLOCK)))
      assert.instance(error, type)
      assert.is(error.code, code)
      assert.match(error.message, message)
      if (limits.fuel !== 0 && limits.fuel !== 1000) assert.equal(codec.decode(BLOCK), { a: 1 })
    }
  })
}

test('limits: exactly enough is enough', async () => {
  const host = await createHost({ limits: { input: LARGE_BLOCK.length } })
  assert.equal((await host.codec('dag-cbor')).decode(LARGE_BLOCK), LARGE)
  const free = await (await createHost({ limits: { fuelPerByte: 0 } })).codec('dag-cbor')
  free.decode(LARGE_BLOCK)
  const exact = await (await createHost({ limits: { fuel: free.fuel, fuelPerByte: 0 } })).codec('dag-cbor')
  assert.equal(exact.decode(LARGE_BLOCK), LARGE)
  assert.is(exact.fuel, free.fuel)
  // fuel is looked at in loops and calls, so that a few units less may do
  const short = await (await createHost({ limits: { fuel: Math.floor(free.fuel * 0.9), fuelPerByte: 0 } })).codec('dag-cbor')
  assert.is(thrown(() => short.decode(LARGE_BLOCK)).code, 'FUEL')
})

test('limits: memory', async () => {
  const host = await createHost({ limits: { memory: 0 } })
  const error = await failure(host.codec('dag-cbor'))
  assert.instance(error, SandboxError)
  assert.is(error.code, 'LIMIT')
})

test('limits: the size of a module', async () => {
  const host = await createHost({ limits: { module: 100 } })
  assert.is((await failure(host.codec('dag-cbor'))).code, 'LIMIT')
})

test('limits: what a value may take', async () => {
  const codec = await (await createHost({ limits: { value: 4096 } })).codec('dag-cbor')
  const few = codec.encode(Array(6).fill(CBOR.cid))
  const many = codec.encode(Array(7).fill(CBOR.cid))
  assert.is(codec.decode(few).length, 6)
  assert.is(codec.links(few).length, 6)
  for (const work of [() => codec.decode(many), () => codec.links(many), () => codec.node(many).value()]) {
    const error = thrown(work)
    assert.is(error.code, 'VALUE_SIZE')
    assert.match(error.message, /more than 4096 bytes/)
  }
  assert.is(codec.node(many).length, 7)
})

test('pinned or isolated: the same results and the same fuel', async () => {
  const [pinned, isolated] = await Promise.all([true, false].map(async (pinned) => (await createHost({ pinned })).codec('dag-cbor')))
  for (let round = 0; round < 3; round++) {
    for (const block of [BLOCK, LARGE_BLOCK, Uint8Array.of(0xff), LARGE_BLOCK.subarray(0, 2000), Uint8Array.of(0x80)]) {
      const [a, b] = [pinned, isolated].map((codec) => {
        try {
          return { value: codec.decode(block), fuel: codec.fuel, links: codec.links(block), again: codec.fuel }
        } catch (error) {
          return { message: (error as Error).message, fuel: codec.fuel }
        }
      })
      assert.equal(a, b)
    }
  }
})

for (const pinned of [true, false]) {
  test(`a node stays good when the codec is used again${pinned ? '' : ', isolated'}`, async () => {
    const codec = await (await createHost({ pinned })).codec('dag-cbor')
    const node = codec.node(LARGE_BLOCK)
    const [first, second] = [...node.entries()]
    const entries = node.entries()
    entries.next()
    codec.decode(BLOCK)
    assert.throws(() => codec.decode(Uint8Array.of(0xff)))
    assert.equal(first[1].value(), LARGE[first[0] as keyof typeof LARGE])
    codec.encode({ a: [1, 2, 3] })
    assert.equal(second[1].value(), LARGE[second[0] as keyof typeof LARGE])
    assert.is(entries.next().value[0], second[0])
    assert.equal(node.value(), LARGE)
    assert.equal(node.links().map(String), codec.links(LARGE_BLOCK).map(String))
  })
}

test('a node of a block that has changed says so, or finds what is there now', async () => {
  const codec = await (await createHost()).codec('dag-cbor')
  const block = codec.encode([[1, 2], 3])
  const node = codec.node(block)
  const item = node.get(0)
  block.set(codec.encode([4, 5]))
  codec.decode(BLOCK)
  assert.throws(
    () => node.length,
    (error: Error) => /TRAILING_BYTES|the input goes on|has changed/.test(error.message)
  )
  assert.throws(() => item?.value())
})

test('metered or not: the same results', async () => {
  const codec = await (await createHost({ metered: false })).codec('dag-cbor')
  assert.equal(codec.decode(LARGE_BLOCK), LARGE)
  assert.equal(codec.encode(LARGE), LARGE_BLOCK)
})

test('fuel and memory of a codec that has not been called', async () => {
  const host = await createHost()
  assert.is((await host.codec('dag-cbor')).fuel, 0)
  await host.add(OTHER.bytes)
  const other = await host.codec('other')
  assert.is(other.fuel, 0)
  assert.ok(other.memory >= 65_536)
})

test('the loader answers at once where the codec has been loaded', async () => {
  const host = await createHost()
  await host.add(OTHER.bytes)
  const first = host.loader(0x300001)
  assert.instance(first, Promise)
  const codec = await first
  assert.is(host.loader(0x300001), codec)
  assert.is((await failure(Promise.resolve(host.loader(0x300077)))).code, 'UNKNOWN_CODEC')
})

test('transcode', async () => {
  const host = await createHost()
  await host.add(OTHER.bytes)
  assert.equal(await host.transcode(LARGE_BLOCK, 'dag-cbor', 'other'), LARGE_BLOCK)
  assert.equal(await host.transcode(LARGE_BLOCK, OTHER.cid, 0x71), LARGE_BLOCK)
  // and a codec to itself
  assert.equal(await host.transcode(BLOCK, 0x71, 0x71), BLOCK)
  assert.is((await failure(host.transcode(Uint8Array.of(0xff), 'dag-cbor', 'other'))).name, 'CodecError')
  assert.is((await failure(host.transcode(BLOCK, 'dag-cbor', 'nothing'))).code, 'UNKNOWN_CODEC')
})

test('blocks in all the forms that multiformats allows', async () => {
  const codec = await (await createHost()).codec('dag-cbor')
  const wide = new Uint8Array(20)
  wide.set(BLOCK, 3)
  for (const block of [BLOCK, BLOCK.slice().buffer, new DataView(wide.buffer, 3, 4), wide.subarray(3, 7)]) assert.equal(codec.decode(block), { a: 1 })
  for (const block of [null, undefined, 'a', 5, {}, [0xa0]]) {
    const error = thrown(() => codec.decode(block as unknown as Uint8Array))
    assert.instance(error, TypeError)
    assert.match(error.message, /^bytes: got \w+, expected a Uint8Array$/)
  }
})

test('errors name the codec, the offset or the path', async () => {
  const codec = await (await createHost()).codec('dag-cbor')
  const decode = thrown(() => codec.decode(Uint8Array.of(0x82, 1))) as CodecError
  assert.instance(decode, CodecError)
  assert.equal({ code: decode.code, codec: decode.codec, offset: decode.offset }, { code: 'UNEXPECTED_END', codec: 'dag-cbor', offset: 2 })
  assert.match(decode.message, /^dag-cbor: the input ends inside a value at byte 2$/)
  const encode = thrown(() => codec.encode({ a: [1, { b: Number.NaN }] })) as CodecError
  assert.instance(encode, CodecError)
  assert.is(encode.path, 'a/1/b')
  assert.match(encode.message, / at "a\/1\/b"$/)
  const root = thrown(() => codec.encode(Number.NaN)) as CodecError
  assert.is(root.path, '')
  assert.match(root.message, / at the root$/)
})

test('a value whose getters use the same codec', async () => {
  const codec = await (await createHost()).codec('dag-cbor')
  const value = {
    before: [1, 2, 3],
    get inner() {
      return codec.encode({ deep: codec.decode(BLOCK) }) as Uint8Array
    },
    after: 'x'
  }
  const expected = { after: 'x', inner: codec.encode({ deep: { a: 1 } }) as Uint8Array, before: [1, 2, 3] }
  assert.equal(codec.decode(codec.encode(value)), expected)
})

test('lax decoding', async () => {
  const codec = await (await createHost()).codec('dag-cbor')
  const long = Uint8Array.of(0x18, 1)
  assert.is(thrown(() => codec.decode(long)).code, 'NON_CANONICAL')
  assert.is(thrown(() => codec.node(long)).code, 'NON_CANONICAL')
  assert.is(codec.decode(long, { strict: false }), 1)
  assert.is(codec.node(long, { strict: false }).value(), 1)
})

test('a manifest can be written anew, and the rest stays', async () => {
  const manifest = { ...readManifest(CBOR.bytes), name: 'x', extra: [1] }
  const sealed = sealManifest(CBOR.bytes, manifest)
  assert.equal(readManifest(sealed), manifest)
  assert.ok((await cidOf(sealManifest(sealed, readManifest(CBOR.bytes)))).equals(await cidOf(sealManifest(CBOR.bytes, readManifest(CBOR.bytes)))))
  assert.is(thrown(() => sealManifest(CBOR.bytes, { ...manifest, code: -1 })).code, 'MANIFEST')
  assert.is(thrown(() => sealManifest(CBOR.bytes, { ...manifest, extra: 'x'.repeat(5000) })).code, 'MANIFEST')
  assert.is(thrown(() => sealManifest(new Uint8Array(3), manifest)).code, 'MANIFEST')
})

test('the catalog and its codecs are blocks that verify', async () => {
  const host = await createHost()
  assert.ok((await sha256.digest(CBOR.bytes)).bytes.every((byte, i) => byte === CBOR.cid.multihash.bytes[i]))
  assert.is(host.catalog.multihash.code, sha256.code)
})

test.run()
