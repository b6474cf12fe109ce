/**
 * The control block: what host and guest tell each other around a call (ABI section 3).
 *
 * ```
 *  control                 control + 128                     + 16,384        + 64
 *  ┌──────────────────────┬──────────────────────────────────┬──────────────┐
 *  │ fields, see below    │ window                           │ slack        │
 *  └──────────────────────┴──────────────────────────────────┴──────────────┘
 * ```
 * The window is small so that it stays in the first-level cache and that a small codec lives in one page, which is quick to reset.
 * The slack lets a 16-byte load start at the window's last byte.
 */

/** Bytes that the SDK holds of the input at a time. A manifest may ask for less to be put there at the start, not for more. */
export const WINDOW: u32 = 16384

// @ts-ignore: decorator
@lazy const BLOCK: usize = memory.data(128 + 16384 + 64, 16)

// @ts-ignore: decorator
@inline export function controlAddress(): usize { return BLOCK }
// @ts-ignore: decorator
@inline export function windowAddress(): usize { return BLOCK + 128 }

/** Bytes of the input that the host has put into the window. */
// @ts-ignore: decorator
@inline export function filled(): u32 { return load<u32>(BLOCK, 0) }
/** Bytes of the whole input. */
// @ts-ignore: decorator
@inline export function inputSize(): u64 { return load<u64>(BLOCK, 8) }

// @ts-ignore: decorator
@inline export function tapeAddress(): usize { return load<u32>(BLOCK, 16) }
// @ts-ignore: decorator
@inline export function recordCount(): u32 { return load<u32>(BLOCK, 20) }
// @ts-ignore: decorator
@inline export function textAddress(): usize { return load<u32>(BLOCK, 24) }
// @ts-ignore: decorator
@inline export function dataAddress(): usize { return load<u32>(BLOCK, 40) }

/** Hands the tape and its arenas to the host, at the end of decode. */
export function handTape(tape: usize, records: u32, text: usize, textLength: u32, wide: usize, wideUnits: u32, data: usize, dataLength: u32): void {
  store<u32>(BLOCK, <u32>tape, 16)
  store<u32>(BLOCK, records, 20)
  store<u32>(BLOCK, <u32>text, 24)
  store<u32>(BLOCK, textLength, 28)
  store<u32>(BLOCK, <u32>wide, 32)
  store<u32>(BLOCK, wideUnits, 36)
  store<u32>(BLOCK, <u32>data, 40)
  store<u32>(BLOCK, dataLength, 44)
}

/** Hands the output to the host, at the end of encode. */
export function handOutput(output: usize, length: u32, pieces: usize, pieceCount: u32): void {
  store<u32>(BLOCK, <u32>output, 48)
  store<u32>(BLOCK, length, 52)
  store<u32>(BLOCK, <u32>pieces, 56)
  store<u32>(BLOCK, pieceCount, 60)
}

/** Records what went wrong; see fail.ts, which then leaves. */
export function handError(code: u32, detail: u32, offset: u64): void {
  store<u32>(BLOCK, code, 64)
  store<u32>(BLOCK, detail, 68)
  store<u64>(BLOCK, offset, 72)
}
