/** What the tests of Bitcoin's and Zcash's codecs have in common: the project's fixtures, and damaged blocks. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as dagJson from '@ipld/dag-json'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import type { Codec, CodecError, Host } from '../../src/index.js'
import { text } from '../engines/text.js'

/** An end of work: a value, or the code and offset of a CodecError. */
export function end(work: () => unknown): string {
  try {
    return `decoded ${text(work())}`
  } catch (error) {
    const { name, code, offset, path, message } = error as CodecError
    if (name !== 'CodecError') throw error
    return offset === undefined ? `${code} ${path ?? message}` : `${code} ${offset}`
  }
}

interface Valid {
  readonly name: string
  readonly hex: string
  readonly json: string
}

interface Invalid extends Valid {
  readonly code: string
  readonly offset: number
  readonly lax: 'same' | { readonly json: string }
}

const read = <T>(file: string): T[] => JSON.parse(readFileSync(join(root, 'fixtures/codecs', file), 'utf8'))
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const ofJson = (json: string): unknown => dagJson.decode(new TextEncoder().encode(json))

/** Tests of a codec's fixtures. */
export function fixtures(host: Host, codec: Codec): void {
  for (const { name, hex, json } of read<Valid>(`${codec.name}.valid.json`)) {
    test(`${codec.name}, valid: ${name}`, async () => {
      const block = bytesOf(hex)
      const value = codec.decode(block)
      assert.is(new TextDecoder().decode(await host.transcode(block, codec.name, 'dag-json')), json)
      assert.is(text(codec.decode(block, { strict: false })), text(value))
      assert.equal(codec.encode(value), block, 'from the value')
      assert.equal(codec.encode(ofJson(json)), block, 'from the value, its keys in another order')
      assert.equal(codec.encodeTape(codec.tape(block)), block, 'from the tape')
      assert.equal(codec.links(block).map(String), linksIn(value))
    })
  }
  for (const { name, hex, code, offset, lax } of read<Invalid>(`${codec.name}.invalid.json`)) {
    test(`${codec.name}, invalid: ${name}`, async () => {
      const block = bytesOf(hex)
      assert.is(
        end(() => codec.decode(block)),
        `${code} ${offset}`
      )
      if (lax === 'same') {
        assert.is(
          end(() => codec.decode(block, { strict: false })),
          `${code} ${offset}`
        )
      } else {
        assert.is(new TextDecoder().decode(await host.transcode(block, codec.name, 'dag-json', { strict: false }).catch(String as never)), lax.json)
      }
    })
  }
}

/** The links of a value, in its order. */
export function linksIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  if ('asCID' in value) return [String(value)]
  return Object.values(value).flatMap(linksIn)
}

/** A generator of numbers from 0 to below `n` (xorshift), the same each time. */
export function dice(seed: number): (n: number) => number {
  let x = seed
  return (n) => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % n
  }
}

/** A block with one to three of its bytes changed, put in, taken out, or cut off. */
export function damage(block: Uint8Array, roll: (n: number) => number): Uint8Array {
  let out = block
  for (let i = roll(3); i >= 0; i--) {
    // more often near the start, where the numbers of things are
    const at = roll(roll(2) === 0 ? Math.min(out.length, 130) + 1 : out.length + 1)
    const byte = [0, 1, 2, 0xfc, 0xfd, 0xfe, 0xff, roll(256)][roll(8)]
    const rest = out.subarray(at)
    out = new Uint8Array(
      Buffer.concat(
        [
          [out.subarray(0, at), Uint8Array.of(byte), rest.subarray(1)],
          [out.subarray(0, at), Uint8Array.of(byte), rest],
          [out.subarray(0, at), rest.subarray(1)],
          [out.subarray(0, at)]
        ][Math.min(roll(12), 3) && roll(4) % 4]
      )
    )
  }
  return out
}

/** Damaged blocks never do worse than a typed error, and what decodes encodes to itself. Answers how often each end came. */
export function damaged(codec: Codec, blocks: readonly Uint8Array[], runs: number): Map<string, number> {
  const roll = dice(blocks.length + codec.code)
  const ends = new Map<string, number>()
  for (let i = 0; i < runs; i++) {
    const block = damage(blocks[i % blocks.length], roll)
    const strict = end(() => codec.decode(block))
    const is = strict.startsWith('decoded') ? 'decoded' : strict.slice(0, strict.indexOf(' '))
    ends.set(is, (ends.get(is) ?? 0) + 1)
    const lax = end(() => codec.decode(block, { strict: false }))
    if (is === 'decoded') {
      assert.equal(codec.encodeTape(codec.tape(block)), block)
      assert.is(lax, strict)
    } else if (is !== 'CHECKSUM') {
      assert.is(lax, strict)
    }
  }
  return ends
}
