/** Gateways that lie, stall and break off: each costs a bounded time and memory, is named in the error, keeps nobody from asking the next one, and never gets into a store. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost, type GatewayOptions, gatewaySource, HostError, type Source, staggered } from '../../../src/codec/index.js'
import { DirectoryStore } from '../../../src/codec/source/directory-store.js'
import { resealed } from '../resealed.js'
import { type Answer, gateway, honest } from './server.js'

const CODEC = await resealed({ name: 'wanted', code: 0x300001 })
const OTHER = await resealed({ name: 'another', code: 0x300002 })
/** {"a": 1} */
const BLOCK = Uint8Array.of(0xa1, 0x61, 0x61, 1)
const RAW = { 'Content-Type': 'application/vnd.ipld.raw' }
const MIB = 1 << 20
const TIMEOUT = 400

/** Writes without end, as fast as the other side reads. */
function endless(response: ServerResponse): void {
  const chunk = new Uint8Array(1 << 16)
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

interface Lie {
  readonly name: string
  readonly answer: Answer
  readonly message: RegExp
  readonly code?: string
  readonly options?: GatewayOptions
}

const LIES: readonly Lie[] = [
  {
    name: 'the bytes of another block',
    answer: (_cid, response) => response.writeHead(200, RAW).end(OTHER.bytes),
    code: 'HASH_MISMATCH',
    message: /bytes from http:\/\/127\.0\.0\.1:\d+ that have another sha2-256 hash/
  },
  { name: 'no bytes', answer: (_cid, response) => response.writeHead(200, RAW).end(), code: 'HASH_MISMATCH', message: /0 bytes from http/ },
  { name: 'an endless body', answer: (_cid, response) => endless(response.writeHead(200, RAW)), message: /a block of more than 1048576 bytes/ },
  {
    name: 'an endless body of nothing but compressed zeros',
    answer: (_cid, response) => {
      import('node:zlib').then(({ createGzip }) => {
        response.writeHead(200, { ...RAW, 'Content-Encoding': 'gzip' })
        const zip = createGzip({ level: 9 })
        zip.on('error', () => {})
        response.on('close', () => zip.destroy())
        zip.pipe(response)
        const zeros = new Uint8Array(MIB)
        const more = () => {
          while (!zip.destroyed && zip.write(zeros));
          if (!zip.destroyed) zip.once('drain', more)
        }
        more()
      })
    },
    message: /a block of more than 1048576 bytes/,
    options: { timeout: 10_000 }
  },
  {
    name: 'a length beyond the limit',
    answer: (_cid, response) => void response.writeHead(200, { ...RAW, 'Content-Length': 1e12 }).write('x'),
    message: /a block of 1000000000000 bytes, the limit is 1048576/
  },
  {
    name: 'a length that is longer than the body',
    answer: (_cid, response) => {
      response.writeHead(200, { ...RAW, 'Content-Length': CODEC.bytes.length + 1 }).write(CODEC.bytes)
      setTimeout(() => response.destroy(), 20)
    },
    message: /terminated|other side closed/
  },
  {
    name: 'a length that is shorter than the body',
    answer: (_cid, response) => {
      const { socket } = response
      socket?.write(`HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.raw\r\nContent-Length: 100\r\nConnection: close\r\n\r\n`)
      socket?.end(CODEC.bytes)
    },
    code: 'HASH_MISMATCH',
    message: /100 bytes from/
  },
  {
    name: 'a reset in the middle of the body',
    answer: (_cid, response) => {
      response.writeHead(200, RAW).write(CODEC.bytes.subarray(0, 1000))
      setTimeout(() => response.socket?.resetAndDestroy(), 20)
    },
    message: /terminated|ECONNRESET/
  },
  { name: 'a reset before any answer', answer: (_cid, response) => response.socket?.resetAndDestroy(), message: /fetch failed: .*(ECONNRESET|closed|hang up)/ },
  {
    name: 'a redirect to itself',
    answer: (_cid, response, request) => response.writeHead(302, { Location: request.url }).end(),
    message: /fetch failed: redirect count exceeded/
  },
  {
    name: 'redirects that never come back to the same place',
    answer: (_cid, response) => response.writeHead(307, { Location: `/ipfs/${Math.random()}` }).end(),
    message: /fetch failed: redirect count exceeded/
  },
  {
    name: 'a redirect to what is not HTTP',
    answer: (_cid, response) => response.writeHead(302, { Location: 'file:///etc/passwd' }).end(),
    message: /fetch failed/
  },
  {
    name: 'a byte now and then',
    answer: (_cid, response) => {
      response.writeHead(200, RAW)
      let at = 0
      const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(CODEC.bytes.subarray(at, ++at))), 20)
    },
    message: /no whole block within 400 ms/
  },
  { name: 'no answer', answer: () => {}, message: /no whole block within 400 ms/ },
  { name: 'a head and no body', answer: (_cid, response) => response.writeHead(200, RAW).flushHeaders(), message: /no whole block within 400 ms/ },
  {
    name: 'an error page with 200',
    answer: (_cid, response) => response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<h1>504 Gateway Time-out</h1>'),
    message: /answered text\/html, expected application\/vnd\.ipld\.raw/
  },
  { name: 'not acceptable', answer: (_cid, response) => response.writeHead(406).end('no'), message: /answered HTTP 406 Not Acceptable/ },
  { name: 'a failure', answer: (_cid, response) => response.writeHead(500).end('no'), message: /answered HTTP 500/ },
  { name: 'part of it', answer: (_cid, response) => response.writeHead(206, RAW).end(CODEC.bytes.subarray(0, 10)), message: /answered HTTP 206/ },
  { name: 'what is not HTTP', answer: (_cid, response) => response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'), message: /fetch failed/ }
]

async function failure(work: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await work
  } catch (error) {
    return error as Error
  }
  throw new Error('no error')
}

for (const { name, answer, message, code = 'MODULE_NOT_FOUND', options } of LIES) {
  test(`a gateway that gives ${name}`, async () => {
    const liar = await gateway(answer)
    const right = await gateway(honest([CODEC]))
    const path = await mkdtemp(join(tmpdir(), 'autocodec-lies-'))
    try {
      const store = new DirectoryStore(path)
      const lying = gatewaySource(liar.url, { timeout: TIMEOUT, maxBlock: MIB, ...options })
      const before = process.memoryUsage().arrayBuffers
      const start = performance.now()
      const error = await failure((await createHost({ sources: [store, lying] })).codec(CODEC.cid))
      assert.ok(performance.now() - start < (options?.timeout ?? TIMEOUT) + 2_000, 'it takes too long')
      assert.ok(process.memoryUsage().arrayBuffers - before < 64 * MIB, 'it takes too much memory')
      assert.instance(error, HostError)
      assert.is(error.code, code)
      assert.match(error.message, message)
      assert.ok(error.message.includes(liar.url), 'the gateway is named')
      assert.equal(await readdir(path, { recursive: true }), [], 'the store has nothing')
      assert.ok(liar.asked.length <= 21, `${liar.asked.length} requests`)

      // the next one is asked, and what that gives is kept
      const host = await createHost({ sources: [store, lying, gatewaySource(right.url)] })
      assert.equal((await host.codec(CODEC.cid)).decode(BLOCK), { a: 1 })
      const offline = await createHost({ sources: [store] })
      assert.equal((await offline.codec(CODEC.cid)).decode(BLOCK), { a: 1 })

      // both at once: the liar does not even cost its time
      const began = performance.now()
      const both = staggered([gatewaySource(liar.url, { timeout: 60_000, maxBlock: 64 * MIB }), gatewaySource(right.url)], { after: 50 })
      assert.ok(CODEC.bytes.length === (await both.get(CODEC.cid))?.length)
      assert.ok(performance.now() - began < 5_000)
    } finally {
      await Promise.all([liar.close(), right.close(), rm(path, { recursive: true })])
    }
  })
}

test('404 and 410 are no failures: the block is not there', async () => {
  for (const status of [404, 410]) {
    const { url, close } = await gateway((_cid, response) => response.writeHead(status).end('<h1>no such block</h1>'))
    assert.is(await gatewaySource(url).get(CODEC.cid), undefined)
    await close()
  }
})

test('what is asked for, and how', async () => {
  const { url, asked, close } = await gateway(honest([CODEC]))
  for (const base of [url, `${url}/`, `${url}/ipfs/`, new URL(url)]) assert.ok(await gatewaySource(base).get(CODEC.cid))
  assert.equal(asked, Array(4).fill(`/ipfs/${CODEC.cid}?format=raw`))
  assert.is(gatewaySource(`${url}/`).name, url)
  await close()
})

test('a redirect is followed', async () => {
  const right = await gateway(honest([CODEC]))
  const { url, close } = await gateway((_cid, response, request) => response.writeHead(301, { Location: `${right.url}${request.url}` }).end())
  assert.ok(await gatewaySource(url).get(CODEC.cid))
  await Promise.all([close(), right.close()])
})

test('a gateway that is not there', async () => {
  const { url, close } = await gateway(() => {})
  await close()
  assert.match((await failure(gatewaySource(url).get(CODEC.cid))).message, /fetch failed: .*ECONNREFUSED/)
})

test('a signal ends a request at once, with its reason, and the gateway sees that', async () => {
  let closed: (() => void) | undefined
  const seen = new Promise<void>((resolve) => {
    closed = resolve
  })
  const { url, close } = await gateway((_cid, response) => {
    response.writeHead(200, RAW).flushHeaders()
    response.on('close', () => closed?.())
  })
  const controller = new AbortController()
  const waiting = failure(gatewaySource(url).get(CODEC.cid, { signal: controller.signal }))
  setTimeout(() => controller.abort(new Error('enough')), 50)
  assert.is((await waiting).message, 'enough')
  await seen
  await close()
})

test('a fetch that heeds no signal is left all the same', async () => {
  const deaf = (() => new Promise(() => {})) as unknown as typeof fetch
  assert.match((await failure(gatewaySource('http://deaf.test', { timeout: 50, fetch: deaf }).get(CODEC.cid))).message, /no whole block within 50 ms/)
})

for (const url of ['', 'trustless-gateway.link', 'ftp://host/', 'http://host/?format=raw']) {
  test(`"${url}" is no gateway`, () => {
    assert.throws(
      () => gatewaySource(url),
      (error: Error) => error instanceof TypeError && /^gateway: /.test(error.message)
    )
  })
}

const slow = (name: string, milliseconds: number, bytes?: Uint8Array): Source & { given: boolean } => {
  const source = {
    name,
    given: false,
    get: (_cid: unknown, options?: { signal?: AbortSignal }) =>
      new Promise<Uint8Array | undefined>((resolve, reject) => {
        const timer = setTimeout(() => resolve(bytes), milliseconds)
        options?.signal?.addEventListener('abort', () => {
          source.given = true
          clearTimeout(timer)
          reject(options.signal?.reason)
        })
      })
  }
  return source
}

test('staggered: the losers are given up', async () => {
  const loser = slow('loser', 60_000, CODEC.bytes)
  const source = staggered([loser, slow('winner', 10, CODEC.bytes)], { after: 10 })
  assert.equal(await source.get(CODEC.cid), CODEC.bytes)
  assert.ok(loser.given)
})

test('staggered: a source that fails or does not have it makes way at once', async () => {
  const start = performance.now()
  const source = staggered([slow('without', 1), slow('liar', 1, OTHER.bytes), slow('winner', 1, CODEC.bytes)], { after: 60_000 })
  assert.equal(await source.get(CODEC.cid), CODEC.bytes)
  assert.ok(performance.now() - start < 5_000)
})

test('staggered: all failures are told; absence everywhere is none', async () => {
  const error = await failure(staggered([slow('liar', 1, OTHER.bytes), slow('without', 1)]).get(CODEC.cid))
  assert.match(error.message, /^liar: .*another sha2-256 hash/)
  assert.is(await staggered([slow('one', 1), slow('two', 1)]).get(CODEC.cid), undefined)
})

test('staggered: a signal ends it', async () => {
  const loser = slow('slow', 60_000)
  const controller = new AbortController()
  const waiting = failure(staggered([loser]).get(CODEC.cid, { signal: controller.signal }))
  setTimeout(() => controller.abort(new Error('enough')), 10)
  assert.is((await waiting).message, 'enough')
  assert.ok(loser.given)
  assert.is((await failure(staggered([loser]).get(CODEC.cid, { signal: AbortSignal.abort() }))).name, 'AbortError')
})

test.run()
