/**
 * The globals of a module as a row of 64-bit slots, which the host reads and writes one by one to take a guest's state out and to put it in: integers, since a float may lose
 * the bits of a NaN on its way through JavaScript.
 */
import { type Assembler, Op, VOID } from './assembler.js'
import { F32, F64, I32, V128 } from './types.js'

interface Slot {
  /** index of the global */
  readonly global: number
  readonly type: number
  /** the half of a v128 */
  readonly lane: number
}

/** A v128 takes two slots, every other type one. */
export function slotsOf(globals: readonly { readonly index: number; readonly type: number }[]): Slot[] {
  return globals.flatMap(({ index: global, type }) => (type === V128 ? [0, 1] : [0]).map((lane) => ({ global, type, lane })))
}

/** (slot) -> bits, in the lower half if there are 32. */
export function get(w: Assembler, slots: readonly Slot[]): void {
  choose(w, slots, ({ global, type, lane }) => {
    w.globalGet(global)
    if (type === V128) w.lane(Op.I64X2_EXTRACT_LANE, lane)
    else if (type === F64) w.op(Op.I64_REINTERPRET_F64)
    else {
      if (type === F32) w.op(Op.I32_REINTERPRET_F32)
      if (type === F32 || type === I32) w.op(Op.I64_EXTEND_I32_U)
    }
  })
}

/** (slot, bits). What a global of 32 bits cannot hold is left out: `get` shows it. */
export function set(w: Assembler, slots: readonly Slot[]): void {
  choose(w, slots, ({ global, type, lane }) => {
    if (type === V128) w.globalGet(global)
    w.localGet(1)
    if (type === V128) w.lane(Op.I64X2_REPLACE_LANE, lane)
    else if (type === F64) w.op(Op.F64_REINTERPRET_I64)
    else {
      if (type === F32 || type === I32) w.op(Op.I32_WRAP_I64)
      if (type === F32) w.op(Op.F32_REINTERPRET_I32)
    }
    w.globalSet(global)
  })
}

/** A function's code with a case for each slot that its first parameter can say. */
function choose(w: Assembler, slots: readonly Slot[], write: (slot: Slot) => void): void {
  w.op(0) // no locals
  for (let i = 0; i <= slots.length; i++) w.op(Op.BLOCK, VOID)
  w.localGet(0).op(Op.BR_TABLE).u32(slots.length)
  for (let i = 0; i <= slots.length; i++) w.u32(i)
  for (const slot of slots) {
    w.op(Op.END)
    write(slot)
    w.op(Op.RETURN)
  }
  w.op(Op.END, Op.UNREACHABLE, Op.END)
}
