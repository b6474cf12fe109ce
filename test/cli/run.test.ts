/** `autocodec run`: results, receipts, refusals, and what is left behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { diskEngine } from '../../src/engine/disk.js'
import { functionNamed } from '../../src/task/index.js'
import { shippedModule } from '../../src/task/shipped/shipped.js'
import { readReceipt } from '../../src/ucan/index.js'
import { autocodec, COMMAND, rows, scratch } from './command.js'

const folder = scratch()
let states = 0
const fresh = (): { AUTOCODEC_STATE: string } => ({ AUTOCODEC_STATE: join(folder, `state-${states++}`) })

const text = 'one two\nthree\n'.repeat(200_000)
const big = join(folder, 'big.txt')
writeFileSync(big, text)
const small = join(folder, 'small.txt')
writeFileSync(small, 'one two\n')
const RESULT = `{"bytes":${text.length},"lines":400000,"words":600000}\n`
const wordCount = functionNamed('word-count') as CID
const wasm = join(folder, 'mine.wasm')
writeFileSync(wasm, (await shippedModule(wordCount)) as Uint8Array)
await autocodec(['key', 'new'])

test('a function runs once: the second time it is answered from the receipt, also by another name of the module and through a pipe', async () => {
  const env = fresh()
  const receipt = join(folder, 'receipt')
  const first = await autocodec(['run', 'word-count', '--file', `file=${big}`, '--receipt', receipt], '', env)
  assert.is(first.exit, 0, first.err)
  assert.is(first.out, RESULT)
  const [, task, cid] = /^autocodec: task {5}(\w+)\nautocodec: receipt {2}(\w+)\nautocodec: done in .*, [\d,]+ fuel and .* of memory\n$/.exec(first.err) ?? []
  const kept = readReceipt(readFileSync(receipt))
  assert.is(String(kept.cid), cid)
  assert.is(String(kept.ran), task)

  for (const [args, stdin] of [
    [['run', 'word-count', '--file', `file=${big}`], ''],
    [['run', String(wordCount), '--fun', 'count', '--file', 'file=-'], text],
    [['run', wasm, '--file', `file=${big}`], '']
  ] as const) {
    const again = await autocodec(args, stdin, env)
    assert.is(again.out, RESULT)
    assert.match(again.err, new RegExp(`task {5}${task}\n.*receipt {2}${cid}\n.*from the receipt, nothing was run`))
  }
  const told = await autocodec(['run', 'word-count', '--file', `file=${big}`, '--json', '--quiet'], '', env)
  assert.is(told.err, '')
  const { cached, out, receipt: link } = JSON.parse(told.out)
  assert.equal([cached, out, link], [true, { ok: JSON.parse(RESULT) }, { '/': cid }])

  const other = await autocodec(['run', 'word-count', '--file', `file=${big}`, '--nonce', 'ff00'], '', env)
  assert.is(other.out, RESULT)
  assert.match(other.err, /done in/)
  assert.not.match(other.err, new RegExp(task))
})

test('an error is a result: printed, remembered under its limits, with an exit code of its own', async () => {
  const env = fresh()
  const little = ['run', 'word-count', '--file', `file=${big}`, '--fuel', '5000']
  const first = await autocodec(little, '', env)
  assert.is(first.exit, 7, first.err)
  assert.is(JSON.parse(first.out).code, 'FUEL')
  assert.match(first.err, /error {4}FUEL: .*; --fuel N allows more\n$/)
  const second = await autocodec(little, '', env)
  assert.is(second.exit, 7)
  assert.match(second.err, /nothing was run/)
  const enough = await autocodec(['run', 'word-count', '--file', `file=${big}`], '', env)
  assert.is(enough.out, RESULT)
  assert.match(enough.err, /done in/)
})

test('a block that nobody has is no result: the exit code says so, nothing is kept, and --dir mends it', async () => {
  const env = fresh()
  const args = ['run', 'word-count', '--args', '{"file":{"/":"bafkreiaimlwicqnfrcw45jf5wi7vlxxpgoftyprvuvoyndwwmbtjdctdqe"}}']
  const absent = await autocodec(args, '', env)
  assert.is(absent.exit, 5)
  assert.is(JSON.parse(absent.out).code, 'BLOCK_NOT_FOUND')
  assert.match(absent.err, /not remembered\n.*error .*\nautocodec: nothing says where blocks are: give --car FILE/)
  assert.is((await autocodec(['receipt', 'ls'], '', env)).out, '')
})

test('what the result links to is written as a CAR and as files, which other commands read', async () => {
  const [table, car, dir] = [join(folder, 'table.csv'), join(folder, 'out.car'), join(folder, 'out')]
  writeFileSync(table, 'name,age\nada,36\nalan,41\n')
  const { exit, err, out } = await autocodec(['run', 'csv', '--file', `file=${table}`, '--car-out', car, '--save', dir, '--quiet'], '', fresh())
  assert.is(exit, 0, err)
  const { root: link, rows: count } = JSON.parse(out)
  assert.is(count, 2)
  const found = await autocodec(['car', 'ls', car])
  const cids = found.out
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0])
  assert.is((await autocodec(['car', 'ls', '--roots', car])).out.trim(), link['/'])
  assert.equal(readdirSync(dir).sort(), cids.map((cid) => `${cid}.bin`).sort())
  assert.ok(cids.length > 1)
  for (const place of [
    ['--car', car],
    ['--dir', dir]
  ]) {
    const walked = await autocodec(['walk', link['/'], ...place])
    assert.is(walked.out.trim().split('\n').length, cids.length, walked.err)
  }
  assert.match((await autocodec(['run', 'csv', '--file', `file=${table}`, '--pretty', '--quiet'], '', fresh())).out, /├─ root {2}→ bafy/)
})

test('a run is suspended and gone on with in another process: same result, same task', async () => {
  const env = fresh()
  const args = ['run', 'word-count', '--file', `file=${big}`, '--json']
  const suspended = await autocodec([...args, '--suspend-after', '0'], '', env)
  assert.is(suspended.exit, 10, suspended.err)
  const checkpoint = suspended.out.trim()
  assert.match(suspended.err, new RegExp(`^autocodec: suspended; --checkpoint ${checkpoint} with the same options goes on\n$`))
  const ended = await autocodec([...args, '--checkpoint', checkpoint], '', env)
  assert.is(ended.exit, 0, ended.err)
  const whole = await autocodec(args, '', fresh())
  const [a, b] = [JSON.parse(ended.out), JSON.parse(whole.out)]
  assert.equal([a.out, a.task, a.fuel, a.memory], [b.out, b.task, b.fuel, b.memory])
  const other = await autocodec(['run', 'word-count', '--file', `file=${small}`, '--checkpoint', checkpoint], '', env)
  assert.is(other.exit, 3)
  assert.match(other.err, /checkpoint \w+ is of task \w+, expected \w+/)
})

test('inputs of the world are observed and recorded; without an origin nothing is asked', async () => {
  const env = fresh()
  const clock = await autocodec(['run', 'word-count', '--file', `file=${small}`, '--input', 'now=/clock/now'], '', env)
  assert.is(clock.exit, 0, clock.err)
  const [, task] = /task {5}(\w+)/.exec(clock.err) ?? []
  assert.match((await autocodec(['receipt', 'show', task], '', env)).out, /^input {8}now, \/clock\/now: \d{13}$/m)
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const page = ['run', 'word-count', '--file', `file=${small}`, '--input', `page=/http/get:{"url":"${origin}/page"}`]
  const refused = await autocodec(page, '', env)
  assert.is(refused.exit, 7)
  assert.match(refused.err, /error {4}NOT_PROVIDED: input page: this executor does not do \/http\/get/)
  const elsewhere = await autocodec([...page, '--origin', 'https://example.org'], '', env)
  assert.match(elsewhere.err, /error {4}ORIGIN: /)
  const asked = await autocodec([...page, '--origin', origin, '--receipt', join(folder, 'asked')], '', env)
  server.close()
  assert.is(asked.exit, 0, asked.err)
  const shown = await autocodec(['receipt', 'show', join(folder, 'asked')])
  assert.match(shown.out, /^input {8}page, \/http\/get: \{"body":\{"\/":"bafk\w+"\},"digest":.*"status":200/m)
  // what was observed then, and not what would be now
  assert.is((await autocodec(['receipt', 'rerun', join(folder, 'asked')], '', env)).exit, 0)
})

test('a state that is open elsewhere, and one whose packages are not there', async () => {
  const env = fresh()
  const engine = await diskEngine(env.AUTOCODEC_STATE)
  const locked = await autocodec(['run', 'word-count', '--file', `file=${small}`], '', env)
  await engine.close()
  assert.is(locked.exit, 1)
  assert.is(locked.out, '')
  assert.match(locked.err, /^autocodec: .* is open already, .*; wait until that has ended, or give another --state DIR\n$/)

  const [hook, register] = [join(folder, 'hook.mjs'), join(folder, 'register.mjs')]
  const thrown = `Object.assign(new Error("Cannot find package 'classic-level'"), { code: 'ERR_MODULE_NOT_FOUND' })`
  writeFileSync(hook, `export async function resolve(name, context, next) { if (name === 'classic-level') throw ${thrown}; return next(name, context) }`)
  writeFileSync(register, `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hook).href)})`)
  const without = { ...env, NODE_OPTIONS: `--import ${pathToFileURL(register).href}` }
  const absent = await autocodec(['run', 'word-count', '--file', `file=${small}`], '', without)
  assert.is(absent.exit, 1)
  assert.match(absent.err, /the package classic-level is not installed; .*npm install classic-level; --state memory keeps nothing and needs nothing\n$/)
  const memory = await autocodec(['run', 'word-count', '--file', `file=${small}`, '--state', 'memory', '--quiet'], '', without)
  assert.is(memory.out, '{"bytes":8,"lines":1,"words":2}\n', memory.err)
})

test('a signal ends the command in good order: the state is free for the next', async () => {
  const env = fresh()
  const child = spawn(process.execPath, [...COMMAND, 'run', 'word-count', '--file', 'file=-'], {
    cwd: root,
    env: { ...process.env, AUTOCODEC_STORE: '', AUTOCODEC_KEYS: join(folder, 'signal-keys'), ...env },
    stdio: ['pipe', 'pipe', 'pipe']
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    err += part
  })
  child.stdin.write('one')
  for (let waited = 0; !existsSync(join(env.AUTOCODEC_STATE, 'unfinished')) && waited < 30_000; waited += 50) await new Promise((done) => setTimeout(done, 50))
  child.kill('SIGTERM')
  const code = await new Promise((resolve) => child.on('close', resolve))
  assert.is(code, 143)
  assert.is(err, 'autocodec: stopped by SIGTERM; nothing has been left half done\n')
  assert.is((await autocodec(['receipt', 'ls'], '', env)).exit, 0)
})

test('what is enqueued is done by work, once', async () => {
  const env = fresh()
  const queued = await autocodec(['run', 'word-count', '--file', `file=${small}`, '--enqueue'], '', env)
  assert.is(queued.err, '')
  const task = queued.out.trim()
  assert.is((await autocodec(['receipt', 'show', task], '', env)).exit, 5)
  const done = await autocodec(['work'], '', env)
  assert.match(done.out, new RegExp(`^${task}\t\\w+\tok\n$`))
  assert.is((await autocodec(['work'], '', env)).out, '')
  const [, receipt] = done.out.split('\t')
  assert.match((await autocodec(['receipt', 'ls'], '', env)).out, new RegExp(`^${task}\t${receipt}\tok\t\\d{4}-.*Z\t/wasm/run count\n$`))
  // by the receipt's own CID, as the block that it is the CID of
  const { stdout } = await autocodec(['receipt', 'get', receipt], '', env)
  assert.is(String(readReceipt(stdout).cid), receipt)
})

mkdirSync(join(folder, 'directory'))
writeFileSync(join(folder, 'broken.json'), '{"file":')
writeFileSync(join(folder, 'empty.json'), '')
writeFileSync(join(folder, 'none.wasm'), 'no module')
const wc = ['run', 'word-count']
rows([
  { name: 'nothing to run', args: ['run'], exit: 2, err: /expected a function, or --invocation FILE/ },
  { name: 'two things to run', args: [...wc, '--invocation', 'x'], exit: 2, err: /one of them/ },
  { name: 'no such function module', args: ['run', 'word-cuont'], exit: 5, err: /no function module word-cuont: .* shipped, which are .*word-count/ },
  {
    name: 'a module that nobody has',
    args: ['run', 'bafkreiaimlwicqnfrcw45jf5wi7vlxxpgoftyprvuvoyndwwmbtjdctdqe'],
    exit: 5,
    err: /is not there; nothing says where blocks are/
  },
  { name: 'a file that is no module', args: ['run', join(folder, 'none.wasm')], exit: 6, err: /none\.wasm: not a Wasm module/ },
  { name: 'a file that is not there', args: ['run', './absent.wasm'], exit: 5, err: /no such file: \.\/absent\.wasm/ },
  { name: 'no such function', args: [...wc, '--fun', 'words'], exit: 2, err: /--fun: word-count has no function "words"; it has count/ },
  { name: 'arguments that are no JSON', args: [...wc, '--args', '{"file":}'], exit: 2, err: /--args: not DAG-JSON: .* at byte 8/ },
  {
    name: 'a file of arguments that is no JSON',
    args: [...wc, '--args', `@${join(folder, 'broken.json')}`],
    exit: 3,
    err: /--args, .*broken\.json: not DAG-JSON: .*byte 8/
  },
  { name: 'an empty file of arguments', args: [...wc, '--args', join(folder, 'empty.json')], exit: 3, err: /empty\.json: not DAG-JSON: it is empty/ },
  { name: 'arguments that are neither', args: [...wc, '--args', 'words'], exit: 2, err: /--args: got words, which is neither DAG-JSON nor a file/ },
  { name: 'arguments in a file that is not there', args: [...wc, '--args', '@absent'], exit: 5, err: /no such file: absent/ },
  { name: 'a parameter that is no map', args: [...wc, '--args', '[1]', '--file', `file=${small}`], exit: 2, err: /--args is no map/ },
  { name: 'a parameter twice', args: [...wc, '--args', '{"file":1}', '--file', `file=${small}`], exit: 2, err: /the parameter file is given twice/ },
  { name: 'a file without a name', args: [...wc, '--file', small], exit: 2, err: /--file: got .*, expected NAME=PATH/ },
  { name: 'a file of a parameter that is not there', args: [...wc, '--file', 'file=absent'], exit: 5, err: /no such file: absent/ },
  { name: 'a directory as a file', args: [...wc, '--file', `file=${join(folder, 'directory')}`], exit: 2, err: /is a directory/ },
  { name: 'an input without a command', args: [...wc, '--input', 'now=clock'], exit: 2, err: /--input now: got clock, expected a command/ },
  { name: 'an input whose arguments are no map', args: [...wc, '--input', 'now=/clock/now:[]'], exit: 2, err: /--input now: its arguments are no map/ },
  { name: 'a nonce that is none', args: [...wc, '--nonce', 'xyz'], exit: 2, err: /--nonce: got xyz, expected 1 to 64 bytes/ },
  { name: 'fuel that is none', args: [...wc, '--fuel', '0'], exit: 2, err: /--fuel/ },
  { name: 'a time that is none', args: [...wc, '--time', 'soon'], exit: 2, err: /--time.*Expected seconds/ },
  { name: 'a checkpoint that is no CID', args: [...wc, '--checkpoint', 'x'], exit: 2, err: /--checkpoint: x is not a CID/ },
  { name: 'a queue that would be forgotten', args: [...wc, '--enqueue', '--state', 'memory'], exit: 2, err: /--state memory keeps nothing/ },
  { name: 'effects without anybody to have them', args: [...wc, '--allow', '/http/post'], exit: 2, err: /no --origin says whom/ },
  { name: 'effects that this command does not do', args: [...wc, '--allow', '/mail/send'], exit: 2, err: /this command does no \/mail\/send/ },
  { name: 'an origin that is none', args: [...wc, '--origin', 'example.org'], exit: 2, err: /--origin: got example\.org/ },
  { name: 'a key that is not there', args: [...wc, '--key', 'nobody', '--file', `file=${small}`], exit: 5, err: /no key nobody/ },
  { name: 'an invocation that is none', args: ['run', '--invocation', small], exit: 3, err: /small\.txt: byte 0 of the container/ },
  {
    name: 'no such task',
    args: ['receipt', 'show', 'bafkreiaimlwicqnfrcw45jf5wi7vlxxpgoftyprvuvoyndwwmbtjdctdqe'],
    exit: 5,
    err: /there is no receipt bafk.*"autocodec receipt ls"/
  },
  { name: 'functions that are shipped', args: ['function', 'ls'], out: new RegExp(`^word-count\tcount\t\\d+\t${wordCount}$`, 'm') },
  { name: 'what a function takes', args: ['function', 'info', 'word-count'], out: /^function {5}count\n[\s\S]*^ {2}param {6}file: link to a file/m },
  { name: 'a codec is no function', args: ['function', 'info', 'dag-cbor'], exit: 5, err: /no function module dag-cbor/ },
  { name: 'a module as it is', args: ['function', 'get', String(wordCount)], bytes: readFileSync(wasm) }
])

test.run()
