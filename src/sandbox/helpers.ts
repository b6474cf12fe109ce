import type { Writer } from './binary.js'
import { BULK_SHIFT, GROW_PAGE, HOST_CALL } from './schedule.js'
import { type FuncType, I32 } from './types.js'

/** What `$trap` answers: why the host's code stopped the guest. */
export const OUT_OF_FUEL = 1
export const OUT_OF_STACK = 2
export const OUT_OF_MEMORY = 3

/** The indices of the host's globals, which stand after the module's. */
export interface Globals {
  readonly fuel: number
  readonly stack: number
  readonly trap: number
  readonly pages: number
}

/** Stops the guest. */
export function trap(w: Writer, g: Globals, reason: number): Writer {
  return w.op(0x41, reason, 0x24).u32(g.trap).op(0)
}

/** Takes the i64 on the operand stack off the fuel. */
function spend(w: Writer, g: Globals): void {
  w.op(0x24).u32(g.fuel).op(0x23).u32(g.fuel).op(0x42, 0, 0x53, 0x04, 0x40)
  trap(w, g, OUT_OF_FUEL).op(0x0b)
}

/** A function with the type of import `index`: pays for the call, and for the bytes that parameter `counted` says, and calls it. */
export function gate(w: Writer, g: Globals, { params }: FuncType, index: number, counted?: number): void {
  w.op(0, 0x23).u32(g.fuel).op(0x42).signed(HOST_CALL).op(0x7d)
  if (counted !== undefined) w.op(0x20).u32(counted).op(0xad, 0x42, BULK_SHIFT, 0x88, 0x7d)
  spend(w, g)
  params.forEach((_, i) => w.op(0x20).u32(i))
  w.op(0x10).u32(index).op(0x0b)
}

/**
 * memory.grow as the guest sees it: (pages) -> pages before, or -1 beyond the maximum. The memory itself grows only if an earlier call has not left it large enough. If the
 * engine cannot, the guest stops, because an answer that depends on the machine would make its result depend on it too.
 */
export function grow(w: Writer, g: Globals, maximum: number, metered: boolean): void {
  w.op(1, 1, I32) // local 1: pages after
  w.op(0x20, 0, 0x41).signed(maximum).op(0x23).u32(g.pages).op(0x6b, 0x4b, 0x04, 0x40, 0x41, 0x7f, 0x0f, 0x0b)
  if (metered) {
    w.op(0x23).u32(g.fuel).op(0x20, 0, 0xad, 0x42).signed(GROW_PAGE).op(0x7e, 0x7d)
    spend(w, g)
  }
  w.op(0x20, 0, 0x23).u32(g.pages).op(0x6a, 0x22, 1, 0x3f, 0, 0x4b, 0x04, 0x40)
  w.op(0x20, 1, 0x3f, 0, 0x6b, 0x40, 0, 0x41, 0x7f, 0x46, 0x04, 0x40)
  trap(w, g, OUT_OF_MEMORY).op(0x0b, 0x0b)
  w.op(0x23).u32(g.pages).op(0x20, 1, 0x24).u32(g.pages).op(0x0b)
}
