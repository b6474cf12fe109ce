/** The HTTP provider against servers of the test's own: the origins that it was given and no others, however it is led; sizes, times, and what is no longer wanted. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoryEngine } from '../../src/engine/index.js'
import { createHost } from '../../src/index.js'
import { createExecutor, factsOf, httpProviders } from '../../src/scheduler/index.js'
import { type Args, generateSigner, invoke } from '../../src/ucan/index.js'
import * as p from '../task/puppet.js'

const BODY = new TextEncoder().encode('what the server says')
const owner = await generateSigner()
const host = await createHost()
const engine = memoryEngine()
await engine.blocks.put(p.puppetCid, p.puppet)

/** What came, by method and path, and with what. */
let came: { request: string; headers: IncomingMessage['headers']; body: string }[] = []
let servers: Server[] = []
let here = ''
let elsewhere = ''

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  came.push({ request: `${request.method} ${request.headers.host === new URL(here).host ? '' : 'elsewhere '}${request.url}`, headers: request.headers, body })
  const to = (location: string, status = 302): void => void response.writeHead(status, { location }).end()
  const path = request.url as string
  if (path === '/elsewhere') to(`${elsewhere}/text`)
  else if (path === '/round') to('/round')
  else if (path === '/near') to('/text', 307)
  else if (path === '/file') to('file:///etc/passwd')
  else if (path === '/data') to('data:text/plain,x')
  else if (path === '/nowhere') to('http://')
  else if (path === '/password') to(here.replace('://', '://me:secret@'))
  else if (path === '/large') {
    response.writeHead(200)
    const more = (): void => {
      if (!response.destroyed && response.write(new Uint8Array(64 * 1024))) setImmediate(more)
      else response.once('drain', more)
    }
    more()
  } else if (path === '/slow') response.writeHead(200).write('a')
  else if (path === '/never') return
  else if (path === '/broken') {
    response.writeHead(200, { 'content-length': '100' }).write('a')
    setTimeout(() => response.destroy(), 5)
  } else response.writeHead(path === '/missing' ? 404 : 200, { 'content-type': 'text/plain' }).end(BODY)
}

async function listen(): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => answer(request, response, body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.before(async () => {
  here = await listen()
  elsewhere = await listen()
})

test.after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  servers = []
})

test.before.each(() => {
  came = []
})

let n = 0
async function ask(cmd: string, args: Args, signal?: AbortSignal) {
  const executor = await createExecutor({ host, engine, signer: owner, providers: httpProviders({ origins: [here], maxBytes: 100_000, timeout: 300 }) })
  return executor.run(await invoke({ issuer: owner, subject: owner, command: cmd, args, nonce: Uint8Array.of(n++, n >> 8) }), { signal })
}

const codeOf = (out: unknown): string => (out as { error: { code: string } }).error?.code

for (const [path, status] of [
  ['/text', 200],
  ['/missing', 404],
  ['/near', 200]
] as const) {
  test(`GET ${path}: the body is a block, and its digest is in the receipt`, async () => {
    const { out } = await ask('/http/get', { url: here + path, accept: 'text/plain' })
    const { ok } = out as { ok: { status: number; type: string; body: CID; digest: Uint8Array } }
    assert.equal([ok.status, ok.type], [status, 'text/plain'])
    assert.equal(ok.digest, await sha256.encode(BODY))
    assert.equal(await engine.blocks.get(ok.body), BODY)
    assert.is(came[0].headers.accept, 'text/plain')
    assert.equal([came[0].headers.cookie, came[0].headers.authorization], [undefined, undefined])
  })
}

for (const [name, args, code, requests] of [
  ['no URL', { url: 'nowhere' }, 'ARGUMENTS', 0],
  ['a URL that is a number', { url: 7 }, 'ARGUMENTS', 0],
  ['none at all', {}, 'ARGUMENTS', 0],
  ['another origin', { url: 'ELSEWHERE/text' }, 'ORIGIN', 0],
  ['another scheme', { url: 'file:///etc/passwd' }, 'ORIGIN', 0],
  ['a password', { url: 'PASSWORD/text' }, 'ARGUMENTS', 0],
  ['the same host and another port', { url: 'http://127.0.0.1:1/text' }, 'ORIGIN', 0],
  ['the same host by another name', { url: 'LOCALHOST/text' }, 'ORIGIN', 0],
  ['a header with a line break', { url: 'HERE/text', accept: 'a\r\ncookie: b' }, 'ARGUMENTS', 0],
  ['a header that is a number', { url: 'HERE/text', accept: 1 }, 'ARGUMENTS', 0],
  ['a redirect to another origin', { url: 'HERE/elsewhere' }, 'ORIGIN', 1],
  ['a redirect to a file', { url: 'HERE/file' }, 'ORIGIN', 1],
  ['a redirect to data', { url: 'HERE/data' }, 'ORIGIN', 1],
  ['a redirect to nowhere', { url: 'HERE/nowhere' }, 'HTTP', 1],
  ['a redirect with a password', { url: 'HERE/password' }, 'ARGUMENTS', 1],
  ['redirects without end', { url: 'HERE/round' }, 'HTTP', 6],
  ['an answer without end', { url: 'HERE/large' }, 'TOO_LARGE', 1],
  ['an answer that stops in the middle', { url: 'HERE/slow' }, 'TIME', 1],
  ['an answer that breaks off', { url: 'HERE/broken' }, 'PROVIDER', 1],
  ['no answer', { url: 'HERE/never' }, 'TIME', 1]
] as const) {
  test(`GET: ${name}`, async () => {
    const filled = Object.fromEntries(
      Object.entries(args).map(([key, value]) => [
        key,
        typeof value !== 'string'
          ? value
          : value
              .replace('HERE', here)
              .replace('ELSEWHERE', elsewhere)
              .replace('PASSWORD', here.replace('://', '://a:b@'))
              .replace('LOCALHOST', here.replace('127.0.0.1', 'localhost'))
      ])
    )
    const { out, receipt } = await ask('/http/get', filled)
    assert.is(codeOf(out), code, JSON.stringify(out))
    assert.is(factsOf(receipt).final, false)
    assert.is(came.length, requests)
    assert.not.ok(came.some(({ request }) => request.includes('elsewhere ')))
  })
}

test('a request that is no longer wanted', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), 20)
  await ask('/http/get', { url: `${here}/never` }, controller.signal).then(
    () => assert.unreachable(),
    (error) => assert.is(error, reason)
  )
})

test('POST: of bytes and of a block, once', async () => {
  const block = await ask('/http/get', { url: `${here}/text` })
  came = []
  const { body } = (block.out as { ok: { body: CID } }).ok
  for (const given of [new TextEncoder().encode('given'), body]) {
    const { out } = await ask('/http/post', { url: `${here}/text`, body: given, type: 'text/x' })
    assert.is((out as { ok: { status: number } }).ok.status, 200)
  }
  assert.equal(
    came.map(({ request, body, headers }) => [request, body, headers['content-type']]),
    [
      ['POST /text', 'given', 'text/x'],
      ['POST /text', 'what the server says', 'text/x']
    ]
  )
})

for (const [name, args, code, requests] of [
  ['a redirect is not followed', { path: '/elsewhere', body: new Uint8Array(1) }, undefined, 1],
  ['a body of text', { path: '/text', body: 'text' }, 'ARGUMENTS', 0],
  ['no body', { path: '/text' }, 'ARGUMENTS', 0],
  ['a body that nobody has', { path: '/text', body: p.puppetCid }, undefined, 1],
  ['no answer', { path: '/never', body: new Uint8Array(1) }, 'TIME', 1]
] as const) {
  test(`POST: ${name}; whatever came of it stays`, async () => {
    const { path, ...rest } = args
    const { out, receipt } = await ask('/http/post', { ...rest, url: here + path })
    assert.is(codeOf(out), code, JSON.stringify(out))
    assert.is(factsOf(receipt).final, undefined)
    assert.is(came.length, requests)
  })
}

test('as an input of a task, and as its effect', async () => {
  const executor = await createExecutor({ host, engine, signer: owner, providers: httpProviders({ origins: [here], timeout: 300 }) })
  const params = p.play([p.ask(7, '/http/post', { url: `${here}/text`, body: BODY }), p.done('went on')])
  const executed = await executor.run({ mod: p.puppetCid, fun: 'play', params, inputs: { page: { cmd: '/http/get', args: { url: `${here}/text` } } } })
  assert.equal(executed.out, { ok: 'went on' })
  assert.equal(
    came.map(({ request }) => request),
    ['GET /text', 'POST /text']
  )
  assert.is((await executor.rerun(executed.receipt)).same, true)
  assert.is(came.length, 2)
})

test.run()
