/** What functions ask of the world through the command: refused unless it is allowed, done once, and what became of it; and the names that they publish. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as dagJson from '@ipld/dag-json'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { ask, done, play, puppet, puppetCid, type Step } from '../task/puppet.js'
import { autocodec, COMMAND, OWN, scratch } from './command.js'

const folder = scratch()
let states = 0
const fresh = (): { AUTOCODEC_STATE: string } => ({ AUTOCODEC_STATE: join(folder, `state-${states++}`) })
const module = join(folder, 'puppet.wasm')
writeFileSync(module, puppet)
await autocodec(['key', 'new'])

let scripts = 0
/** The command that has the module do this. */
function playing(steps: readonly Step[], ...more: unknown[]): string[] {
  const args = join(folder, `args-${scripts++}.json`)
  writeFileSync(args, dagJson.encode(play(steps, ...more)))
  return ['run', module, '--fun', 'play', '--args', `@${args}`]
}

/** A server that remembers what it was sent. */
async function listening() {
  const posts: { path?: string; type?: string; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    posts.push({ path: `${request.method} ${request.url}`, type: request.headers['content-type'], body })
    response.writeHead(201, { 'content-type': 'text/plain' }).end('noted')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { posts, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

test('a function posts: refused without --allow or the origin, done once with both, and not again', async () => {
  const { posts, origin, close } = await listening()
  try {
    const env = fresh()
    const post = playing([ask(7, '/http/post', { url: `${origin}/notes`, body: new TextEncoder().encode('hello'), type: 'text/plain' }), done('sent')])
    const refused = [
      { args: [], effect: /effect {3}\/http\/post {2}not done: .*does not do \/http\/post/ },
      { args: ['--origin', origin], effect: /effect {3}\/http\/post {2}not done: / }
    ]
    for (const { args, effect } of refused) {
      const ended = await autocodec([...post, ...args], '', env)
      assert.equal([ended.exit, ended.out], [0, '"sent"\n'], ended.err)
      assert.match(ended.err, effect)
    }
    const whom = await autocodec([...post, '--allow', '/http/post'], '', env)
    assert.is(whom.exit, 2)
    assert.match(whom.err, /no --origin says whom/)
    assert.equal(posts, [])

    // of another origin: begun, and its provider refuses. That is what this task has come to, so it is a task of its own
    const elsewhere = await autocodec([...post, '--nonce', '01', '--allow', '/http/post', '--origin', 'https://example.org'], '', env)
    assert.match(elsewhere.err, /effect {3}\/http\/post {2}failed: ORIGIN: /)
    assert.equal(posts, [])

    const allowed = [...post, '--allow', '/http/post', '--origin', origin]
    const first = await autocodec(allowed, '', env)
    assert.equal([first.exit, first.out], [0, '"sent"\n'], first.err)
    assert.match(first.err, /effect {3}\/http\/post {2}done\n$/)
    assert.equal(posts, [{ path: 'POST /notes', type: 'text/plain', body: 'hello' }])

    const second = await autocodec(allowed, '', env)
    assert.equal([second.exit, second.out], [0, '"sent"\n'], second.err)
    assert.match(second.err, /from the receipt, nothing was run/)
    const [, task] = /task {5}(\w+)/.exec(second.err) ?? []
    assert.match((await autocodec(['receipt', 'show', task], '', env)).out, /^effect {7}\/http\/post.*done/m)
    assert.is((await autocodec(['receipt', 'rerun', task], '', env)).exit, 0)
    assert.is(posts.length, 1)

    // another task, which is queued, and done by whoever may
    assert.is((await autocodec([...post, '--nonce', '02', '--enqueue'], '', env)).exit, 0)
    assert.is(posts.length, 1)
    assert.match((await autocodec(['work', '--allow', '/http/post', '--origin', origin], '', env)).out, /\tok\n$/)
    assert.is(posts.length, 2)
  } finally {
    close()
  }
})

test('what a process that was killed has begun: left alone by who may not do it, finished and told of by who may, and not done twice', async () => {
  let posts = 0
  const server = createServer(() => {
    // and no answer
    posts++
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const env = fresh()
    const post = playing([ask(7, '/http/post', { url: `${origin}/notes`, body: new Uint8Array(1) }), done('sent')])
    const allowed = ['--allow', '/http/post', '--origin', origin]
    const child = spawn(process.execPath, [...COMMAND, ...post, ...allowed], { cwd: root, env: { ...process.env, ...OWN, ...env }, stdio: 'ignore' })
    for (let waited = 0; posts === 0 && waited < 30_000; waited += 50) await new Promise((done) => setTimeout(done, 50))
    child.kill('SIGKILL')
    await once(child, 'close')
    assert.is(posts, 1)

    const other = playing([done('other')])
    const alone = await autocodec([...other, '--nonce', '01'], '', env)
    assert.equal([alone.exit, alone.out], [0, '"other"\n'], alone.err)
    assert.not.match(alone.err, /finished/)
    const again = await autocodec(post, '', env)
    assert.is(again.exit, 8, again.err)
    assert.match(again.err, /; --allow and --origin as it was begun with finish it\n$/)
    assert.match((await autocodec(['work'], '', env)).err, /2 tasks left, which wait for .* --allow and --origin do not allow\n$/)

    const finished = await autocodec([...other, '--nonce', '02', ...allowed], '', env)
    assert.equal([finished.exit, finished.out], [0, '"other"\n'], finished.err)
    const lines = finished.err.split('\n').filter((line) => line.includes('had been interrupted'))
    assert.is(lines.length, 2, finished.err)
    assert.ok(lines.some((line) => / \w+, ok$/.test(line)) && lines.some((line) => / \w+, error INTERRUPTED: /.test(line)), finished.err)
    const told = await autocodec(post, '', env)
    assert.equal([told.exit, told.out], [0, '"sent"\n'], told.err)
    assert.match(told.err, /from the receipt, nothing was run[\s\S]*failed: INTERRUPTED: /)
    assert.is(posts, 1)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a function fills the queue if it may, with runs; work does them', async () => {
  const env = fresh()
  const inner = { mod: puppetCid, fun: 'play', params: play([done('inner')]) }
  const args = [
    ask(7, '/task/enqueue', { cmd: '/wasm/run', args: inner }),
    ask(7, '/task/enqueue', { cmd: '/http/post', args: { url: 'https://example.org' } }),
    done(1)
  ]
  const queueing = playing(args, puppetCid)
  const refused = await autocodec(queueing, '', env)
  assert.is(refused.exit, 0, refused.err)
  assert.is(refused.err.match(/\/task\/enqueue {2}not done: /g)?.length, 2)
  assert.is((await autocodec(['work'], '', env)).out, '')
  const allowed = await autocodec([...queueing, '--allow', '/task/enqueue'], '', env)
  assert.match(allowed.err, /\/task\/enqueue {2}queued\n.*\/task\/enqueue {2}not done: /)
  const [, task] = /^(\w+)\t\w+\tok\n$/.exec((await autocodec(['work'], '', env)).out) ?? []
  assert.match((await autocodec(['receipt', 'show', task], '', env)).out, /inner/)
  assert.is((await autocodec(['work'], '', env)).out, '')
})

const CIDS = ['bafkreiaimlwicqnfrcw45jf5wi7vlxxpgoftyprvuvoyndwwmbtjdctdqe', 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e']
const [one, two] = CIDS

test('a function publishes a name if it may; names are listed, read, set, forgotten, and inputs of others', async () => {
  const env = fresh()
  const NAME = '../x/Ä "y"\n'
  const publish = playing([ask(7, '/name/publish', { name: NAME, cid: CID.parse(one) }), done(null)], CID.parse(one))
  assert.match((await autocodec(publish, '', env)).err, /\/name\/publish {2}not done/)
  assert.is((await autocodec(['name', 'get', NAME], '', env)).exit, 5)
  const published = await autocodec([...publish, '--allow', '/name/publish'], '', env)
  assert.match(published.err, /\/name\/publish {2}done\n$/)
  assert.is((await autocodec(['name', 'get', NAME], '', env)).out, `${one}\n`)
  assert.match((await autocodec(['name', 'ls'], '', env)).out, new RegExp(`^\\.\\./x/Ä "y"\\\\n\t${one}\tbafy\\w+\n$`))
  // nothing outside of its folder
  const files = readdirSync(join(env.AUTOCODEC_STATE, 'names'))
  assert.is(files.length, 1)
  assert.match(files[0], /^[0-9a-f]{64}\.json$/)

  const set = await autocodec(['name', 'set', NAME, two], '', env)
  assert.equal([set.exit, set.out, set.err], [0, '', ''])
  assert.is((await autocodec(['name', 'set', 'a', one], '', env)).exit, 0)
  assert.is((await autocodec(['name', 'ls'], '', env)).out, `../x/Ä "y"\\n\t${two}\t\na\t${one}\t\n`)
  const resolved = await autocodec([...playing([done(1)]), '--input', `where=/name/resolve:${JSON.stringify({ name: NAME })}`, '--json'], '', env)
  assert.is(resolved.exit, 0, resolved.err)
  const { task } = JSON.parse(resolved.out)
  assert.ok((await autocodec(['receipt', 'show', task['/']], '', env)).out.includes(`where, /name/resolve: {"/":"${two}"}`))
  const absent = await autocodec([...playing([done(2)]), '--input', 'where=/name/resolve:{"name":"b"}'], '', env)
  assert.match(absent.err, /NAME_NOT_FOUND: /)

  writeFileSync(join(env.AUTOCODEC_STATE, 'names', files[0]), '{"name":')
  const damaged = await autocodec(['name', 'ls'], '', env)
  assert.equal([damaged.exit, damaged.out], [3, `a\t${one}\t\n`])
  assert.match(damaged.err, new RegExp(`^autocodec: .*${files[0]}: not JSON, expected .*\n$`))
  assert.is((await autocodec(['name', 'get', NAME], '', env)).exit, 3)
  assert.is((await autocodec(['name', 'set', NAME, one], '', env)).exit, 0)
  assert.is((await autocodec(['name', 'rm', NAME], '', env)).out, `${one}\n`)
  assert.is((await autocodec(['name', 'ls'], '', env)).out, `a\t${one}\t\n`)

  const rows: [string[], number, RegExp][] = [
    [['name', 'rm', NAME], 5, /there is no name \.\.\/x/],
    [['name', 'set', 'a', 'b'], 2, /b is not a CID/],
    [['name', 'set', '', one], 2, /a name of 0 characters/],
    [['name', 'set', 'a'.repeat(1025), one], 2, /a name of 1025 characters, expected 1 to 1024/],
    [['name', 'ls', '--state', 'memory'], 2, /--state memory has no names/],
    [[...publish, '--allow', '/name/publish', '--state', 'memory'], 2, /--state memory keeps no names/]
  ]
  for (const [args, exit, err] of rows) {
    const ended = await autocodec(args, '', env)
    assert.is(ended.exit, exit, ended.err)
    assert.match(ended.err, err)
  }
})

test.run()
