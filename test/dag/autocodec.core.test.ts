/** Data that names its own codec: both layouts, what is refused, and native codecs in place of modules. */
import * as nativeCbor from '@ipld/dag-cbor'
import * as nativeJson from '@ipld/dag-json'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost, type Host, type HostOptions } from '../../src/codec/index.js'
import {
  Autocodec,
  type AutocodecOptions,
  Equivalent,
  type OpenOptions,
  proveEquivalent,
  readTag,
  TAG,
  taggedValue,
  type Wrapper,
  wrapperValue
} from '../../src/dag/index.js'
import { type Module, resealed, sourceOf } from '../codec/resealed.js'
import { block, cbor } from './sample.js'

const JSON_CODEC = await (await createHost()).codec('dag-json')
const CBOR = await (await createHost()).codec('dag-cbor')
/** Codecs that nobody has: dag-cbor's code under other numbers. */
const SECRET = await resealed({ name: 'secret', code: 0x300001 })
const THIRD = await resealed({ name: 'third', code: 0x300002 })
const LAYOUT = CID.createV1(0x55, await sha256.digest(new TextEncoder().encode('a layout')))

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const wrap = (wrapper: Omit<Wrapper, 'kind'>): Promise<Module> => cbor(wrapperValue(wrapper))

async function failure(work: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await work
  } catch (error) {
    return error as Error
  }
  throw new Error('no error')
}

interface Setting {
  readonly blocks?: readonly Module[]
  readonly host?: HostOptions
  readonly options?: AutocodecOptions
}

async function reader({ blocks = [], host = { policy: { data: 'allow' } }, options }: Setting): Promise<Autocodec> {
  const made: Host = await createHost({ sources: [sourceOf('blocks', SECRET, THIRD, ...blocks)], ...host })
  return new Autocodec(made, options)
}

const open = async (entry: Module, setting: Setting = {}, options: OpenOptions = {}) =>
  (await reader({ ...setting, blocks: [entry, ...(setting.blocks ?? [])] })).open(entry.cid, options)

const leaf = await block(0x300001, (await cbor({ title: 'a leaf' })).bytes)
const root = await block(0x300001, (await cbor({ leaf: leaf.cid, n: 1 })).bytes)

test('a plain block is itself', async () => {
  const opened = await open(await cbor({ a: [1] }))
  assert.equal([opened.value(), opened.tags, opened.codec.name], [{ a: [1] }, [], 'dag-cbor'])
  assert.is(opened.node().path('a/0').value(), 1)
})

test('a wrapper that holds the bytes', async () => {
  const entry = await wrap({ codec: JSON_CODEC.cid, root: text('{"a":1}') })
  const opened = await open(entry)
  assert.equal(opened.value(), { a: 1 })
  assert.is(opened.codec.name, 'dag-json')
  assert.ok(opened.cid.equals(entry.cid))
  assert.is(opened.tags.length, 1)
})

test('a wrapper that links to a block of a codec that nobody has', async () => {
  const opened = await open(await wrap({ codec: SECRET.cid, root: root.cid }), { blocks: [root] })
  assert.equal([opened.codec.name, opened.codec.code], ['secret', 0x300001])
  assert.ok(opened.cid.equals(root.cid))
  assert.is(opened.node().get('n')?.value(), 1)
})

test('the root is read with the codec that is named, whatever its CID says', async () => {
  const plain = await block(0x55, root.bytes)
  assert.is((await open(await wrap({ codec: SECRET.cid, root: plain.cid }), { blocks: [plain] })).node().get('n')?.value(), 1)
})

test('below the root: what the host knows, then the wrapper’s own codec, then the others that it names', async () => {
  const third = await block(0x300002, leaf.bytes)
  const known = await cbor({ known: true })
  const top = await block(0x300001, (await cbor([leaf.cid, third.cid, known.cid])).bytes)
  const entry = await wrap({
    codec: SECRET.cid,
    root: top.cid,
    // for a number that the host knows a wrapper has no say
    codecs: new Map([
      [0x300002, THIRD.cid],
      [0x71, JSON_CODEC.cid]
    ])
  })
  const made = await reader({ blocks: [entry, top, leaf, third, known] })
  const opened = await made.open(entry.cid)
  const names = []
  for (const cid of opened.node().links()) names.push((await made.open(cid, { within: opened })).codec.name)
  assert.equal(names, ['secret', 'third', 'dag-cbor'])
  assert.is((await failure(made.open(leaf.cid))).code, 'UNKNOWN_CODEC')
})

test('a wrapper that names a codec for another number', async () => {
  const third = await block(0x300002, leaf.bytes)
  const entry = await wrap({ codec: SECRET.cid, root: root.cid, codecs: new Map([[0x300002, SECRET.cid]]) })
  const made = await reader({ blocks: [entry, root, third] })
  const error = await failure(made.open(third.cid, { within: await made.open(entry.cid) }))
  assert.is(error.code, 'CODE_MISMATCH')
  assert.match(error.message, /names \w+ for multicodec 0x300002, but that is secret, 0x300001/)
})

test('a layout is told', async () => {
  const opened = await open(await wrap({ codec: JSON_CODEC.cid, root: text('1'), layout: LAYOUT }))
  assert.ok(opened.layout?.equals(LAYOUT))
})

test('wrappers within each other: the innermost is what is read, up to a bound', async () => {
  const nested = async (depth: number): Promise<Module[]> => {
    const blocks = [await wrap({ codec: JSON_CODEC.cid, root: text('"inside"') })]
    for (let i = 1; i < depth; i++) blocks.push(await wrap({ codec: CBOR.cid, root: i % 2 === 0 ? blocks[i - 1].cid : blocks[i - 1].bytes }))
    return blocks.reverse()
  }
  for (const depth of [2, 8]) {
    const [entry, ...blocks] = await nested(depth)
    const opened = await open(entry, { blocks })
    assert.equal([opened.value(), opened.tags.length], ['inside', depth])
  }
  const [entry, ...blocks] = await nested(9)
  const error = await failure(open(entry, { blocks }))
  assert.is(error.code, 'TAG_NESTING')
  assert.match(error.message, /more than 8 tags within each other/)
  assert.is((await open(entry, { blocks, options: { maxNesting: 9 } })).value(), 'inside')
})

test('chains across links are bounded too', async () => {
  const inner = await wrap({ codec: JSON_CODEC.cid, root: text('1') })
  const outer = await wrap({ codec: CBOR.cid, root: (await cbor([inner.cid])).bytes })
  const made = await reader({ blocks: [inner, outer], options: { maxNesting: 1 } })
  const opened = await made.open(outer.cid)
  assert.is((await made.open(inner.cid)).value(), 1)
  assert.is((await failure(made.open(inner.cid, { within: opened }))).code, 'TAG_NESTING')
})

test('only DAG-CBOR has wrappers: in another codec it is data', async () => {
  const value = wrapperValue({ codec: CBOR.cid, root: text('x') })
  const entry = await block(JSON_CODEC.code, JSON_CODEC.encode(value))
  assert.equal((await open(entry)).tags, [])
})

test('a tagged node, with and without its links', async () => {
  for (const links of [undefined, [leaf.cid]]) {
    const opened = await open(await cbor(taggedValue({ codec: SECRET.cid, bytes: root.bytes, links })))
    assert.is(opened.node().get('n')?.value(), 1)
    assert.is(opened.tags[0].kind, 'tagged')
  }
  const inJson = await block(JSON_CODEC.code, JSON_CODEC.encode(taggedValue({ codec: SECRET.cid, bytes: root.bytes })))
  assert.is((await open(inJson)).node().get('n')?.value(), 1)
})

test('a tagged node deep in a block is found by its node', () => {
  const node = CBOR.node(CBOR.encode({ deep: [taggedValue({ codec: SECRET.cid, bytes: leaf.bytes })] })).path('deep/0')
  const tag = readTag(node)
  assert.is(tag?.kind, 'tagged')
  assert.is(readTag(CBOR.node(CBOR.encode({ deep: 1 }))), undefined)
})

test('links beside the bytes that are not those of the bytes', async () => {
  for (const links of [[], [SECRET.cid], [leaf.cid, leaf.cid]]) {
    const error = await failure(open(await cbor(taggedValue({ codec: SECRET.cid, bytes: root.bytes, links }))))
    assert.is(error.code, 'TAG_LINKS')
    assert.match(error.message, new RegExp(`"links" has ${links.length} links that are not the 1 of the bytes in secret`))
  }
})

const bad: [name: string, value: unknown, code: string, message: RegExp][] = [
  ['a wrapper without a codec', { [TAG]: { root: text('') } }, 'TAG_MALFORMED', /autocodec\/1\/codec: got nothing, expected a link/],
  ['a wrapper without a root', { [TAG]: { codec: SECRET.cid } }, 'TAG_MALFORMED', /autocodec\/1\/root: got nothing, expected a link or bytes/],
  ['a root that is text', { [TAG]: { codec: SECRET.cid, root: 'x' } }, 'TAG_MALFORMED', /root: got string/],
  ['a codec that is no module', { [TAG]: { codec: root.cid, root: text('') } }, 'TAG_MALFORMED', /codec: got a CID of multicodec 0x300001, expected .* 0x55/],
  ['a field that is not known', { [TAG]: { codec: SECRET.cid, root: text(''), sandbox: 'off' } }, 'TAG_MALFORMED', /autocodec\/1\/sandbox/],
  ['something beside a wrapper', { [TAG]: { codec: SECRET.cid, root: text('') }, a: 1 }, 'TAG_MALFORMED', /^a: /],
  [
    'codecs that are no catalog',
    { [TAG]: { codec: SECRET.cid, root: text(''), codecs: { x: SECRET.cid } } },
    'TAG_MALFORMED',
    /codecs: got key "x", expected only multicodecs/
  ],
  ['a layout that is no link', { [TAG]: { codec: SECRET.cid, root: text(''), layout: 'hamt' } }, 'TAG_MALFORMED', /layout: got string/],
  ['a tag that is neither', { [TAG]: 1 }, 'TAG_MALFORMED', /autocodec\/1: got integer, expected a map or the CID of a codec/],
  ['a tagged node without bytes', { [TAG]: SECRET.cid }, 'TAG_MALFORMED', /bytes: got nothing/],
  ['links that are no list', { [TAG]: SECRET.cid, bytes: text(''), links: 1 }, 'TAG_MALFORMED', /links: got integer/],
  ['links that are no links', { [TAG]: SECRET.cid, bytes: text(''), links: [1] }, 'TAG_MALFORMED', /links\/0: got integer/],
  ['a tagged node with more', { [TAG]: SECRET.cid, bytes: text(''), x: 1 }, 'TAG_MALFORMED', /^x: /],
  ['another version', { 'autocodec/2': { codec: SECRET.cid, root: text('') } }, 'TAG_VERSION', /version 2, expected 1/]
]
for (const [name, value, code, message] of bad) {
  test(`refused: ${name}`, async () => {
    const error = await failure(open(await cbor(value)))
    assert.is(error.code, code, error.stack)
    assert.match(error.message, message)
  })
}

test('the policy is asked, with the block that names the codec', async () => {
  const entry = await wrap({ codec: SECRET.cid, root: root.cid })
  const refused = await failure(open(entry, { blocks: [root], host: {} }))
  assert.is(refused.code, 'REFUSED')
  const asked: string[] = []
  const data = ({ namedBy }: { namedBy: CID }): boolean => asked.push(String(namedBy)) > 0
  await open(entry, { blocks: [root], host: { policy: { data } } })
  assert.equal(asked, [String(entry.cid)])
  await open(entry, { blocks: [root], host: { policy: { trusted: [SECRET.cid] } } })
  // what is embedded needs no leave
  await open(await wrap({ codec: JSON_CODEC.cid, root: text('1') }), { host: {} })
})

test('what cannot be had', async () => {
  assert.is((await failure(open(await wrap({ codec: SECRET.cid, root: root.cid })))).code, 'MODULE_NOT_FOUND')
  assert.is((await failure(open(await wrap({ codec: LAYOUT, root: root.cid }), { blocks: [root] }))).code, 'MODULE_NOT_FOUND')
  const controller = new AbortController()
  controller.abort(new Error('enough'))
  const entry = await wrap({ codec: SECRET.cid, root: root.cid })
  assert.is((await failure(open(entry, { blocks: [root] }, { signal: controller.signal }))).message, 'enough')
})

// equivalents: SECRET is dag-cbor, so the native dag-cbor under SECRET's number does what it does
const rows = [
  CBOR.encode({ a: [1, 'x', null, true, { '/': leaf.cid }] }),
  CBOR.encode({ b: text('x'), i: 2n ** 60n }),
  Uint8Array.of(0xff),
  Uint8Array.of(0x18, 1)
].map((bytes) => ({ bytes }))
const native = { ...nativeCbor, name: 'secret', code: 0x300001 }

async function secretCodec() {
  return (await createHost({ sources: [sourceOf('one', SECRET)] })).codec(SECRET.cid)
}

test('a native codec that has been proved runs in place of the module, which is not even fetched', async () => {
  const equivalent = proveEquivalent(await secretCodec(), native as never, rows)
  assert.equal([equivalent.accepted, equivalent.refused, `${equivalent.module}`], [2, 2, `${SECRET.cid}`])
  let decoded = 0
  const decode = (bytes: Uint8Array): unknown => {
    decoded++
    return nativeCbor.decode(bytes)
  }
  const counting = proveEquivalent(await secretCodec(), { ...native, decode } as never, rows)
  decoded = 0
  const entry = await wrap({ codec: SECRET.cid, root: root.cid })
  const host = await createHost({ sources: [sourceOf('no module', entry, root)] })
  const opened = await new Autocodec(host, { equivalents: [counting] }).open(entry.cid)
  assert.equal((opened.value() as { n: number }).n, 1)
  assert.ok(decoded > 0)
  assert.throws(() => opened.node(), /native codec/)
})

test('tags behind a native codec are seen as behind the module', async () => {
  const equivalent = proveEquivalent(await secretCodec(), native as never, rows)
  const inner = taggedValue({ codec: JSON_CODEC.cid, bytes: text('{"x":1}'), links: [] })
  const entry = await wrap({ codec: SECRET.cid, root: CBOR.encode(inner) })
  for (const equivalents of [[], [equivalent]]) {
    const opened = await open(entry, { options: { equivalents } })
    assert.equal([opened.value(), opened.tags.length], [{ x: 1 }, 2])
    const lying = await cbor(taggedValue({ codec: SECRET.cid, bytes: root.bytes, links: [] }))
    assert.is((await failure(open(lying, { options: { equivalents } }))).code, 'TAG_LINKS')
  }
})

const unequal: [name: string, codec: object, message: RegExp][] = [
  ['reads another value', { ...native, decode: () => ({ a: [1, 'x', null, false, { '/': leaf.cid }] }) }, /row 0: decoded values differ at "a\/3"/],
  ['reads nothing', { ...native, decode: () => assert.unreachable() }, /row 0: the native codec refuses it/],
  [
    'accepts more',
    { ...native, decode: (bytes: Uint8Array) => (bytes[0] === 0xff ? 1 : nativeCbor.decode(bytes)) },
    /row 2: the module refuses it .*, the native codec does not/
  ],
  ['writes other bytes', { ...native, encode: () => Uint8Array.of(0) }, /row 0: encoded again it gives other bytes/],
  ['writes nothing', { ...native, encode: () => assert.unreachable() }, /row 0: one of them encodes the value again/],
  ['is another format', { ...nativeJson, code: 0x300001 }, /row 0: the native codec refuses it/]
]
for (const [name, codec, message] of unequal) {
  test(`no equivalent: one that ${name}`, async () => {
    const error = await failure(secretCodec().then((module) => proveEquivalent(module, codec as never, rows)))
    assert.is(error.code, 'NOT_EQUIVALENT')
    assert.match(error.message, message)
  })
}

test('no proof, no equivalent', async () => {
  assert.throws(() => new (Equivalent as unknown as new (...args: unknown[]) => unknown)(Symbol('proved'), SECRET.cid, native), /proveEquivalent/)
  const module = await secretCodec()
  for (const none of [[], rows.slice(2)]) assert.throws(() => proveEquivalent(module, native as never, none), /got none that the module reads/)
})

test.run()
