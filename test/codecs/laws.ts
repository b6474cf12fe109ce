/** What holds for each value and each block, whatever they are. A law throws with what was got and what was expected. */
import { GUEST_ERRORS } from '../../src/codec/errors.js'
import { type Codec, CodecError, IpldError } from '../../src/index.js'
import { text } from '../engines/text.js'
import { looksLikeCid, some } from './some.js'
import { linksByReference, type Outcome, outcome, type Subject } from './subject.js'

const CODES = new Set(Object.values(GUEST_ERRORS).map(([code]) => code))

/** A value encodes as the reference encodes it, or both refuse it; then its block keeps the law of blocks. */
export function lawOfValues(codec: Codec, subject: Subject, value: unknown): void {
  const ours = outcome(() => codec.encode(value))
  const theirs = outcome(() => subject.reference.encode(value))
  if (!ours.ok && !(ours.error instanceof CodecError) && !(ours.error instanceof IpldError)) throw ours.error
  const same = ours.ok && theirs.ok ? sameBytes(ours.value, theirs.value) : ours.ok === theirs.ok
  if (!same && !subject.classes.values.some(({ is }) => is(value))) throw new Error(`encode: ours ${shown(ours)}, the reference ${shown(theirs)}`)
  if (ours.ok) {
    // where the bytes are the reference's, its value is what the law of blocks compares to
    const back = codec.decode(ours.value)
    if (!same) equal('decode of encode', text(byKeys(back)), text(byKeys(value)))
  }
  for (const block of [ours, theirs]) if (block.ok) lawOfBlocks(codec, subject, block.value)
}

/**
 * A block decodes to the reference's value and links and encodes to itself; or it is refused with a code and an offset, and either the reference refuses it too or it falls
 * into a class. A lax decoder takes what a strict one takes, and what it takes besides has a canonical form with the same value.
 */
export function lawOfBlocks(codec: Codec, subject: Subject, bytes: Uint8Array): void {
  const { reference, classes } = subject
  const ours = outcome<unknown>(() => codec.decode(bytes))
  const lax = outcome<unknown>(() => codec.decode(bytes, { strict: false }))
  const theirs = outcome(() => reference.decode(bytes))
  if (ours.ok) {
    const found = text(ours.value)
    const again = codec.encodeTape(codec.tape(bytes))
    if (!sameBytes(again, bytes)) throw new Error(`transcode to itself: got ${hex(again)}, expected ${hex(bytes)}`)
    equal('lax decode', lax.ok ? text(lax.value) : lax.error.message, found)
    if (theirs.ok) {
      agree(subject, 'decode', ours.value, theirs.value)
      const linked = outcome(() => linksByReference(subject, bytes).sort().join())
      // the walk of multiformats stumbles over maps that look like CIDs
      if (linked.ok || !some(ours.value, looksLikeCid)) equal('links', links(codec, bytes), linked.ok ? linked.value : linked.error.message)
    } else if (!classes.accepted.some(({ is }) => is(bytes, ours.value))) throw new Error(`ours decodes ${found}, the reference says: ${theirs.error.message}`)
    return
  }
  const offset = refusal(ours.error, bytes)
  const canonical = () => {
    const again = outcome(() => reference.encode(theirs.ok ? theirs.value : undefined))
    return again.ok && sameBytes(again.value, bytes)
  }
  if (theirs.ok && !classes.refused.some(({ code, is }) => code === ours.error.code && is({ bytes, offset, value: theirs.value, canonical }))) {
    throw new Error(`ours refuses: ${ours.error.message}; the reference decodes ${text(theirs.value)}`)
  }
  const linked = outcome(() => codec.links(bytes))
  if (!linked.ok) refusal(linked.error, bytes)
  if (lax.ok) {
    const form = outcome(() => codec.encodeTape(codec.tape(bytes, { strict: false })))
    // dag-pb puts nothing in order
    if (form.ok) agree(subject, 'decode of the canonical form', byKeys(codec.decode(form.value)), byKeys(lax.value))
    else if (!(form.error instanceof CodecError) || !CODES.has(form.error.code)) throw form.error
    if (theirs.ok) agree(subject, 'lax decode', lax.value, theirs.value)
  } else {
    const at = refusal(lax.error, bytes)
    if (
      theirs.ok &&
      !classes.refused.some(({ code, is, lax: taken }) => !taken && code === lax.error.code && is({ bytes, offset: at, value: theirs.value, canonical }))
    ) {
      throw new Error(`ours refuses even if lax: ${lax.error.message}; the reference decodes ${text(theirs.value)}`)
    }
  }
}

/** A call uses the same fuel whatever is left in memory from the calls before. */
export function lawOfFuel(pinned: Codec, isolated: Codec, { reference }: Subject, value: unknown, damaged: Uint8Array): void {
  const same = (what: string, work: (codec: Codec) => unknown) => {
    const [a, b] = [pinned, isolated].map((codec) => {
      const end = outcome(() => work(codec))
      return `${codec.fuel} ${end.ok ? 'done' : end.error.message}`
    })
    equal(`${what}, pinned and isolated`, a, b)
  }
  same('decode damaged', (codec) => codec.decode(damaged))
  same('links damaged', (codec) => codec.links(damaged))
  same('lax decode damaged', (codec) => codec.decode(damaged, { strict: false }))
  const block = outcome(() => reference.encode(value))
  if (!block.ok) return
  same('decode', (codec) => codec.decode(block.value))
  // of a tape: what the writer makes of a value depends on the shapes of records that it knows
  const tape = outcome(() => pinned.tape(block.value).copy())
  if (tape.ok) same('encode', (codec) => codec.encodeTape(tape.value))
}

/** The offset of a refusal, which must be a codec's own: with one of its codes, and within the block. */
export function refusal(error: Error, bytes: Uint8Array): number {
  if (!(error instanceof CodecError) || !CODES.has(error.code)) throw error
  const { offset } = error
  if (offset === undefined || !Number.isInteger(offset) || offset < 0 || offset > bytes.length)
    throw new Error(`offset ${offset} of ${bytes.length}: ${error.message}`)
  return offset
}

/** Links as the host gives them: in document order, which JavaScript does not keep for keys that look like numbers. */
function links(codec: Codec, bytes: Uint8Array): string {
  return codec.links(bytes).map(String).sort().join()
}

/** The value with the keys of its maps in one order, and no BigInt where a number does. */
function byKeys(value: unknown): unknown {
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  if (Array.isArray(value)) return value.map(byKeys)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const sorted = {}
  for (const [key, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    Object.defineProperty(sorted, key, { value: byKeys(item), enumerable: true })
  }
  return sorted
}

function agree({ classes }: Subject, what: string, ours: unknown, theirs: unknown): void {
  const got = text(ours)
  const expected = text(theirs)
  if (got !== expected && !classes.decoded.some(({ without }) => without(got) === without(expected)))
    throw new Error(`${what}: got ${got}, expected ${expected}`)
}

function equal(what: string, got: string, expected: string): void {
  if (got !== expected) throw new Error(`${what}: got ${got}, expected ${expected}`)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

const shown = (got: Outcome<Uint8Array>): string => (got.ok ? hex(got.value) : got.error.message)

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
