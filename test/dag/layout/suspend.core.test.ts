/** Operations of a shipped layout, which is compiled code with a heap of its own, moved to another guest after every call: the same answers, and the same fuel. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, ASKS, DONE, type Runner } from '../../../src/codec/runner.js'
import { loadLayout } from '../../../src/dag/layout/index.js'
import { createHost } from '../../../src/index.js'
import { Builder, checkTape } from '../../../src/ipld/index.js'

const host = await createHost()
const pb = await host.codec('dag-pb')
const layout = await loadLayout(host, 'unixfs')
const blocks = new Map<string, Uint8Array>()

async function put(block: Uint8Array, code: number): Promise<CID> {
  const cid = CID.createV1(code, await sha256.digest(block))
  blocks.set(String(cid), block)
  return cid
}

/** A file of nodes three deep, with leaves of dag-pb, so that the guest asks for all of them. */
async function fileOf(fan: number, depth: number): Promise<{ cid: CID; size: number }> {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])
  if (depth === 0) return { cid: await put(pb.encode({ Data: Uint8Array.of(8, 2, 18, 5, 1, 2, 3, 4, 5, 24, 5), Links: [] }), 0x70), size: 5 }
  const children: { cid: CID; size: number }[] = []
  for (let i = 0; i < fan; i++) children.push(await fileOf(fan, depth - 1))
  const size = children.reduce((sum, child) => sum + child.size, 0)
  const Data = Uint8Array.from([8, 2, 24, ...varint(size), ...children.flatMap((child) => [32, ...varint(child.size)])])
  return { cid: await put(pb.encode({ Data, Links: children.map(({ cid }) => ({ Hash: cid, Name: '', Tsize: 100 })) }), 0x70), size }
}

const file = await fileOf(4, 3)
const entries = await Promise.all(
  Array.from({ length: 300 }, async (_, i) => ({ Hash: (await fileOf(2, 1)).cid, Name: `file ${String(i).padStart(3, '0')}`, Tsize: 50 }))
)
const directory = await put(pb.encode({ Data: Uint8Array.of(8, 1), Links: entries }), 0x70)

const OPERATIONS: Readonly<Record<string, readonly unknown[]>> = {
  open: [1, file.cid, null],
  entries: [2, directory, null],
  get: [3, directory, null, 'file 250'],
  read: [4, file.cid, null, 7, file.size - 9]
}

/** All that an operation says, and its fuel after each call. `between` may give it to another runner. */
function run(runner: Runner, args: readonly unknown[], between: (runner: Runner) => Runner): { said: unknown[]; calls: number } {
  const said: unknown[] = []
  let answer: Answer = runner.start(args)
  let calls = 1
  for (;;) {
    const tape = runner.tape()
    const value = tape && new Builder().build(checkTape(tape))
    said.push(JSON.stringify([answer, runner.fuel, runner.peakPages, value], (_, item) => (item instanceof Uint8Array ? [...item] : item)))
    if (answer === DONE) return { said, calls }
    runner = between(runner)
    if (answer === ASKS) {
      const [link] = value as unknown[]
      // as a bare hash, or as a link
      const cid = CID.asCID(link) ?? CID.decode(link as Uint8Array)
      answer = runner.resume(blocks.get(String(cid)))
    } else answer = runner.resume()
    calls++
  }
}

for (const [name, args] of Object.entries(OPERATIONS)) {
  test(name, () => {
    const expected = run(layout.take(), args, (runner) => runner)
    assert.ok(expected.calls > 1)
    const fresh = run(layout.take(), args, (runner) => {
      const other = layout.take()
      other.restore(structuredClone(runner.save()), runner.input)
      return other
    })
    assert.equal(fresh, expected)
    // two that take turns, each with what it did last in its memory
    const pair = [layout.take(), layout.take()]
    run(pair[1], OPERATIONS.read, (runner) => runner)
    const turns = run(pair[0], args, (runner) => {
      const other = pair[pair[0] === runner ? 1 : 0]
      other.restore(structuredClone(runner.save()), runner.input)
      return other
    })
    assert.equal(turns, expected)
  })
}

test.run()
