/** Disks that are not as they were left, and places that are something else. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FsBlockstore } from 'blockstore-fs'
import { ClassicLevel } from 'classic-level'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { node } from '../../scripts/run.js'
import { bytesOf, cidOf } from '../../src/engine/conformance/trial.js'
import { byTable, crc32 } from '../../src/engine/disk/frame.js'
import { diskEngine } from '../../src/engine/disk.js'
import { type Engine, EngineError, type EngineErrorCode } from '../../src/engine/index.js'

type Context = { path: string }
type Edit = (value: Uint8Array) => Uint8Array

const test = suite<Context>('damage')

test.before.each(async (context) => {
  context.path = await mkdtemp(join(tmpdir(), 'autocodec-damage-'))
})

test.after.each(({ path }) => rm(path, { recursive: true }))

async function within<T>(path: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await diskEngine(path)
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

async function fails(work: Promise<unknown>, code: EngineErrorCode, message?: RegExp): Promise<EngineError> {
  const error = await work.then(
    () => undefined,
    (error) => error
  )
  assert.instance(error, EngineError, `got ${error}, expected an EngineError ${code}`)
  assert.is(error.code, code, `${error}`)
  if (message !== undefined) assert.match(error.message, message)
  return error
}

/** Behind the engine's back. */
async function edit(path: string, work: (db: ClassicLevel<Uint8Array, Uint8Array>) => Promise<void>): Promise<void> {
  const db = new ClassicLevel<Uint8Array, Uint8Array>(join(path, 'records'), { keyEncoding: 'view', valueEncoding: 'view' })
  await db.open()
  await work(db)
  await db.close()
}

const receipt = (number: number): Uint8Array => Buffer.concat([Buffer.from('r'), cidOf(number).bytes])

const EDITS: readonly [name: string, edit: Edit, message: RegExp][] = [
  ['cut to nothing', () => new Uint8Array(0), /0 bytes, expected at least 16/],
  ['cut inside its header', (value) => value.slice(0, 15), /15 bytes, expected at least 16/],
  ['cut by a byte', (value) => value.slice(0, -1), /a value of 99 bytes, expected 100/],
  ['with a byte more', (value) => Buffer.concat([value, Uint8Array.of(0)]), /a value of 101 bytes, expected 100/],
  ['zeroes', (value) => value.slice().fill(0), /a value of 100 bytes, expected 0/],
  ...[0, 4, 5, 11, 16, 60, 115].map((at): [string, Edit, RegExp] => [
    `with a bit flipped in byte ${at}`,
    (value) => value.map((byte, i) => (i === at ? byte ^ 4 : byte)),
    /checksum 0x[0-9a-f]{8}, expected 0x[0-9a-f]{8}/
  ])
]

for (const [name, change, message] of EDITS) {
  test(`a value ${name} is refused, listed around, and replaced`, async ({ path }) => {
    await within(path, async ({ receipts }) => {
      for (let i = 0; i < 10; i++) await receipts.put(cidOf(i), bytesOf(i))
    })
    await edit(path, async (db) => db.put(receipt(4), change((await db.get(receipt(4))) as Uint8Array)))
    await within(path, async ({ receipts }) => {
      const error = await fails(receipts.get(cidOf(4)), 'ENGINE_DAMAGED', message)
      assert.ok(error.key?.equals(cidOf(4)))
      assert.match(error.message, `${cidOf(4)}`)
      await fails(receipts.put(cidOf(4), bytesOf(1), { revision: 1 }), 'ENGINE_DAMAGED')
      await fails(receipts.put(cidOf(4), bytesOf(1), { revision: null }), 'ENGINE_DAMAGED')
      await fails(receipts.delete(cidOf(4), { revision: 1 }), 'ENGINE_DAMAGED')

      const seen: string[] = []
      let after: typeof error.key
      for (let done = false; !done; ) {
        try {
          for await (const [key] of receipts.entries({ after })) seen.push(`${key}`)
          done = true
        } catch (error) {
          assert.is((error as EngineError).code, 'ENGINE_DAMAGED')
          after = (error as EngineError).key
        }
      }
      assert.equal(new Set(seen).size, 9)

      assert.ok(await receipts.put(cidOf(4), bytesOf(9)))
      assert.equal((await receipts.get(cidOf(4)))?.value, bytesOf(9))
    })
    await edit(path, async (db) => db.put(receipt(5), change((await db.get(receipt(5))) as Uint8Array)))
    await within(path, async ({ receipts }) => {
      assert.is(await receipts.delete(cidOf(5)), true)
      assert.is(await receipts.get(cidOf(5)), undefined)
    })
  })
}

test('a whole value under another key is damage', async ({ path }) => {
  await within(path, async ({ receipts }) => {
    await receipts.put(cidOf(1), bytesOf(1))
    await receipts.put(cidOf(2), bytesOf(2))
  })
  await edit(path, async (db) => db.put(receipt(2), (await db.get(receipt(1))) as Uint8Array))
  await within(path, ({ receipts }) => fails(receipts.get(cidOf(2)), 'ENGINE_DAMAGED', /checksum/))
})

test('a damaged lease is nobody’s when the place is opened again', async ({ path }) => {
  await within(path, ({ leases }) => leases.acquire('task', 'a', 1_000_000))
  const key = Buffer.from('ltask')
  await edit(path, async (db) => db.put(key, ((await db.get(key)) as Uint8Array).slice(1)))
  assert.ok(await within(path, ({ leases }) => leases.acquire('task', 'b', 1000)))
})

/** What comes of a bit flipped in one of LevelDB's files, by outcome: never another value than what was put. `gone` is a record that is not there and nobody says so. */
async function flips(path: string, ending: string): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {}
  const [name] = (await readdir(join(path, 'records'))).filter((file) => file.endsWith(ending)).sort()
  const bytes = await readFile(join(path, 'records', name))
  for (let i = 0; i < 24; i++) {
    const copy = `${path}-${i}`
    try {
      await cp(path, copy, { recursive: true })
      const bad = Buffer.from(bytes)
      bad[Math.floor(((i + 0.5) * bytes.length) / 24)] ^= 1 << (i % 8)
      await writeFile(join(copy, 'records', name), bad)
      let outcome = 'whole'
      try {
        await within(copy, async ({ receipts }) => {
          for (let n = 0; n < 200; n++) {
            const found = await receipts.get(cidOf(n))
            if (found === undefined) outcome = 'gone'
            else assert.equal(found.value, bytesOf(n, 500))
          }
        })
      } catch (error) {
        assert.instance(error, EngineError, `${error}`)
        outcome = (error as EngineError).code
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    } finally {
      await rm(copy, { recursive: true, force: true })
      await rm(`${copy}/records.damaged`, { force: true })
    }
  }
  return outcomes
}

const fill = (path: string) =>
  within(path, async ({ receipts }) => void (await Promise.all(Array.from({ length: 200 }, (_, n) => receipts.put(cidOf(n), bytesOf(n, 500))))))

test('bits flipped in LevelDB’s log', async ({ path }) => {
  await fill(path)
  const outcomes = await flips(path, '.log')
  assert.ok(outcomes.ENGINE_DAMAGED > 20, JSON.stringify(outcomes))
  assert.is(outcomes.gone, undefined)
})

test('bits flipped in LevelDB’s tables', async ({ path }) => {
  await fill(path)
  await edit(path, (db) => db.compactRange(Uint8Array.of(0), Uint8Array.of(255)))
  const outcomes = await flips(path, '.ldb')
  // where the bit is one of a key LevelDB finds nothing: it compares a table's own checksums only when asked, and classic-level has no way to ask
  assert.ok(outcomes.ENGINE_DAMAGED > 12, JSON.stringify(outcomes))
})

test('bits flipped in LevelDB’s manifest', async ({ path }) => {
  await fill(path)
  const outcomes = await flips(path, (await readdir(join(path, 'records'))).find((name) => name.startsWith('MANIFEST')) as string)
  assert.is(outcomes.ENGINE_DAMAGED, 24, JSON.stringify(outcomes))
})

test('a loss is told until somebody has taken note', async ({ path }) => {
  await fill(path)
  const [name] = (await readdir(join(path, 'records'))).filter((file) => file.endsWith('.log'))
  const log = await readFile(join(path, 'records', name))
  log[50_000] ^= 1
  await writeFile(join(path, 'records', name), log)
  const message =
    /records: LevelDB has left out what was damaged in its log \(\d+\.log: dropping \d+ bytes; .*\); remove .*records\.damaged to go on with the rest/
  for (let i = 0; i < 3; i++) await fails(diskEngine(path), 'ENGINE_DAMAGED', message)
  await rm(join(path, 'records.damaged'))
  await within(path, async ({ receipts }) => {
    let there = 0
    for await (const _ of receipts.entries()) there++
    assert.ok(there > 0 && there < 200, `${there} are left`)
    assert.ok(await receipts.put(cidOf(1000), bytesOf(1)))
  })
})

test('a log that ends anywhere opens: what was not finished was not acknowledged', async ({ path }) => {
  await fill(path)
  const [name] = (await readdir(join(path, 'records'))).filter((file) => file.endsWith('.log'))
  const { length } = await readFile(join(path, 'records', name))
  for (const end of [length - 1, length - 300, length - 40_000, Math.floor(length / 2), 1000]) {
    await truncate(join(path, 'records', name), end)
    const copy = `${path}-cut`
    await cp(path, copy, { recursive: true })
    try {
      await within(copy, async ({ receipts }) => {
        let there = 0
        for await (const [key, { value }] of receipts.entries()) {
          assert.equal(value, bytesOf(new DataView(key.bytes.buffer, key.bytes.byteOffset).getUint32(key.bytes.length - 4), 500))
          there++
        }
        assert.ok(there < 200)
      })
    } finally {
      await rm(copy, { recursive: true })
    }
  }
})

test('places that are something else', async ({ path }) => {
  await edit(path, (db) => db.put(Buffer.from('a'), Buffer.from('b')))
  await fails(diskEngine(path), 'ENGINE_FORMAT', /is a LevelDB of something else, expected none or "autocodec engine 1"/)
  await writeFile(join(path, 'file'), '')
  await fails(diskEngine(join(path, 'file')), 'ENGINE_IO', /file cannot be made: .*EEXIST/)
  await mkdir(join(path, 'other', 'records', 'CURRENT'), { recursive: true })
  await fails(diskEngine(join(path, 'other')), 'ENGINE_IO', /records cannot be opened/)
  for (const none of ['', undefined, 1, new URL('file:///tmp')] as string[]) {
    const error = await diskEngine(none).catch((error) => error)
    assert.ok(error instanceof TypeError && error.message.startsWith('path: got '), `${error}`)
  }
})

test('a place that was opened for the first time, not to the end', async ({ path }) => {
  await within(path, async () => {})
  await edit(path, (db) => db.del(Buffer.from('mformat')))
  assert.ok(await within(path, ({ tasks }) => tasks.put(cidOf(0), bytesOf(0))))
})

test('a format that is not known', async ({ path }) => {
  await within(path, ({ receipts }) => receipts.put(cidOf(0), bytesOf(0)))
  await edit(path, async (db) => {
    const key = Buffer.from('mformat')
    const frame = Buffer.from((await db.get(key)) as Uint8Array)
    frame[frame.length - 1] = '2'.charCodeAt(0)
    frame.writeUInt32BE(crc32(frame.subarray(4), crc32(key, 0)))
    await db.put(key, frame)
  })
  await fails(diskEngine(path), 'ENGINE_FORMAT', /has the format "autocodec engine 2", expected "autocodec engine 1"/)
})

test('what is unfinished is cleared away, and folders in the place of a block are no block', async ({ path }) => {
  await within(path, ({ blocks }) => blocks.put(cidOf(0), bytesOf(0)))
  await writeFile(join(path, 'unfinished', 'x'), 'half')
  await within(path, async ({ blocks }) => {
    assert.equal(await readdir(join(path, 'unfinished')), [])
    const [folder] = await readdir(join(path, 'blocks'))
    const [file] = await readdir(join(path, 'blocks', folder))
    await rm(join(path, 'blocks', folder, file))
    await mkdir(join(path, 'blocks', folder, file))
    const error = await fails(blocks.get(cidOf(0)), 'ENGINE_IO', /EISDIR/)
    assert.ok(error.key?.equals(cidOf(0)))
    await fails(blocks.put(cidOf(0), bytesOf(0)), 'ENGINE_IO')
    assert.equal(await readdir(join(path, 'unfinished')), [])
  })
})

test('blockstore-fs reads the blocks, and its own are read', async ({ path }) => {
  const store = new FsBlockstore(join(path, 'blocks'))
  await within(path, async ({ blocks }) => {
    await blocks.put(cidOf(1), bytesOf(1, 5000), { sync: true })
    await store.open()
    await store.put(cidOf(2), bytesOf(2, 5000))
    assert.equal(await blocks.get(cidOf(2)), bytesOf(2, 5000))
    const chunks: Uint8Array[] = []
    for await (const chunk of store.get(cidOf(1))) chunks.push(chunk)
    assert.equal(new Uint8Array(Buffer.concat(chunks)), bytesOf(1, 5000))
  })
})

test('thousands of blocks at once take few files', async ({ path }) => {
  await within(path, async ({ blocks }) => {
    await Promise.all(Array.from({ length: 5000 }, (_, n) => blocks.put(cidOf(n), bytesOf(n, 10))))
    await Promise.all(Array.from({ length: 5000 }, async (_, n) => assert.equal(await blocks.get(cidOf(n)), bytesOf(n, 10))))
  })
})

test('revisions beyond what was set aside at once', async ({ path }) => {
  const most = await within(path, async ({ tasks }) => {
    const revisions = await Promise.all(Array.from({ length: 70_000 }, (_, n) => tasks.put(cidOf(n % 50), bytesOf(n, 1))))
    assert.is(new Set(revisions).size, 70_000)
    return Math.max(...revisions.map(Number))
  })
  const next = await within(path, ({ tasks }) => tasks.put(cidOf(0), bytesOf(0)))
  assert.ok(Number(next) > most)
})

for (const name of ['classic-level', 'blockstore-fs']) {
  for (const [what, thrown, message] of [
    ['is absent', `Object.assign(new Error('Cannot find package ${name}'), { code: 'ERR_MODULE_NOT_FOUND' })`, `the package ${name} is not installed`],
    ['cannot be loaded', `new Error('No native build was found')`, `the package ${name} cannot be loaded \\(No native build was found\\)`]
  ]) {
    test(`${name} ${what}`, async ({ path }) => {
      const hook = `export async function resolve(name, context, next) { if (name.startsWith('${name}')) throw ${thrown}; return next(name, context) }`
      const program = `import { register } from 'node:module'
        register('data:text/javascript,${encodeURIComponent(hook).replaceAll("'", '%27')}')
        const { diskEngine } = await import('autocodec/engine/disk')
        await diskEngine(${JSON.stringify(path)}).catch(({ name, code, message }) => console.log(name, code, message))`
      const { stdout, output } = await node(['--input-type=module', '--eval', program])
      assert.match(stdout, new RegExp(`^EngineError ENGINE_PEER ${message}; state on a disk needs it: npm install ${name}\n`), output)
    })
  }
}

test('the checksum for Nodes that have none is the same', () => {
  for (const length of [0, 1, 9, 1000]) assert.is(byTable(bytesOf(1, length), byTable(bytesOf(2, 36), 0)), crc32(bytesOf(1, length), crc32(bytesOf(2, 36), 0)))
  assert.is(byTable(Buffer.from('123456789'), 0), 0xcbf43926)
})

test.run()
