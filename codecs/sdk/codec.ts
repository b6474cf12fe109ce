/** The exports that every codec has: a codec's index.ts re-exports them. */
import { allocate } from './heap'
import { controlAddress } from './control'

export const control: usize = controlAddress()

/** Room for the tape that the host hands to `encode` (ABI section 6). */
export function reserve(length: usize): usize { return allocate(length) }

/** Bit 0 of a call's flags: accept what the format's specification lets a decoder accept beyond its canonical form. */
// @ts-ignore: decorator
@inline export function lax(flags: u32): bool { return (flags & 1) != 0 }
