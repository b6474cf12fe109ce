/**
 * The instructions that are allowed (Wasm spec, 5.4), with what the scanner must know of each: the immediates to step over and how the height of the operand stack
 * changes. Control, calls, variables, constants and memory management have cases of their own in code.ts; the tables have the rest.
 */

/** Immediates. */
const NONE = 1
export const MEMARG = 2
export const LANE = 3
export const MEMARG_LANE = 4
export const SIXTEEN = 5

/** First opcode, last opcode, change of height, immediates (NONE if left out). */
type Row = readonly [first: number, last: number, change: number, immediates?: number]

/** What an opcode is: immediates in bits 2 and up, minus the change of height (0, 1, 2) in bits 0–1. 0: not allowed. */
function expand(rows: readonly Row[]): Uint8Array {
  const table = new Uint8Array(256)
  for (const [first, last, change, immediates = NONE] of rows) table.fill((immediates << 2) | -change, first, last + 1)
  return table
}

/** 0x1a–0xc4. */
// biome-ignore format: one group of instructions a line
export const plain = expand([
  [0x1a, 0x1a, -1], [0x1b, 0x1b, -2], // drop, select
  [0x28, 0x35, 0, MEMARG], [0x36, 0x3e, -2, MEMARG], // loads, stores
  [0x45, 0x45, 0], [0x46, 0x4f, -1], // i32 tests and comparisons
  [0x50, 0x50, 0], [0x51, 0x66, -1], // i64, f32, f64
  [0x67, 0x69, 0], [0x6a, 0x78, -1], // i32 arithmetic
  [0x79, 0x7b, 0], [0x7c, 0x8a, -1], // i64
  [0x8b, 0x91, 0], [0x92, 0x98, -1], // f32
  [0x99, 0x9f, 0], [0xa0, 0xa6, -1], // f64
  [0xa7, 0xc4, 0] // conversions, sign extension
])

/** Behind 0xfd: fixed-width SIMD without float arithmetic, whose NaN bits no instruction could make canonical cheaply. */
// biome-ignore format: one group of instructions a line
export const simd = expand([
  [0, 10, 0, MEMARG], [11, 11, -2, MEMARG], // v128.load…, v128.store
  [13, 13, -1, SIXTEEN], [14, 14, -1], [15, 20, 0], // shuffle, swizzle, splats; v128.const is in code.ts
  [21, 22, 0, LANE], [23, 23, -1, LANE], [24, 25, 0, LANE], [26, 26, -1, LANE], // extract_lane, replace_lane
  [27, 27, 0, LANE], [28, 28, -1, LANE], [29, 29, 0, LANE], [30, 30, -1, LANE],
  [31, 31, 0, LANE], [32, 32, -1, LANE], [33, 33, 0, LANE], [34, 34, -1, LANE],
  [35, 76, -1], // comparisons
  [77, 77, 0], [78, 81, -1], [82, 82, -2], [83, 83, 0], // bitwise
  [84, 87, -1, MEMARG_LANE], [88, 91, -2, MEMARG_LANE], [92, 93, 0, MEMARG], // lanes in memory
  [96, 100, 0], [101, 102, -1], [107, 115, -1], [118, 121, -1], [123, 123, -1], // i8x16
  [124, 129, 0], [130, 130, -1], [131, 132, 0], [133, 134, -1], [135, 138, 0], [139, 147, -1], [149, 153, -1], [155, 159, -1], // i16x8
  [160, 161, 0], [163, 164, 0], [167, 170, 0], [171, 174, -1], [177, 177, -1], [181, 186, -1], [188, 191, -1], // i32x4
  [192, 193, 0], [195, 196, 0], [199, 202, 0], [203, 206, -1], [209, 209, -1], [213, 223, -1], // i64x2
  [224, 225, 0], [236, 237, 0], [248, 255, 0] // float abs and neg, conversions from and to integers: these make no NaN
])

/** f32.ceil … f32.max and f32.demote_f64: their result may be a NaN of any bits. */
export function makesNaN32(op: number): boolean {
  return (op >= 0x8d && op <= 0x97) || op === 0xb6
}

/** f64.ceil … f64.max and f64.promote_f32. */
export function makesNaN64(op: number): boolean {
  return (op >= 0x9b && op <= 0xa5) || op === 0xbb
}

/** The name of the feature that an opcode outside the allow-list belongs to. */
export function feature(prefix: number, op: number): string {
  if (prefix === 0xfc) return op < 10 ? 'memory.init and data.drop (state that outlives a call)' : 'table mutation'
  if (prefix === 0xfd) return op > 255 ? 'relaxed SIMD' : 'SIMD float arithmetic'
  if (op === 0xfe) return 'atomics'
  if (op === 0xfb) return 'garbage collection'
  if (op >= 0xd0 && op < 0xd7) return 'reference types'
  if (op === 0x25 || op === 0x26) return 'table access'
  if (op >= 0x12 && op < 0x18) return 'tail calls and function references'
  return op >= 0x06 && op < 0x20 ? 'exceptions' : 'unknown'
}
