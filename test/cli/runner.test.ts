/** Where functions run, and that a guest that never answers can be stopped wherever it does. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost, readManifest, sealManifest } from '../../src/codec/index.js'
import { spin } from '../scheduler/workers/spin.js'
import { autocodec, COMMAND, type Ended, scratch } from './command.js'

const folder = scratch()
let states = 0
const fresh = () => ({ AUTOCODEC_STATE: join(folder, `state-${states++}`), AUTOCODEC_KEYS: join(folder, 'keys'), AUTOCODEC_STORE: '' })
const module = join(folder, 'spin.wasm')
writeFileSync(module, spin)
const text = join(folder, 'text')
writeFileSync(text, 'one two\n')
await autocodec(['key', 'new'], '', fresh())
/** more than it could use in an hour */
const ENDLESS = ['--fuel', '9007199254740991']

/** Starts the command, and sends it a signal when it has had its state for a while. */
async function stopped(args: readonly string[], env: { readonly AUTOCODEC_STATE: string }, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [...COMMAND, ...args], { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    err += part
  })
  const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))
  for (let waited = 0; !existsSync(join(env.AUTOCODEC_STATE, 'unfinished')) && waited < 30_000; waited += 50) await pause(50)
  await pause(1500)
  assert.is(child.exitCode, null, err)
  child.kill(signal)
  // what does not hear it would go on for hours
  const patience = setTimeout(() => child.kill('SIGKILL'), 20_000)
  const [code, by] = await once(child, 'close')
  clearTimeout(patience)
  return { code, by, err }
}

test('a guest that computes for ever ends with a signal, and the state is free and whole for the next', async () => {
  const env = fresh()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { code, by, err } = await stopped(['run', module, ...ENDLESS], env, signal)
    // as any process that a signal ends: 128 and its number to a shell. Or in good order, where a slow machine has not come to the guest
    assert.ok(by === signal || code === 128 + constants.signals[signal], `${code} ${by} ${err}`)
  }
  const next = await autocodec(['run', 'word-count', '--file', `file=${text}`, '--quiet'], '', env)
  assert.equal([next.exit, next.out], [0, '{"bytes":8,"lines":1,"words":2}\n'], next.err)
})

/** Tasks in the queue of a state. */
async function enqueue(env: Record<string, string>, times: number, args: readonly string[]): Promise<string[]> {
  const tasks: string[] = []
  for (let i = 0; i < times; i++) {
    const { out, err } = await autocodec(['run', ...args, '--nonce', `0${i}`, '--enqueue'], '', env)
    assert.is(err, '')
    tasks.push(out.trim())
  }
  return tasks.sort()
}
const tasksOf = ({ out }: Ended): string[] =>
  out
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0])
    .sort()

test('work with threads ends in good order at a signal, though none of them answers; what it had not done is there still', async () => {
  const env = fresh()
  const tasks = await enqueue(env, 2, [module, ...ENDLESS])
  const { code, err } = await stopped(['work', '--concurrency', '2', ...ENDLESS], env, 'SIGINT')
  assert.equal([code, err], [130, 'autocodec: stopped by SIGINT; nothing has been left half done\n'])
  const done = await autocodec(['work', '--concurrency', '2', '--fuel', '100000'], '', env)
  assert.is(done.exit, 7, done.err)
  assert.equal(tasksOf(done), tasks)
})

test('work does the same in threads, in one thread, without piscina, and with codecs that threads have not', async () => {
  const args = ['word-count', '--file', `file=${text}`]
  const [hook, register] = [join(folder, 'hook.mjs'), join(folder, 'register.mjs')]
  const thrown = `Object.assign(new Error("Cannot find package 'piscina' imported from x"), { code: 'ERR_MODULE_NOT_FOUND' })`
  writeFileSync(hook, `export async function resolve(name, context, next) { if (name === 'piscina') throw ${thrown}; return next(name, context) }`)
  writeFileSync(register, `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hook).href)})`)
  const without = { NODE_OPTIONS: `--import ${pathToFileURL(register).href}` }
  const codec = join(folder, 'secret.wasm')
  const original = await (await createHost()).module('dag-cbor')
  writeFileSync(codec, sealManifest(original, { ...readManifest(original), name: 'secret', code: 0x300001 }))
  const rows = [
    { options: ['--concurrency', '3'], env: {}, err: '' },
    { options: [], env: {}, err: '' },
    { options: [], env: without, err: '' },
    {
      options: ['--concurrency', '3'],
      env: without,
      err: 'autocodec: --concurrency 3: the package piscina is not installed, so all runs share one thread; npm install piscina\n'
    },
    { options: ['--concurrency', '2', '--module', codec], env: {}, err: /^autocodec: --concurrency 2: the codec secret is not for threads/ },
    { options: ['--concurrency', '2', '--allow-data-codecs'], env: {}, err: /--allow-data-codecs are not for threads/ }
  ]
  for (const { options, env, err } of rows) {
    const state = fresh()
    const tasks = await enqueue(state, 3, args)
    const done = await autocodec(['work', ...options], '', { ...state, ...env })
    assert.is(done.exit, 0, done.err)
    assert.equal(tasksOf(done), tasks)
    if (typeof err === 'string') assert.is(done.err, err)
    else assert.match(done.err, err)
  }
  const many = await autocodec(['work', '--concurrency', '257'], '', fresh())
  assert.equal([many.exit, many.err], [2, 'autocodec: --concurrency: got 257, expected at most 256\n'])
})

test.run()
