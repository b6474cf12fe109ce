import type { Writer } from './binary.js'
import type { Body, Segment } from './code.js'
import type { Graph } from './graph.js'
import { type Globals, OUT_OF_FUEL, OUT_OF_STACK, trap } from './helpers.js'
import { BULK_SHIFT } from './schedule.js'
import { F32, F64, I32, I64 } from './types.js'

/** Bytes of the canonical NaN (Wasm spec, 4.3.3), little-endian. */
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
export function writeBody(w: Writer, { bytes, body, g, grow, target, light, fuel, stack }: Context, writeBlockType: () => void): void {
  const { groups, locals, edits } = body
  // the host's locals: fuel, size of a bulk operation, f32, f64
  const own = [I64, I32, F32, F64]
  const [fuelLocal, sizeLocal, local32, local64] = own.map((_, i) => locals + i)
  const used = { nan32: false, nan64: false }
  for (const { what } of edits) if (what === 'nan32' || what === 'nan64') used[what] = true
  const count = used.nan64 ? 4 : used.nan32 ? 3 : fuel ? edits.some(({ what }) => what === 'bulk') ? 2 : 1 : 0
  const framed = fuel || stack

  const load = () => fuel && w.op(0x23).u32(g.fuel).op(0x21).u32(fuelLocal)
  const store = () => fuel && w.op(0x20).u32(fuelLocal).op(0x24).u32(g.fuel)
  /** Leaves `depth` blocks, and the function, if the i64 on the operand stack is negative. */
  const testFuel = (depth: number) => w.op(0x42, 0, 0x53, 0x0d).u32(depth)
  /** Charges a segment, with the fuel as it is on the operand stack. */
  const charge = (segment: Segment, depth: number) => {
    const cost = segment.calls.reduce((sum, callee) => sum + (light[callee] ?? 0), segment.cost)
    w.op(0x42).signed(cost).op(0x7d, segment.tested ? 0x22 : 0x21).u32(fuelLocal)
    if (segment.tested) testFuel(depth)
  }
  const canonical = (local: number, constant: number[], equal: number) =>
    w.op(0x22).u32(local).op(...constant, 0x20).u32(local).op(0x20).u32(local).op(equal, 0x1b)

  w.u32(groups.count + count).raw(bytes, groups.start, groups.end)
  for (let i = 0; i < count; i++) w.op(1, own[i])
  if (stack) {
    w.op(0x23).u32(g.stack).op(0x41).signed(body.frame).op(0x6b, 0x24).u32(g.stack).op(0x23).u32(g.stack)
    w.op(0x41, 0, 0x48, 0x04, 0x40)
    trap(w, g, OUT_OF_STACK).op(0x0b)
  }
  if (fuel) {
    // exhaustion leads to the end of this block, so that the loops have as little code in them as can be
    w.op(0x02, 0x40, 0x23).u32(g.fuel)
    charge(body.entry, 0)
  }
  if (framed) {
    // all other ways out lead to the end of this one
    w.op(0x02)
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
        w.op(0x20).u32(fuelLocal)
        charge(segment!, index)
        break
      case 'call':
        if (light[index] !== undefined) break
        store()
        w.op(0x10).u32(target(index))
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
        w.op(0x0c).u32(index - 1)
        from = to
        break
      case 'unreachable':
        store()
        break
      case 'size':
        w.op(0x23).u32(g.pages)
        from = to
        break
      case 'grow':
        store()
        w.op(0x10).u32(grow)
        load()
        from = to
        break
      case 'bulk':
        if (!fuel) break
        w.op(0x22).u32(sizeLocal).op(0x20).u32(fuelLocal).op(0x20).u32(sizeLocal)
        w.op(0xad, 0x42, BULK_SHIFT, 0x88, 0x7d, 0x22).u32(fuelLocal)
        testFuel(index)
        break
      case 'nan32':
        canonical(local32, NAN32, 0x5b)
        break
      case 'nan64':
        canonical(local64, NAN64, 0x61)
    }
  }
  w.raw(bytes, from, body.end)
  if (framed) {
    w.op(0x0b)
    store()
    if (stack) w.op(0x23).u32(g.stack).op(0x41).signed(body.frame).op(0x6a, 0x24).u32(g.stack)
  }
  if (fuel) {
    w.op(0x0f, 0x0b)
    store()
    trap(w, g, OUT_OF_FUEL)
  }
  w.op(0x0b)
}
