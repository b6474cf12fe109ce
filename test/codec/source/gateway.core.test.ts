/** The gateway source with what browsers have: `fetch`, `Response`, streams. Against real servers it is tested in lies.test.ts. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost, gatewaySource } from '../../../src/codec/index.js'
import { resealed } from '../resealed.js'

const CODEC = await resealed({ name: 'wanted', code: 0x300001 })
/** {"a": 1} */
const BLOCK = Uint8Array.of(0xa1, 0x61, 0x61, 1)

/** A body that is `bytes` in chunks of a size; endless if there are none. */
function body(bytes: Uint8Array | undefined, chunk: number): { stream: ReadableStream<Uint8Array>; cancelled: () => boolean } {
  let at = 0
  let cancelled = false
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (bytes === undefined) return controller.enqueue(new Uint8Array(chunk))
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + chunk))
      at += chunk
    },
    cancel() {
      cancelled = true
    }
  })
  return { stream, cancelled: () => cancelled }
}

/** Heeds no signal, so that what is cancelled the source has cancelled itself. */
const answering =
  (stream: ReadableStream<Uint8Array>, type = 'application/vnd.ipld.raw', status = 200): typeof fetch =>
  async () =>
    new Response(stream as BodyInit, { status, headers: { 'content-type': type } })

test('a block in chunks of any size', async () => {
  for (const chunk of [1, 1000, 65_536, 1 << 20]) {
    const { stream } = body(CODEC.bytes, chunk)
    const host = await createHost({ sources: [gatewaySource('https://gateway.test', { fetch: answering(stream) })] })
    assert.equal((await host.codec(CODEC.cid)).decode(BLOCK), { a: 1 })
  }
})

const left: [name: string, type: string, status: number, message: RegExp | undefined][] = [
  ['a body without end, at the limit', 'application/vnd.ipld.raw', 200, /^a block of more than 1048576 bytes$/],
  ['a page', 'text/html', 200, /^answered text\/html/],
  ['a failure', 'application/vnd.ipld.raw', 500, /^answered HTTP 500/],
  ['absence', 'text/plain', 404, undefined]
]
for (const [name, type, status, message] of left) {
  test(`the body of what is not the block is cancelled: ${name}`, async () => {
    const { stream, cancelled } = body(undefined, 10_000)
    const source = gatewaySource('https://gateway.test', { fetch: answering(stream, type, status), maxBlock: 1 << 20 })
    const error = await source.get(CODEC.cid).catch((error: Error) => error)
    if (message === undefined) assert.is(error, undefined)
    else assert.match((error as Error).message, message)
    await new Promise((resolve) => setTimeout(resolve, 1))
    assert.ok(cancelled())
  })
}

test('what is asked for', async () => {
  const asked: [string, RequestInit | undefined][] = []
  const recording: typeof fetch = async (url, init) => {
    asked.push([String(url), init])
    return new Response(null, { status: 404 })
  }
  assert.is(await gatewaySource('https://gateway.test/path/', { fetch: recording }).get(CODEC.cid), undefined)
  const [[url, init]] = asked
  assert.is(url, `https://gateway.test/path/ipfs/${CODEC.cid}?format=raw`)
  assert.equal(init?.headers, { Accept: 'application/vnd.ipld.raw' })
  assert.is(init?.credentials, 'omit')
})

test.run()
