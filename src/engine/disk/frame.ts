/**
 * A value as it lies on the disk:
 *
 * ```
 * 0           4    5              12           16
 * ┌───────────┬────┬───────────────┬────────────┬──────────┐
 * │ CRC-32    │  1 │ revision      │ length     │ value …  │   integers are big-endian
 * └───────────┴────┴───────────────┴────────────┴──────────┘
 * ```
 *
 * The checksum is over the key and then all that follows it: a value that has come under another key is not whole either. It is against accidents; whoever may write to the disk may
 * write anything.
 */
import * as zlib from 'node:zlib'
import type { Entry } from '../interface.js'

const HEADER = 16
const VERSION = 1
const TWO_32 = 2 ** 32

/** Room for the header, and a copy of the value. */
export function frameOf(value: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER + value.length)
  frame.set(value, HEADER)
  return frame
}

/** Gives the frame its header. */
export function seal(frame: Uint8Array, key: Uint8Array, revision: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
  view.setUint32(4, (VERSION << 24) | Math.floor(revision / TWO_32))
  view.setUint32(8, revision % TWO_32)
  view.setUint32(12, frame.length - HEADER)
  view.setUint32(0, sum(key, frame))
}

/** The entry, a view of the frame; or what is wrong with it. */
export function entryOf(frame: Uint8Array, key: Uint8Array): Entry | string {
  if (frame.length < HEADER) return `${frame.length} bytes, expected at least ${HEADER}`
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
  const length = view.getUint32(12)
  if (length !== frame.length - HEADER) return `a value of ${frame.length - HEADER} bytes, expected ${length}`
  const [got, expected] = [sum(key, frame), view.getUint32(0)]
  if (got !== expected) return `checksum ${hex(got)}, expected ${hex(expected)}`
  if (frame[4] !== VERSION) return `a value of version ${frame[4]}, expected ${VERSION}`
  return {
    value: new Uint8Array(frame.buffer, frame.byteOffset + HEADER, length),
    revision: (view.getUint32(4) & 0xffffff) * TWO_32 + view.getUint32(8)
  }
}

const hex = (sum: number): string => `0x${sum.toString(16).padStart(8, '0')}`

function sum(key: Uint8Array, frame: Uint8Array): number {
  return crc32(frame.subarray(4), crc32(key, 0))
}

/** Node has it since 20.15. */
export const crc32: (bytes: Uint8Array, before: number) => number = (zlib as { crc32?: typeof byTable }).crc32 ?? byTable

const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let sum = i
  for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  return sum
})

export function byTable(bytes: Uint8Array, before: number): number {
  let sum = ~before
  for (let i = 0; i < bytes.length; i++) sum = (sum >>> 8) ^ TABLE[(sum ^ bytes[i]) & 0xff]
  return ~sum >>> 0
}
