/** Unsigned varints as CARs and CIDs have them: seven bits a byte, lowest first, at most nine bytes and 2^53 − 1. */

/** Bytes of the last varint that `varintAt` read. */
export const varint = { length: 0 }

/** There is no varint: too long, too large, or with zeros at its end. */
const NONE = -1
/** The bytes end inside it. */
export const SHORT = -2

const LONGEST = 9

/** The varint at `at`; its length is then in `varint`, so that no object is made for it. `NONE` or `SHORT` if there is none. */
export function varintAt(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  let unit = 1
  for (let i = 0; i < LONGEST; i++) {
    if (at + i >= end) return SHORT
    const byte = bytes[at + i]
    value += (byte & 0x7f) * unit
    if (byte < 0x80) {
      if (value > Number.MAX_SAFE_INTEGER || (byte === 0 && i > 0)) return NONE
      varint.length = i + 1
      return value
    }
    unit *= 128
  }
  return NONE
}
