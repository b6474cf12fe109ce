/** The rows of `fixtures/codecs` as tests: what must be accepted, from block to block and with the value that the row says; and what must be refused, with code and offset. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import type { CodecError, Host } from '../../src/index.js'
import { text } from '../engines/text.js'

interface Valid {
  readonly name: string
  readonly hex: string
  readonly json: string
}

interface Invalid {
  readonly name: string
  readonly hex: string
  readonly code: string
  readonly offset: number
  readonly lax: 'same' | { readonly code: string; readonly offset: number } | { readonly json: string }
}

const read = <T>(file: string): readonly T[] => JSON.parse(readFileSync(join(root, 'fixtures/codecs', file), 'utf8'))
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Runs the rows of a codec. @param again whether the block must come back from its JavaScript value too: not where that leaves out what tells two blocks apart */
export function rowsOf(host: Host, name: string, again: (row: Valid) => boolean = () => true): void {
  const accepted = suite(`${name}, valid`)
  for (const row of read<Valid>(`${name}.valid.json`)) {
    accepted(row.name, async () => {
      const codec = await host.codec(name)
      const block = bytesOf(row.hex)
      assert.is(hexOf(codec.encodeTape(codec.tape(block))), row.hex, 'from tape')
      assert.is(hexOf(codec.encodeTape(codec.tape(block, { strict: false }))), row.hex, 'from lax tape')
      assert.is(utf8.decode(await host.transcode(block, name, 'dag-json')), row.json, 'value')
      if (again(row)) assert.is(hexOf(codec.encode(codec.decode(block))), row.hex, 'from value')
    })
  }
  accepted.run()

  const refused = suite(`${name}, invalid`)
  for (const { name: row, hex, code, offset, lax } of read<Invalid>(`${name}.invalid.json`)) {
    refused(row, async () => {
      const codec = await host.codec(name)
      const block = bytesOf(hex)
      assert.is(
        refusal(() => codec.decode(block)),
        `${code} ${offset}`
      )
      if (lax !== 'same' && 'json' in lax) {
        assert.is(utf8.decode(await host.transcode(block, name, 'dag-json', { strict: false })), lax.json, 'lax value')
      } else {
        const expected = lax === 'same' ? { code, offset } : lax
        assert.is(
          refusal(() => codec.decode(block, { strict: false })),
          `${expected.code} ${expected.offset}`,
          'lax'
        )
      }
    })
  }
  refused.run()
}

/** The code and offset with which a codec refuses. */
export function refusal(work: () => unknown): string {
  try {
    return `decoded ${text(work())}`
  } catch (error) {
    const { name, code, offset, message } = error as CodecError
    return name === 'CodecError' ? `${code} ${offset}` : `${name}: ${message}`
  }
}
