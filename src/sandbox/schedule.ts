/**
 * The fuel schedule. Whoever changes a figure here, or where instrument.ts charges, changes how much fuel a module uses on an input, and so the version.
 */
export const SCHEDULE = 1

/** An instruction that is not in the tables below. */
export const BASE = 1

/** A call of a host function, charged inside the call, on top of the call instruction. */
export const HOST_CALL = 100

/** memory.copy, memory.fill, a host function's byte count: one unit for 2^3 bytes. */
export const BULK_SHIFT = 3

/** A function's entry: one unit for 2^3 parameters and locals, which must be set to zero. */
export const LOCALS_SHIFT = 3

/** memory.grow: for each page. */
export const GROW_PAGE = 8_192

/** If-arms that cost no more are charged with the code before the `if`, taken or not. */
export const FOLD = 8

/** The same for an arm that ends with the next turn of the loop whose first segment the `if` is in: it is the loop's body, left out in the last turn only. */
export const FOLD_TURN = 64

/** Functions without loops and calls of metered functions that cost no more are charged by their caller. */
export const LIGHT = 64

const PRICES: Readonly<Record<number, number>> = {
  // nop, block, else, end: no machine code.
  0x01: 0,
  0x02: 0,
  0x05: 0,
  0x0b: 0,
  // call, call_indirect, memory.grow
  0x10: 5,
  0x11: 10,
  0x40: 100,
  // integer division and remainder
  0x6d: 10,
  0x6e: 10,
  0x6f: 10,
  0x70: 10,
  0x7f: 10,
  0x80: 10,
  0x81: 10,
  0x82: 10,
  // f32 and f64 square root and division
  0x91: 10,
  0x95: 10,
  0x9f: 10,
  0xa3: 10
}

/** Price of the one-byte opcodes; memory.copy and memory.fill have `BULK_BASE`, everything else behind a prefix has `BASE`. */
export const price: Uint8Array = Uint8Array.from({ length: 256 }, (_, op) => PRICES[op] ?? BASE)

export const BULK_BASE = 20
