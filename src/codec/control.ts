/** Bytes of the control block (docs/abi.md section 3); the window follows it. */
export const CONTROL = 128

/** Words of it. */
export const FILLED = 0
export const SIZE = 2
export const TAPE = 4
export const RECORDS = 5
export const TEXT = 6
export const WIDE = 8
export const DATA = 10
export const OUTPUT = 12
export const PIECES = 14
export const ERROR = 16
export const DETAIL = 17
export const ERROR_OFFSET = 18
/** The words after it are not used. */
export const END = 20
