import * as dagCbor from '@ipld/dag-cbor'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { delegate, generateSigner, invoke, readContainer, writeContainer } from '../../src/ucan/index.js'
import { refusal } from './refusal.js'

const alice = await generateSigner()
const token = await delegate({ issuer: alice, audience: alice, subject: null, command: '/', expiration: null })
const good = await writeContainer([token])

async function zipped(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes as BlobPart]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer())
}
const headed = (header: string, bytes: Uint8Array): Uint8Array => Uint8Array.of(header.charCodeAt(0), ...bytes)

const malformed: [name: string, container: Uint8Array | string][] = [
  ['nothing', new Uint8Array(0)],
  ['no text', ''],
  ['a header that is not known', headed('A', good.subarray(1))],
  ['nothing after the header', headed('@', new Uint8Array(0))],
  ['cut short', good.subarray(0, -1)],
  ['a byte too many', Uint8Array.of(...good, 0)],
  ['no map', headed('@', dagCbor.encode([token.bytes]))],
  ['another key', headed('@', dagCbor.encode({ 'ctn-v2': [token.bytes] }))],
  ['a key too many', headed('@', dagCbor.encode({ 'ctn-v1': [token.bytes], x: 1 }))],
  ['no list', headed('@', dagCbor.encode({ 'ctn-v1': token.bytes }))],
  ['a token as text', headed('@', dagCbor.encode({ 'ctn-v1': ['x'] }))],
  ['a list within', headed('@', dagCbor.encode({ 'ctn-v1': [[token.bytes]] }))],
  ['no base64', 'B*'],
  ['base64 of the other alphabet', 'C+/+/'],
  ['no gzip', headed('M', good.subarray(1))],
  ['gzip cut short', headed('M', (await zipped(good.subarray(1))).subarray(0, -9))]
]
for (const [name, container] of malformed) test(`refused: ${name}`, async () => void (await refusal(() => readContainer(container), 'CONTAINER_MALFORMED')))

test('what is no token in it is refused as what it is', async () => {
  await refusal(() => readContainer(headed('@', dagCbor.encode({ 'ctn-v1': [token.bytes, new Uint8Array(3)] }))), 'TOKEN_MALFORMED')
})

test('an empty container', async () => {
  assert.is((await readContainer(await writeContainer([]))).tokens.length, 0)
})

test('the order of tokens is that of their bytes, whatever order they come in', async () => {
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, i) => invoke({ issuer: alice, subject: alice, command: '/x', args: { i } })))
  const forward = await writeContainer(tokens)
  assert.equal(await writeContainer([...tokens].reverse()), forward)
  assert.equal(await writeContainer([...tokens.map(({ bytes }) => bytes), ...tokens]), forward)
  const read = await readContainer(forward)
  assert.is(read.invocations.length, 20)
  assert.equal(new Set(read.tokens.map(({ cid }) => cid.toString())), new Set(tokens.map(({ cid }) => cid.toString())))
})

test('a small container that unpacks to a large one ends at the limit', async () => {
  const bomb = headed('M', await zipped(new Uint8Array(12 << 20)))
  assert.ok(bomb.length < 100_000)
  const start = performance.now()
  await refusal(() => readContainer(bomb, { maxBytes: 1 << 20 }), 'CONTAINER_SIZE')
  assert.ok(performance.now() - start < 2000)
  // within the limit it is refused for what it is
  await refusal(() => readContainer(bomb), 'CONTAINER_MALFORMED')
})

test('limits of bytes and tokens', async () => {
  await refusal(() => readContainer(good, { maxBytes: good.length - 1 }), 'CONTAINER_SIZE')
  await readContainer(good, { maxBytes: good.length })
  const two = await writeContainer([token, await delegate({ issuer: alice, audience: alice, subject: null, command: '/x', expiration: null })])
  await refusal(() => readContainer(two, { maxTokens: 1 }), 'CONTAINER_SIZE')
})

test('a signal ends it; wrong options are the caller’s mistake', async () => {
  const reason = new Error('enough')
  await readContainer(good, { signal: AbortSignal.abort(reason) }).then(
    () => assert.unreachable(),
    (error) => assert.is(error, reason)
  )
  for (const options of [{ form: 'hex' }, { bare: true, gzip: true }, { bare: true, form: 'base64' }]) {
    await writeContainer([token], options as never).then(
      () => assert.unreachable(),
      (error) => assert.instance(error, TypeError)
    )
  }
})

test.run()
