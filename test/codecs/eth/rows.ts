/** The rows of `fixtures/codecs/NAME.valid.json` and `NAME.invalid.json` as tests. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../../scripts/run.js'
import type { CodecError, Host } from '../../../src/index.js'

export interface Row {
  readonly name: string
  readonly hex: string
  readonly json: string
}

export interface Refused {
  readonly name: string
  readonly hex: string
  readonly code: string
  readonly offset: number
}

const read = (file: string) => JSON.parse(readFileSync(join(root, 'fixtures/codecs', file), 'utf8'))
export const accepted = (name: string): readonly Row[] => read(`${name}.valid.json`)
export const refused = (name: string): readonly Refused[] => read(`${name}.invalid.json`)

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Code and place of the refusal: byte offset or path. */
export function refusal(work: () => unknown): [code: string, where: number | string | undefined] {
  try {
    work()
  } catch (error) {
    const { name, code, offset, path, message } = error as CodecError
    if (name !== 'CodecError') throw error
    return [code, offset ?? path ?? message]
  }
  return ['none', undefined]
}

/** A test for each row of a codec. */
export async function rows(test: Test, host: Host, name: string): Promise<void> {
  const codec = await host.codec(name)
  for (const row of accepted(name)) {
    test(`${name}: ${row.name}`, async () => {
      const block = bytesOf(row.hex)
      assert.is(utf8.decode(await host.transcode(block, name, 'dag-json')), row.json)
      assert.is(hexOf(await host.transcode(new TextEncoder().encode(row.json), 'dag-json', name)), row.hex, 'from dag-json')
      for (const strict of [true, false]) {
        assert.is(hexOf(codec.encode(codec.decode(block, { strict }))), row.hex, 'by way of a value')
        assert.is(hexOf(codec.encodeTape(codec.tape(block, { strict }))), row.hex, 'from tape to tape')
      }
    })
  }
  for (const { name: what, hex, code, offset } of refused(name)) {
    test(`${name} refuses: ${what}`, () => {
      // there is nothing that a lax decoder may take besides
      for (const strict of [true, false])
        assert.equal(
          refusal(() => codec.decode(bytesOf(hex), { strict })),
          [code, offset]
        )
    })
  }
}
