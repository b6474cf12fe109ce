/**
 * Tasks, as text that can be compared: for each the fuel, the memory, and a digest of its result, its new blocks and its effects; and the CID of the receipt that an executor signs of it with
 * a fixed key at a fixed time. Each run is suspended after some of its calls too. It imports nothing of Node's.
 */
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { sha256 as sha2 } from 'multiformats/hashes/sha2'
import { memoryEngine } from '../../src/engine/index.js'
import type { Host } from '../../src/index.js'
import { createExecutor } from '../../src/scheduler/index.js'
import { loadFunction, type Outcome, type RunOptions, resumeFunction, runFunction } from '../../src/task/index.js'
import { signerFrom } from '../../src/ucan/index.js'
import * as p from '../task/puppet.js'
import { sha256 } from './digest.js'
import { text } from './text.js'

/** Names of what is written: so many that a host which fails everywhere alike is not taken for one that agrees. */
export const TASK_LINE = /^task \S+ \d+ \d+ [0-9a-f]{24}$/

const noise = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 24)
const letters = (n: number): Uint8Array => noise(n).map((byte) => (byte % 7 === 0 ? 10 : byte % 5 === 0 ? 32 : 97 + (byte % 26)))

interface Row {
  readonly name: string
  readonly mod: string | Uint8Array
  readonly fun: string
  readonly params: unknown
  readonly limits?: RunOptions['limits']
}

export async function tasks(createHost: () => Promise<Host>): Promise<string[]> {
  const host = await createHost()
  const blocks = new Map<string, Uint8Array>()
  const block = async (bytes: Uint8Array, code = 0x55): Promise<CID> => {
    const cid = CID.createV1(code, await sha2.digest(bytes))
    blocks.set(cid.toString(), bytes)
    return cid
  }
  const words = await block(letters(300_000))
  const table = await block(new TextEncoder().encode('name,n,x\n'.concat(...Array.from({ length: 500 }, (_, i) => `"row, ${i}",${i},${i / 7}\n`))))
  const floats = await block(
    dagCbor.encode({ floats: [0.1, 5e-324, 1.7976931348623157e308, -0.5], ints: [2n ** 64n - 1n, -(2n ** 63n)], links: [words] }),
    dagCbor.code
  )
  const play = (name: string, steps: readonly p.Step[], limits?: RunOptions['limits'], fun = 'play'): Row => ({
    name,
    mod: p.puppet,
    fun,
    params: p.play(steps, words, floats),
    limits
  })
  const rows: Row[] = [
    play('node', [p.ask(2, floats, []), p.wrap(4, dagCbor.code), p.ask(2, floats, ['floats']), p.pass()]),
    play('stream', [p.ask(5, 0, words, 'file', 100, 200_000), p.ask(6, 0), p.log, p.ifNone(5), p.jump(1), p.doneWithLog]),
    play('dag', [p.ask(5, 0, floats, 'dag', 0, null), p.ask(6, 0), p.ask(6, 0), p.ask(6, 0), p.ask(7, '/a', { n: 1 }), p.done(['end', 1.5])]),
    play('emit', [p.store(p.cell(0), 1025), p.emit({ n: 1.25 }), p.repeat(0, 1), p.done()], undefined, 'emit'),
    play('grow', [p.grow(7), p.fill(0x18_0000, 300_000, 7), p.ask(3, 0x55, noise(1000)), p.pass()]),
    play('fuel', [p.ask(8), p.spin], { fuel: 5_000_000 }),
    play('stack', [p.recurse]),
    play('trap', [p.ask(1, words), p.trap]),
    play('error', p.fails(300, 17)),
    play('lie', [p.raw(0, [p.list(3, 2), p.nil])]),
    play('unshown', [p.ask(1, table)]),
    play('output', [p.ask(3, 0x55, noise(1000)), p.jump(0)], { output: 100_000 }),
    { name: 'word-count', mod: 'word-count', fun: 'count', params: { file: words } },
    { name: 'csv', mod: 'csv', fun: 'convert', params: { file: table, header: true } },
    { name: 'fastcdc', mod: 'fastcdc', fun: 'chunk', params: { file: words } },
    { name: 'json-path', mod: 'json-path', fun: 'query', params: { root: floats, path: '$.floats[?@ > 0.05]' } }
  ]
  const get = (cid: CID): Uint8Array | undefined => blocks.get(cid.toString())
  const lines: string[] = []
  for (const { name, mod, fun, params, limits } of rows) {
    const module = await loadFunction(host, mod)
    const options: RunOptions = { fun, params, limits, get }
    const whole = (await runFunction(module, options)) as Outcome
    lines.push(`task ${name} ${whole.fuel} ${whole.memory} ${await digestOf(whole)}`)
    for (const after of [1, 2, 3]) {
      let calls = after
      const suspend = {
        get aborted() {
          return calls-- <= 0
        }
      } as AbortSignal
      const suspended = await runFunction(module, { ...options, suspend })
      if (!('checkpoint' in suspended)) break
      const parts = new Map(suspended.blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
      const outcome = (await resumeFunction(module, suspended.checkpoint, { ...options, get: (cid) => parts.get(cid.toString()) ?? get(cid) })) as Outcome
      lines.push(`task ${name}/after-${after} ${outcome.fuel} ${outcome.memory} ${await digestOf(outcome)}`)
      lines.push(`task ${name}/state-${after} ${suspended.fuel} 0 ${await sha256(String(suspended.checkpoint))}`)
    }
    const engine = memoryEngine()
    const signer = await signerFrom(new Uint8Array(32).fill(7))
    const executor = await createExecutor({ host, engine, signer, now: () => 1_800_000_000, get: (cid) => (cid.equals(p.puppetCid) ? p.puppet : get(cid)) })
    const { receipt } = await executor.run({ mod: typeof mod === 'string' ? mod : p.puppetCid, fun, params, limits })
    lines.push(`task ${name}/receipt ${whole.fuel} ${whole.memory} ${await sha256(String(receipt.cid))}`)
  }
  return lines
}

function digestOf({ result, final, effects, blocks }: Outcome): Promise<string> {
  return sha256(text({ result: { ...result }, final, effects: effects.map((effect) => ({ ...effect })), blocks: blocks.map(({ cid }) => String(cid)).sort() }))
}
