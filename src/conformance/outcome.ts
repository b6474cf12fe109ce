/** What a call gave or how it failed, and whether two calls ended alike. */
import { type Codec, CodecError } from '../codec/index.js'
import type { CID, Tape } from '../ipld/index.js'

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error & { readonly code?: string } }

export function outcome<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() }
  } catch (error) {
    return { ok: false, error: error as Error }
  }
}

/** All of a call that may not depend on anything but module and input. */
interface Trace {
  readonly fuel: number
  /** code, message and offset of the error */
  readonly error?: string
  readonly bytes?: Uint8Array
}

export type Operation = 'decode' | 'lax decode' | 'links' | 'encode'

/** Runs one operation and keeps all of it. `encode` is of the block's own tape, which is decoded with `reader`. */
export function trace(codec: Codec, operation: Operation, block: Uint8Array, reader: Codec): Trace {
  const tape = operation === 'encode' ? outcome(() => reader.tape(block).copy()) : undefined
  if (tape !== undefined && !tape.ok) return { fuel: 0 }
  const done = outcome(() => {
    if (operation === 'links') return textBytes(codec.links(block).join())
    if (tape !== undefined) return codec.encodeTape(tape.value)
    return tapeBytes(codec.tape(block, { strict: operation === 'decode' }))
  })
  const { fuel } = codec
  if (done.ok) return { fuel, bytes: done.value }
  const { code, message } = done.error
  // a tape that the host refuses does not come to the encoder, and the fuel is that of a call before
  if (operation === 'encode' && (done.error as { path?: string }).path === undefined) return { fuel: 0, error: `${code ?? done.error.name}: ${message}` }
  return { fuel, error: `${code ?? done.error.name}: ${message}` }
}

/** How two traces differ; undefined if they do not. */
export function difference(a: Trace, b: Trace): string | undefined {
  if (a.error !== b.error) return `${a.error ?? 'no error'}, and ${b.error ?? 'no error'}`
  if (a.bytes !== undefined && b.bytes !== undefined && !sameBytes(a.bytes, b.bytes)) return 'the results differ'
  return a.fuel === b.fuel ? undefined : `fuel ${a.fuel} and ${b.fuel}`
}

/** A tape with its arenas, and how long each is. */
function tapeBytes(tape: Tape): Uint8Array {
  const { memory, records, textLength, dataLength } = tape.copy()
  const bytes = new Uint8Array(12 + memory.length)
  bytes.set(new Uint8Array(Uint32Array.of(records, textLength, dataLength).buffer))
  bytes.set(memory, 12)
  return bytes
}

const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export function sameLinks(a: readonly CID[], b: readonly CID[]): boolean {
  return a.length === b.length && a.every((cid, i) => cid.equals(b[i]))
}

/** The start of a block, for messages. */
export function hex(bytes: Uint8Array, most = 48): string {
  const text = Array.from(bytes.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return bytes.length === 0 ? 'no bytes' : bytes.length > most ? `${text}… (${bytes.length} bytes)` : text
}

export function refusalText(error: Error): string {
  return error instanceof CodecError ? `${error.code} at byte ${error.offset}: ${error.message}` : `${error.name}: ${error.message}`
}
