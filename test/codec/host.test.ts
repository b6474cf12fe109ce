/** What of the host needs Node. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { directorySource } from '../../src/codec/source/directory.js'
import { createHost } from '../../src/index.js'
import { dagCbor, resealed } from './resealed.js'

const BLOCK = Uint8Array.of(0xa1, 0x61, 0x61, 1)
let folder = ''

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'autocodec-'))
})
test.after(() => rm(folder, { recursive: true }))

for (const ending of ['.wasm', '']) {
  test(`a directory with CID${ending}`, async () => {
    const { cid, bytes } = await resealed({ name: 'other', code: 0x300001, description: `as CID${ending}` })
    await writeFile(join(folder, `${cid}${ending}`), bytes)
    const host = await createHost({ sources: [directorySource(folder)] })
    assert.equal((await host.codec(cid)).decode(BLOCK), { a: 1 })
    assert.is(host.codecs().find((entry) => entry.cid.equals(cid))?.source, folder)
  })
}

test('a directory whose file is another', async () => {
  const { cid } = await resealed({ name: 'liar', code: 0x300002 })
  await writeFile(join(folder, `${cid}.wasm`), (await dagCbor()).bytes)
  const host = await createHost({ sources: [directorySource(folder)] })
  try {
    await host.codec(cid)
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code: string }).code, 'HASH_MISMATCH')
    assert.ok((error as Error).message.includes(folder))
  }
})

test('a directory that has it not, and one that is not there', async () => {
  const { cid } = await resealed({ name: 'absent', code: 0x300003 })
  for (const path of [folder, join(folder, 'nowhere')]) {
    const host = await createHost({ sources: [directorySource(path)] })
    try {
      await host.codec(cid)
      assert.unreachable()
    } catch (error) {
      assert.is((error as { code: string }).code, 'MODULE_NOT_FOUND')
      assert.match((error as Error).message, /asked: embedded, added, /)
    }
  }
})

test.run()
