/** How a guest is handed a tape that the host has written (docs/abi.md section 6). */
import type { Material } from '../ipld/index.js'
import { CONTROL, DATA, RECORDS, TAPE, TEXT } from './control.js'

/** Fewer bytes or words are copied faster one by one than by a native call. */
export const COPIED_HERE = 64
/** Words and bytes of a tape's record. */
const RECORD = 4
const RECORD_BYTES = 16

/** Bytes that it takes in the guest's memory. */
export function roomFor({ records, textLength, dataLength }: Material): number {
  return records * RECORD_BYTES + align(textLength) + dataLength
}

/**
 * Puts it at the address that `reserve` has answered, and says so in the control block.
 *
 * @returns why the address is none, undefined if all is well
 */
export function hand(material: Material, address: number, memory: Uint8Array, words: Int32Array, control: number, window: number): string | undefined {
  const { records, textLength, dataLength } = material
  const textAt = address + records * RECORD_BYTES
  const dataAt = textAt + align(textLength)
  const end = dataAt + dataLength
  if (address % 16 !== 0 || end > memory.length || (address < control + CONTROL + window && end > control))
    return `reserve answered ${address} for ${end - address} bytes in a memory of ${memory.length} with its control block at ${control} and a window of ${window}`
  const length = records * RECORD
  if (length <= COPIED_HERE) for (let i = 0, w = address >>> 2; i < length; i++) words[w + i] = material.words[i]
  else words.set(material.words.subarray(0, length), address >>> 2)
  copy(material.text, memory, textAt, textLength)
  copy(material.data, memory, dataAt, dataLength)
  const c = control >>> 2
  words[c + TAPE] = address
  words[c + RECORDS] = records
  words[c + TEXT] = textAt
  words[c + TEXT + 1] = textLength
  words[c + DATA] = dataAt
  words[c + DATA + 1] = dataLength
  return undefined
}

/** The first `length` bytes to a place in memory. */
export function copy(from: Uint8Array, to: Uint8Array, at: number, length: number): void {
  if (length <= COPIED_HERE) for (let i = 0; i < length; i++) to[at + i] = from[i]
  else to.set(length === from.length ? from : from.subarray(0, length), at)
}

function align(length: number): number {
  return (length + 15) & ~15
}
