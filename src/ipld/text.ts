/**
 * Bytes to strings and back, by the fastest native way there is. Node's Buffer methods work on any Uint8Array, and are up to twice as fast as TextDecoder; they are found, not
 * imported, so that browsers do without.
 */
import { IpldError } from './errors.js'

interface NativeText {
  latin1Slice?(this: Uint8Array, start: number, end: number): string
  utf8Slice?(this: Uint8Array, start: number, end: number): string
  utf8Write?(this: Uint8Array, text: string, offset: number, length: number): number
}

interface NodeGlobal {
  Buffer?: { prototype: NativeText }
  process?: { getBuiltinModule?(name: string): { isAscii?(bytes: Uint8Array): boolean } }
}

const node = globalThis as NodeGlobal
const { latin1Slice, utf8Slice, utf8Write }: NativeText = node.Buffer?.prototype ?? {}
const isAscii = latin1Slice && node.process?.getBuiltinModule?.('node:buffer').isAscii
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const strictUtf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
const strictUtf16 = new TextDecoder('utf-16le', { ignoreBOM: true, fatal: true })
const encoder = new TextEncoder()

/** Invalid bytes decode to this, and so can the three bytes that stand for it. */
const REPLACEMENT = '\ufffd'

/** From this length on it is faster to look for ASCII first, and then to copy without decoding. */
const LONG = 2048

function decode(bytes: Uint8Array, start: number, end: number): string {
  if (isAscii !== undefined && latin1Slice !== undefined && end - start >= LONG && isAscii(bytes.subarray(start, end)))
    return latin1Slice.call(bytes, start, end)
  return utf8Slice === undefined ? utf8.decode(bytes.subarray(start, end)) : utf8Slice.call(bytes, start, end)
}

/** UTF-8 to a string; undefined if it is not UTF-8. */
export function utf8Text(bytes: Uint8Array, start: number, length: number): string | undefined {
  const text = decode(bytes, start, start + length)
  // pure ASCII answers at once here, since V8 keeps it as a one-byte string that cannot hold the character
  if (text.indexOf(REPLACEMENT) === -1) return text
  try {
    return strictUtf8.decode(bytes.subarray(start, start + length))
  } catch {
    return undefined
  }
}

/** @throws IpldError INVALID_TAPE if a byte is not ASCII */
export function asciiText(memory: Uint8Array, start: number, length: number): string {
  if (length === 0) return ''
  const text = decode(memory, start, start + length)
  // two bytes or more in one character make it shorter, and an invalid byte makes it hold U+FFFD
  if (text.length !== length || text.indexOf(REPLACEMENT) !== -1) {
    throw new IpldError('INVALID_TAPE', 'text arena: a byte that is not ASCII')
  }
  return text
}

/** @throws IpldError INVALID_TAPE if there is a lone surrogate */
export function wideText(memory: Uint8Array, start: number, units: number): string {
  if (units === 0) return ''
  try {
    return strictUtf16.decode(memory.subarray(start, start + 2 * units))
  } catch (cause) {
    throw new IpldError('INVALID_TAPE', 'wide arena: not well-formed UTF-16', { cause })
  }
}

/** Whether a cut of well-formed text takes one half of a surrogate pair without the other. */
export function cutsPair(text: string, start: number, end: number): boolean {
  return (text.charCodeAt(start) & 0xfc00) === 0xdc00 || (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
}

/** Writes a string as UTF-8 (lone surrogates become U+FFFD, as everywhere in JavaScript) and answers the number of bytes. There must be room for 3 bytes a code unit. */
export function writeUtf8(text: string, to: Uint8Array, at: number): number {
  return utf8Write === undefined ? encoder.encodeInto(text, to.subarray(at)).written : utf8Write.call(to, text, at, 3 * text.length)
}
