import { type Assembler, Op, VOID } from './assembler.js'
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
export function trap(w: Assembler, g: Globals, reason: number): Assembler {
  return w.i32(reason).globalSet(g.trap).op(Op.UNREACHABLE)
}

/** Makes the i64 on the operand stack the fuel left. */
function setFuel(w: Assembler, g: Globals): void {
  w.globalSet(g.fuel).globalGet(g.fuel).i64(0).op(Op.I64_LT_S, Op.IF, VOID)
  trap(w, g, OUT_OF_FUEL).op(Op.END)
}

/** From the bytes, an i32 on the operand stack, to their price, an i64. */
export function bulkPrice(w: Assembler): Assembler {
  return w.op(Op.I64_EXTEND_I32_U).i64(BULK_SHIFT).op(Op.I64_SHR_U)
}

/** A function with the type of import `index`: pays for the call, and for the bytes that parameter `counted` says, and calls it. */
export function gate(w: Assembler, g: Globals, { params }: FuncType, index: number, counted?: number): void {
  w.op(0) // no locals
  w.globalGet(g.fuel).i64(HOST_CALL).op(Op.I64_SUB)
  if (counted !== undefined) bulkPrice(w.localGet(counted)).op(Op.I64_SUB)
  setFuel(w, g)
  params.forEach((_, i) => w.localGet(i))
  w.call(index).op(Op.END)
}

/**
 * memory.grow as the guest sees it: (pages) -> pages before, or -1 beyond the maximum. The memory itself grows only if an earlier call has not left it large enough. If the
 * engine cannot, the guest stops, because an answer that depends on the machine would make its result depend on it too.
 */
export function grow(w: Assembler, g: Globals, maximum: number, metered: boolean): void {
  const more = 0
  const after = 1
  w.op(1, 1, I32) // one local
  w.localGet(more).i32(maximum).globalGet(g.pages).op(Op.I32_SUB, Op.I32_GT_U, Op.IF, VOID).i32(-1).op(Op.RETURN, Op.END)
  if (metered) {
    w.globalGet(g.fuel).localGet(more).op(Op.I64_EXTEND_I32_U).i64(GROW_PAGE).op(Op.I64_MUL, Op.I64_SUB)
    setFuel(w, g)
  }
  w.localGet(more).globalGet(g.pages).op(Op.I32_ADD).localTee(after).memorySize().op(Op.I32_GT_U, Op.IF, VOID)
  w.localGet(after).memorySize().op(Op.I32_SUB).memoryGrow().i32(-1).op(Op.I32_EQ, Op.IF, VOID)
  trap(w, g, OUT_OF_MEMORY).op(Op.END, Op.END)
  w.globalGet(g.pages).localGet(after).globalSet(g.pages).op(Op.END)
}
