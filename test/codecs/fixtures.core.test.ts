/** The project's own vectors, `fixtures/codecs`, which scripts/fixtures.ts makes: also in the browser. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import invalid from '../../fixtures/codecs/dag-cbor.invalid.json' with { type: 'json' }
import valid from '../../fixtures/codecs/dag-cbor.valid.json' with { type: 'json' }
import values from '../../fixtures/codecs/values.json' with { type: 'json' }
import { type CodecError, createHost, type Host } from '../../src/index.js'
import { text } from '../engines/text.js'

interface Block {
  readonly cid: string
  readonly hex: string
}

const all = values as unknown as readonly { readonly name: string; readonly blocks: Readonly<Record<string, Block>> }[]

type Lax = 'same' | { code: string; offset: number } | { json: string }

const bytesOf = (hex: string): Uint8Array => Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

const host = await createHost()
const known = new Set(host.codecs().map(({ manifest }) => manifest.name))

// --- every value in every codec that has it -------------------------------------------------------------------------------------------------------------

const rows = suite('values')
for (const { name, blocks } of all) {
  rows(name, async () => {
    const there = Object.entries(blocks).filter(([codec]) => known.has(codec))
    for (const [from, { cid, hex }] of there) {
      const source = await host.codec(from)
      const bytes = bytesOf(hex)
      assert.is(CID.createV1(source.code, await sha256.digest(bytes)).toString(), cid)
      for (const [to, { hex: expected, cid }] of there) {
        const target = await host.codec(to)
        const encoded = target.encode(source.decode(bytes))
        assert.is(hexOf(encoded), expected, `${from} to ${to} by way of a value`)
        assert.is(CID.createV1(target.code, await sha256.digest(encoded)).toString(), cid)
        assert.is(hexOf(await host.transcode(bytes, from, to)), expected, `${from} to ${to} from tape to tape`)
        assert.is(text(target.decode(encoded)), text(target.decode(await host.transcode(bytes, from, to))))
        assert.equal(source.links(bytes).map(String).sort(), target.links(encoded).map(String).sort(), `links of ${from} and ${to}`)
      }
    }
  })
}
rows.run()

// --- dag-cbor, byte by byte -----------------------------------------------------------------------------------------------------------------------------

const accepted = suite('dag-cbor, valid')
for (const { name, hex, json } of valid) {
  accepted(name, async () => {
    assert.is(hexOf(await host.transcode(bytesOf(hex), 'dag-cbor', 'dag-cbor')), hex)
    assert.is(hexOf(await host.transcode(bytesOf(hex), 'dag-cbor', 'dag-cbor', { strict: false })), hex)
    if (!known.has('dag-json')) return
    assert.is(utf8.decode(await host.transcode(bytesOf(hex), 'dag-cbor', 'dag-json')), json)
    assert.is(hexOf(await host.transcode(new TextEncoder().encode(json), 'dag-json', 'dag-cbor')), hex)
  })
}
accepted.run()

const refused = suite('dag-cbor, invalid')
for (const { name, hex, code, offset, lax } of invalid as { name: string; hex: string; code: string; offset: number; lax: Lax }[]) {
  refused(name, async () => {
    const block = bytesOf(hex)
    const cbor = await host.codec('dag-cbor')
    assert.is(
      refusal(() => cbor.decode(block)),
      `${code} ${offset}`
    )
    if (lax !== 'same' && 'json' in lax) {
      const canonical = await host.transcode(block, 'dag-cbor', 'dag-cbor', { strict: false })
      if (known.has('dag-json')) assert.is(utf8.decode(await host.transcode(canonical, 'dag-cbor', 'dag-json')), lax.json)
      assert.is(text(cbor.decode(canonical)), text(cbor.decode(canonical, { strict: false })))
    } else {
      const expected = lax === 'same' ? { code, offset } : lax
      assert.is(
        refusal(() => cbor.decode(block, { strict: false })),
        `${expected.code} ${expected.offset}`
      )
    }
  })
}
refused.run()

function refusal(work: () => unknown): string {
  try {
    return `decoded ${text(work())}`
  } catch (error) {
    const { name, code, offset, message } = error as CodecError
    return name === 'CodecError' ? `${code} ${offset}` : `${name}: ${message}`
  }
}

// --- fuel -----------------------------------------------------------------------------------------------------------------------------------------------

/** A line a call: what it used, for each fixture, twice. */
async function used(host: Host): Promise<string[]> {
  const lines: string[] = []
  const call = (what: string, codec: { fuel: number }, work: () => unknown): void => {
    let end = 'done'
    try {
      work()
    } catch (error) {
      end = (error as CodecError).code
    }
    lines.push(`${what}: ${end} ${codec.fuel}`)
  }
  for (const { name, blocks } of all) {
    for (const [from, { hex }] of Object.entries(blocks)) {
      if (!known.has(from)) continue
      const codec = await host.codec(from)
      const bytes = bytesOf(hex)
      const value = codec.decode(bytes)
      for (const time of [1, 2]) {
        call(`${from} ${name} decode ${time}`, codec, () => codec.decode(bytes))
        call(`${from} ${name} links ${time}`, codec, () => codec.links(bytes))
        call(`${from} ${name} encode ${time}`, codec, () => codec.encode(value))
      }
    }
  }
  const cbor = await host.codec('dag-cbor')
  for (const { name, hex } of invalid) for (const time of [1, 2]) call(`${name} refused ${time}`, cbor, () => cbor.decode(bytesOf(hex)))
  return lines
}

const fuel = suite('fuel')
fuel('the same at every call: pinned, isolated, and in a fresh host', async () => {
  const expected = await used(await createHost({ pinned: true }))
  assert.ok(expected.length > 1000)
  for (let i = 0; i < expected.length; i++) assert.match(expected[i], /: (done|[A-Z][A-Z0-9_]+) [1-9]\d*$/)
  const times = (line: string) => line.replace(/ [12]:/, ':')
  const first = new Map(expected.filter((line) => / 1:/.test(line)).map((line) => [times(line), line]))
  for (const line of expected) assert.ok(first.has(times(line)), `${line}: not what the first call used`)
  // in another order too, so that what was decoded before does not tell
  for (const host of [await createHost({ pinned: true }), await createHost({ pinned: false })]) {
    const again = await used(host)
    for (const [i, line] of expected.entries()) assert.is(again[i], line)
  }
})
fuel.run()
