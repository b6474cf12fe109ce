/**
 * A process that writes to an engine until it is killed, and says what has been acknowledged: a line each, written at once.
 *
 *     node writer.mjs DIR FIRST      from that number on; `open` comes first
 *
 * Lines: `r N REVISION` record N, `s N REVISION` the same with sync, `d N` record N deleted again, `b N` block N, `c N REVISION` the counter is N. What N has in it is `bytesOf(N, lengthOf(N))`.
 */
import { writeSync } from 'node:fs'
import { bytesOf, cidOf } from '../../dist/src/engine/conformance/trial.js'
import { diskEngine } from '../../dist/src/engine/disk.js'

/** Some fill a block of LevelDB's log, some many. */
export const lengthOf = (number) => (number % 17 === 0 ? 100_000 : number % 5 === 0 ? 5000 : number % 300)
export const COUNTER = cidOf(0xffff_ffff)

const say = (line) => writeSync(1, `${line}\n`)

async function write(path, first) {
  const engine = await diskEngine(path)
  say('open')
  let next = first
  const lane = async (work) => {
    for (;;) await work(next++)
  }
  const record = (sync) => async (n) => {
    const revision = await engine.receipts.put(cidOf(n), bytesOf(n, lengthOf(n)), { revision: null, sync })
    say(`${sync ? 's' : 'r'} ${n} ${revision}`)
    if (n % 10 !== 0) return
    if (await engine.receipts.delete(cidOf(n), { revision, sync })) say(`d ${n}`)
  }
  const block = (sync) => async (n) => {
    await engine.blocks.put(cidOf(n), bytesOf(n, 5 * lengthOf(n)), { sync })
    say(`b ${n}`)
  }
  const count = async () => {
    const found = await engine.tasks.get(COUNTER)
    const number = found === undefined ? 1 : new DataView(found.value.buffer, found.value.byteOffset).getUint32(0) + 1
    const value = new Uint8Array(8)
    new DataView(value.buffer).setUint32(0, number)
    const revision = await engine.tasks.put(COUNTER, value, { revision: found?.revision ?? null, sync: number % 2 === 0 })
    say(`c ${number} ${revision}`)
  }
  await Promise.all([record(false), record(true), record(true), block(false), block(true), count].map(lane))
}

const [, , path, first] = process.argv
if (path !== undefined && process.argv[1].endsWith('writer.mjs')) await write(path, Number(first))
