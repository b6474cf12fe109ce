import { type Assembler, Op, VOID } from './assembler.js'
import type { Body, Segment } from './code.js'
import type { Graph } from './graph.js'
import { bulkPrice, type Globals, trap } from './helpers.js'
import { OUT_OF_FUEL, OUT_OF_STACK } from './reason.js'
import { F32, F64, I32, I64 } from './types.js'

/** f32.const and f64.const of the canonical NaN (Wasm spec, 4.3.3). */
const NAN32 = [0x43, 0, 0, 0xc0, 0x7f]
const NAN64 = [0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]

/** What a body is written with. */
interface Context {
  readonly bytes: Uint8Array
  readonly body: Body
  readonly g: Globals
  /** index of the function that stands for memory.grow */
  readonly grow: number
  /** the function to call for a function */
  target(index: number): number
  readonly light: Graph['light']
  /** the function counts fuel; stack */
  readonly fuel: boolean
  readonly stack: boolean
}

/** Writes a function's locals and code, with the checks in it. `writeBlockType` is called only if the body needs a block around it. */
export function writeBody(w: Assembler, { bytes, body, g, grow, target, light, fuel, stack }: Context, writeBlockType: () => void): void {
  const { groups, locals, edits } = body
  // the host's locals: fuel, size of a bulk operation, f32, f64
  const own = [I64, I32, F32, F64]
  const [fuelLocal, sizeLocal, local32, local64] = own.map((_, i) => locals + i)
  const used = { nan32: false, nan64: false }
  for (const { what } of edits) if (what === 'nan32' || what === 'nan64') used[what] = true
  const count = used.nan64 ? 4 : used.nan32 ? 3 : fuel ? (edits.some(({ what }) => what === 'bulk') ? 2 : 1) : 0
  const framed = fuel || stack

  const load = () => fuel && w.globalGet(g.fuel).localSet(fuelLocal)
  const store = () => fuel && w.localGet(fuelLocal).globalSet(g.fuel)
  /** Makes the i64 on the operand stack the fuel, and leaves `depth` blocks, and the function, if it is negative. */
  const testFuel = (depth: number) => w.localTee(fuelLocal).i64(0).op(Op.I64_LT_S).branchIf(depth)
  /** Charges a segment, with the fuel as it is on the operand stack. */
  const charge = (segment: Segment, depth: number) => {
    const cost = segment.calls.reduce((sum, callee) => sum + (light[callee] ?? 0), segment.cost)
    w.i64(cost).op(Op.I64_SUB)
    if (segment.tested) testFuel(depth)
    else w.localSet(fuelLocal)
  }
  const canonical = (local: number, constant: number[], equal: number) =>
    w
      .localTee(local)
      .op(...constant)
      .localGet(local)
      .localGet(local)
      .op(equal, Op.SELECT)

  w.u32(groups.count + count).raw(bytes, groups.start, groups.end)
  for (let i = 0; i < count; i++) w.op(1, own[i])
  if (stack) {
    w.globalGet(g.stack).i32(body.frame).op(Op.I32_SUB).globalSet(g.stack).globalGet(g.stack).i32(0).op(Op.I32_LT_S, Op.IF, VOID)
    trap(w, g, OUT_OF_STACK).op(Op.END)
  }
  if (fuel) {
    // exhaustion leads to the end of this block, so that the loops have as little code in them as can be
    w.op(Op.BLOCK, VOID).globalGet(g.fuel)
    charge(body.entry, 0)
  }
  if (framed) {
    // all other ways out lead to the end of this one
    w.op(Op.BLOCK)
    writeBlockType()
  }
  let from = body.start
  for (const { what, at, to, index, segment } of edits) {
    if (segment?.folded || (!framed && what === 'return')) continue
    w.raw(bytes, from, at)
    from = at
    switch (what) {
      case 'charge':
        if (!fuel) break
        w.localGet(fuelLocal)
        charge(segment!, index)
        break
      case 'call':
        if (light[index] !== undefined) break
        store()
        w.call(target(index))
        load()
        from = to
        break
      case 'indirect':
        store()
        w.raw(bytes, at, to)
        load()
        from = to
        break
      case 'return':
        w.branch(index - 1)
        from = to
        break
      case 'unreachable':
        store()
        break
      case 'size':
        w.globalGet(g.pages)
        from = to
        break
      case 'grow':
        store()
        w.call(grow)
        load()
        from = to
        break
      case 'bulk':
        if (!fuel) break
        // the size is on top of the operand stack
        bulkPrice(w.localTee(sizeLocal).localGet(fuelLocal).localGet(sizeLocal)).op(Op.I64_SUB)
        testFuel(index)
        break
      case 'nan32':
        canonical(local32, NAN32, Op.F32_EQ)
        break
      case 'nan64':
        canonical(local64, NAN64, Op.F64_EQ)
    }
  }
  w.raw(bytes, from, body.end)
  if (framed) {
    w.op(Op.END)
    store()
    if (stack) w.globalGet(g.stack).i32(body.frame).op(Op.I32_ADD).globalSet(g.stack)
  }
  if (fuel) {
    w.op(Op.RETURN, Op.END)
    store()
    trap(w, g, OUT_OF_FUEL)
  }
  w.op(Op.END)
}
