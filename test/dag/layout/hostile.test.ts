/** Layouts that lie: each gets its typed error, every time the same, and the host goes on. */
import { readdirSync, readFileSync } from 'node:fs'
import { varint } from 'multiformats'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import wabt from 'wabt'
import { sealManifest } from '../../../src/codec/index.js'
import { type Layout, LayoutError, loadLayout, openLayout } from '../../../src/dag/layout/index.js'
import { createHost, HostError, SandboxError } from '../../../src/index.js'
import { withSection } from '../../codec/lies.js'
import { names, noise, read, Store } from './tree.js'

const FOLDER = new URL('../../../fixtures/hostile-layouts/', import.meta.url)
const MANIFEST = { abi: 1, kind: 'layout', name: 'hostile', window: 64 }
/** No operation may take longer, in milliseconds. Generous, since machines differ. */
const LONGEST = 10_000
const LIMITS = { fuel: 1_000_000, grants: 1_000 }

const { parseWat } = await wabt()
const host = await createHost()
const cidOf = async (bytes: Uint8Array) => CID.createV1(0x55, await sha256.digest(bytes))

// the root that the prelude describes, the block that it links to, and one that nobody has shown
const child = noise(10)
const secret = new TextEncoder().encode('a block that is nobody else’s')
const root = new Uint8Array(100).map((_, i) => 97 + (i % 26))
root.set((await cidOf(child)).bytes, 0)
const blocks = new Map<string, Uint8Array>()
for (const block of [child, secret, root]) blocks.set(String(await cidOf(block)), block)
const rootCid = await cidOf(root)
const secretText = [...(await cidOf(secret)).bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
const prelude = readFileSync(new URL('prelude.watf', FOLDER), 'utf8').replace('SECRET', secretText)

type Stage = 'load' | 'open' | 'entries' | 'get' | 'read'

interface Lie {
  readonly name: string
  readonly module: Uint8Array
  /** code of the error, or `value` and the size that `open` must give */
  readonly code: string
  readonly value?: number
  readonly stages: readonly Stage[]
}

function lieOf(file: string): Lie {
  const text = readFileSync(new URL(file, FOLDER), 'utf8')
  const [, code, rest] = /^;; expect: (\w+) (.+)\n/.exec(text) ?? []
  if (code === undefined) throw new Error(`${file}: no line ";; expect: CODE stages"`)
  const words = rest.split(' ')
  const value = code === 'value' ? Number(words.shift()) : undefined
  const manifest = /^;; manifest: (.+)$/m.exec(text)?.[1]
  const parsed = parseWat(file, /^\s*\(module/m.test(text) ? text : `(module\n${prelude}\n${text})`)
  const bare = parsed.toBinary({}).buffer
  parsed.destroy()
  const module = manifest === undefined ? sealManifest(bare, MANIFEST) : withSection(bare, new TextEncoder().encode(manifest))
  return { name: file.slice(0, -'.wat'.length), module, code, value, stages: words as Stage[] }
}

const LIES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.wat'))
  .sort()
  .map(lieOf)

let asked: string[] = []

async function run(layout: Layout, stage: Stage): Promise<unknown> {
  asked = []
  const get = (cid: CID) => {
    asked.push(String(cid))
    return blocks.get(String(cid))
  }
  const node = await openLayout(host, { layout, root: rootCid, get })
  if (stage === 'open') return node.size
  if (stage === 'entries') {
    // endless ones end by themselves, and what they give is not kept
    let count = 0
    for await (const _ of node.entries()) count++
    return count
  }
  return stage === 'get' ? node.get('name') : read(node)
}

async function outcome(lie: Lie, stage: Stage, layout: Layout | undefined): Promise<{ error?: Error & { code?: string }; value?: unknown }> {
  try {
    return { value: layout === undefined ? await loadLayout(host, lie.module, { limits: LIMITS }) : await run(layout, stage) }
  } catch (error) {
    return { error: error as Error }
  }
}

/** That a tree can still be read. */
const store = new Store()
const honest = await store.add([{ path: 'd/file', content: noise(1_000) }])
async function honestWorks(): Promise<void> {
  const top = await openLayout(host, { root: honest, get: store.get })
  assert.equal(await names(top), ['file'])
  assert.equal(await read(await top.path('file')), noise(1_000))
}

for (const lie of LIES) {
  test(lie.name, async () => {
    const layout = lie.stages.includes('load') ? undefined : await loadLayout(host, lie.module, { limits: LIMITS })
    for (const stage of lie.stages) {
      const started = performance.now()
      const first = await outcome(lie, stage, layout)
      assert.ok(performance.now() - started < LONGEST, `${stage}: took ${performance.now() - started} ms`)
      if (lie.value === undefined) {
        assert.ok(first.error !== undefined, `${stage}: no error, got ${String(first.value).slice(0, 80)}`)
        assert.ok(
          [LayoutError, HostError, SandboxError].some((type) => first.error instanceof type),
          `${stage}: ${first.error.stack}`
        )
        assert.is(first.error.code, lie.code, `${stage}: ${first.error.stack}`)
      } else {
        assert.is(first.value, lie.value, first.error?.stack)
      }
      assert.not.ok(asked.includes(String(await cidOf(secret))), 'asked for what it has not been shown')
      await honestWorks()
      const second = await outcome(lie, stage, layout)
      assert.is(second.error?.message, first.error?.message, stage)
      if (lie.value !== undefined) assert.is(second.value, first.value, stage)
    }
  })
}

test('the corpus is all that was promised', () => {
  assert.ok(LIES.length >= 50, `${LIES.length} files`)
  for (const { name, stages } of LIES) assert.ok(stages.length > 0, name)
})

test('a layout is no codec, and a codec no layout', async () => {
  const { module } = LIES.find(({ name }) => name === 'state-global') as Lie
  for (const [run, message] of [
    [() => host.add(module), /kind: got "layout", expected "codec"/],
    [async () => loadLayout(host, await host.module('dag-cbor')), /kind: got "codec", expected "layout"/]
  ] as const) {
    try {
      await run()
    } catch (error) {
      assert.is((error as HostError).code, 'MANIFEST')
      assert.match((error as HostError).message, message)
      continue
    }
    assert.unreachable('no error')
  }
})

test('trees whose depth doubles their size are read for as long as the consumer wants', async () => {
  const bombs = new Store()
  let size = 100
  let cid = await bombs.put(noise(100))
  for (let i = 0; i < 40; i++) {
    // type file, two block sizes; by hand, since ipfs-unixfs 13 writes zeros for sizes from 2^31 to 2^32
    const bytes = varint.encodeTo(size, new Uint8Array(varint.encodingLength(size)))
    cid = await bombs.node(Uint8Array.of(8, 2, 32, ...bytes, 32, ...bytes), [{ cid }, { cid }])
    size *= 2
  }
  const file = await openLayout(host, { root: cid, get: bombs.get, limits: { blocks: 10_000 } })
  assert.is(file.size, size)
  const end = await read(file, { offset: size - 150, length: 150 })
  assert.equal(end, new Uint8Array([...noise(100).slice(50), ...noise(100)]))
  try {
    for await (const _ of file.bytes());
    assert.unreachable()
  } catch (error) {
    assert.is((error as LayoutError).code, 'LIMIT')
  }
})

test.run()
