/** `fixtures/codecs` of the codecs for others' formats: blocks and their values as DAG-JSON, both ways; and refusals, with code and offset. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/index.js'
import { bytesOf, hexOf, keepsBlock, outcomeOf } from './blocks.js'

const CODECS = ['git-raw', 'bencode', 'torrent-info', 'torrent-file', 'protobuf', 'libp2p-key', 'blake3-hashseq', 'car']

type Lax = 'same' | { code: string; offset: number } | { json: string }

const host = await createHost()
const cbor = await host.codec('dag-cbor')
const json = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const read = (name: string) => JSON.parse(readFileSync(join(root, 'fixtures/codecs', name), 'utf8'))

// all before the first suite, for those that run do not wait for those that come
const codecs = await Promise.all(CODECS.map((name) => host.codec(name)))

for (const codec of codecs) {
  const { name } = codec
  const test = suite(name)
  for (const row of read(`${name}.valid.json`) as { name: string; hex: string; json: string }[]) {
    test(row.name, async () => {
      const block = bytesOf(row.hex)
      assert.is(json(await host.transcode(block, name, 'dag-json')), row.json)
      assert.is(hexOf(await host.transcode(Buffer.from(row.json), 'dag-json', name)), row.hex)
      assert.ok(keepsBlock(codec, cbor, block))
    })
  }
  for (const { name: what, hex, code, offset, lax } of read(`${name}.invalid.json`) as {
    name: string
    hex: string
    code: string
    offset: number
    lax: Lax
  }[]) {
    test(`refused: ${what}`, async () => {
      const block = bytesOf(hex)
      const strict = outcomeOf(() => codec.decode(block))
      assert.is(strict, `${code} ${offset}`)
      const expected = lax === 'same' ? strict : 'code' in lax ? `${lax.code} ${lax.offset}` : lax.json
      const laxly = typeof lax === 'object' && 'json' in lax
      const got = laxly ? json(await host.transcode(block, name, 'dag-json', { strict: false })) : outcomeOf(() => codec.decode(block, { strict: false }))
      assert.is(got, expected)
    })
  }
  test.run()
}
