/** Errors (ABI section 7). `fail` leaves from any depth: it records the error and traps, so that decoders need no error returns on their hot path. */
import { handError } from './control'

export const enum Code {
  UNEXPECTED_END = 1,
  TRAILING_BYTES = 2,
  MALFORMED = 3,
  NON_CANONICAL = 4,
  UNSUPPORTED = 5,
  KEY_ORDER = 6,
  DUPLICATE_KEY = 7,
  INVALID_UTF8 = 8,
  INVALID_CID = 9,
  NUMBER_RANGE = 10,
  DEPTH = 11,
  WRONG_KIND = 12,
  MISSING_FIELD = 13,
  UNKNOWN_FIELD = 14,
  TOO_LARGE = 15,
  CHECKSUM = 16,
  SIZE_MISMATCH = 17,
  UNSUPPORTED_CODEC = 18,
  CODEC_ERROR = 256
}

/** Most lists and maps within each other (ABI section 5). */
export const MAX_DEPTH: u32 = 1024

/** @param offset decode: byte offset in the input; encode: record index. @param detail what was found there */
export function fail(code: Code, offset: u64, detail: u32 = 0): void {
  handError(code, detail, offset)
  // 0 would be no error; and a recursive function is not copied to every place that fails
  if (code == 0) fail(Code.CODEC_ERROR, offset, detail)
  unreachable()
}
