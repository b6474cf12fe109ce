/** What holds for any block of any codec, without a reference beside it: the laws for codecs whose formats are others' files. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type Codec, CodecError, type Host } from '../../src/index.js'
import { text } from '../engines/text.js'
import { mutate, mutations } from './arbitrary.js'
import { refusal } from './laws.js'

/** Runs of a property, and damaged blocks of a codec. */
export const RUNS = Number(process.env.AUTOCODEC_RUNS ?? 300)
export const MUTATIONS = Number(process.env.AUTOCODEC_MUTATIONS ?? 10_000)

export const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

/** The code and offset of a refusal, or the value that was decoded instead. */
export function outcomeOf(work: () => unknown): string {
  try {
    return `decoded ${text(work())}`
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    return `${error.code} ${error.offset}`
  }
}

/**
 * A block that decodes encodes to itself, from its tape and from its value, and after a detour through dag-cbor, which sorts the keys of all maps; lax decoding says the same.
 * Answers whether it decodes.
 */
export function keepsBlock(codec: Codec, cbor: Codec, block: Uint8Array): boolean {
  let value: unknown
  try {
    value = codec.decode(block)
  } catch (error) {
    refusal(error as Error, block)
    try {
      codec.links(block)
    } catch (error) {
      refusal(error as Error, block)
    }
    try {
      codec.decode(block, { strict: false })
    } catch (error) {
      refusal(error as Error, block)
    }
    return false
  }
  assert.is(hexOf(codec.encodeTape(codec.tape(block))), hexOf(block), 'from the tape')
  assert.is(hexOf(codec.encode(value)), hexOf(block), 'from the value')
  assert.is(text(codec.decode(block, { strict: false })), text(value), 'lax')
  const detour = cbor.encodeTape(codec.tape(block))
  assert.is(hexOf(codec.encodeTape(cbor.tape(detour))), hexOf(block), 'by way of dag-cbor')
  codec.links(block)
  return true
}

/** Blocks with a few bytes changed; answers how many still decode. @param mended makes a block whole in what any change would break */
export async function mutated(
  host: Host,
  name: string,
  blocks: readonly Uint8Array[],
  runs = MUTATIONS,
  mended = (block: Uint8Array): Uint8Array => block
): Promise<number> {
  const [codec, cbor] = [await host.codec(name), await host.codec('dag-cbor')]
  let decoded = 0
  fc.assert(
    fc.property(fc.constantFrom(...blocks), fc.constantFrom(...blocks), mutations, (block, other, list) => {
      if (keepsBlock(codec, cbor, mended(mutate(block, list, other)))) decoded++
    }),
    { numRuns: runs }
  )
  return decoded
}
