import { Writer } from './binary.js'
import type { Body, Segment } from './code.js'
import type { Graph } from './graph.js'
import { BULK_SHIFT, GROW_PAGE, HOST_CALL } from './schedule.js'
import {
  CODE, DATA, ELEMENT, EXPORT, FUNCTION, GLOBAL, IMPORT, type Items, MEMORY, type Module, TABLE, TYPE
} from './sections.js'
import { F32, F64, type FuncType, I32, I64, typeKey } from './types.js'

/** What `$trap` answers: why the host's code stopped the guest. */
export const OUT_OF_FUEL = 1
export const OUT_OF_STACK = 2
export const OUT_OF_MEMORY = 3

/** Bytes of the canonical NaN (Wasm spec, 4.3.3), little-endian. */
const NAN32 = [0x43, 0, 0, 0xc0, 0x7f]
const NAN64 = [0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]

/** The indices of the host's globals, which stand after the module's. */
interface Globals {
  readonly fuel: number
  readonly stack: number
  readonly trap: number
  readonly pages: number
}

/** One function more. */
interface Helper {
  readonly type: FuncType
  readonly name?: string
  write(w: Writer): void
}

/** Writes the module with the host's checks in it. Indices of the module's own functions, globals and types stay as they are. */
export function instrument(module: Module, graph: Graph, maxStack: number, metered: boolean): Uint8Array {
  const { bytes, types, functions, globals, imports, bodies, sections } = module
  const memory = module.memory!
  const base = globals.length
  const g: Globals = { fuel: base, stack: base + 1, trap: base + 2, pages: base + 3 }
  const hasStart = module.start !== undefined
  const newTypes = new Map<string, number>()
  types.forEach((type, i) => newTypes.has(typeKey(type)) || newTypes.set(typeKey(type), i))
  const added: FuncType[] = []

  const typeOf = (type: FuncType): number => {
    const key = typeKey(type)
    let index = newTypes.get(key)
    if (index === undefined) {
      newTypes.set(key, index = types.length + added.length)
      added.push(type)
    }
    return index
  }

  // The state that `$start` restores: mutable globals, and pages. With a start function it is what that left behind, kept in shadows of the globals.
  const state = globals.flatMap(({ mutable }, i) => (mutable ? [i] : [])).concat(g.pages)
  const shadow = (i: number) => g.pages + 1 + i
  const copy = (w: Writer, from: number, to: number) => w.op(0x23).u32(from).op(0x24).u32(to)
  const initial = (w: Writer, index: number) =>
    index === g.pages ? w.op(0x41).signed(memory.initial) : w.raw(bytes, globals[index].init.start, globals[index].init.end)

  const helpers: Helper[] = [
    { type: { params: [I32], results: [I32] }, write: (w) => grow(w, g, memory.maximum, metered) },
    {
      name: '$start', type: { params: [F64], results: [] }, write(w) {
        w.op(0, 0x20, 0, 0xfc, 7, 0x24).u32(g.fuel)
        w.op(0x41).signed(maxStack - graph.stack).op(0x24).u32(g.stack)
        w.op(0x41, 0, 0x24).u32(g.trap)
        state.forEach((index, i) => hasStart ? copy(w, shadow(i), index) : initial(w, index).op(0x24).u32(index))
        w.op(0x0b)
      }
    },
    { name: '$fuel', type: { params: [], results: [F64] }, write: (w) => w.op(0, 0x23).u32(g.fuel).op(0xb9, 0x0b) },
    { name: '$pages', type: { params: [], results: [I32] }, write: (w) => w.op(0, 0x23).u32(g.pages).op(0x0b) },
    { name: '$trap', type: { params: [], results: [I32] }, write: (w) => w.op(0, 0x23).u32(g.trap).op(0x0b) }
  ]
  if (hasStart) {
    helpers.push({
      name: '$snapshot', type: { params: [], results: [] }, write(w) {
        w.op(0)
        state.forEach((index, i) => copy(w, index, shadow(i)))
        w.op(0x0b)
      }
    })
  }
  const growIndex = functions.length
  // An imported function is called through one that pays for it.
  const firstGate = growIndex + helpers.length
  if (metered) imports.forEach((counted, i) => helpers.push({ type: types[functions[i]], write: (w) => gate(w, g, types[functions[i]], i, counted) }))
  const target = (index: number) => metered && index < imports.length ? firstGate + index : index

  const code = new Writer()
  const w = new Writer()
  const put = (write: (w: Writer) => void) => {
    w.length = 0
    write(w)
    code.sized(w)
  }
  code.u32(bodies.length + helpers.length)
  bodies.forEach((body, i) => {
    const index = imports.length + i
    const context: Context = {
      bytes, body, g, grow: growIndex, target,
      light: graph.light,
      fuel: metered && graph.light[index] === undefined,
      stack: graph.recursive[index]
    }
    const { results } = types[functions[index]]
    put((w) => writeBody(w, context, () => {
      if (results.length > 1) w.signed(typeOf({ params: [], results }))
      else w.op(results[0] ?? 0x40)
    }))
  })
  helpers.forEach((helper) => put(helper.write))
  const helperTypes = helpers.map(({ type }) => typeOf(type))

  const out = new Writer().op(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  const part = new Writer()
  const section = (id: number, write: () => unknown) => {
    part.length = 0
    write()
    out.op(id).sized(part)
  }
  const none: Items = { count: 0, start: 0, end: 0 }
  /** A section of the original, with `more` items after its own. */
  const extend = (id: number, more: number, write: () => unknown = () => 0) => {
    const { count, start, end } = sections.get(id) ?? none
    if (count + more === 0) return
    section(id, () => {
      part.u32(count + more).raw(bytes, start, end)
      write()
    })
  }
  extend(TYPE, added.length, () => {
    for (const { params, results } of added) part.op(0x60).u32(params.length).op(...params).u32(results.length).op(...results)
  })
  extend(IMPORT, 0)
  extend(FUNCTION, helpers.length, () => helperTypes.forEach((type) => part.u32(type)))
  extend(TABLE, 0)
  section(MEMORY, () => part.op(1, 1).u32(memory.initial).u32(memory.maximum))
  extend(GLOBAL, 4 + (hasStart ? state.length : 0), () => {
    part.op(I64, 1, 0x42, 0, 0x0b, I32, 1, 0x41, 0, 0x0b, I32, 1, 0x41, 0, 0x0b)
    const more = hasStart ? [g.pages, ...state] : [g.pages]
    for (const index of more) initial(part.op(globals[index]?.type ?? I32, 1), index).op(0x0b)
  })
  const named = helpers.flatMap(({ name }, i) => (name ? [{ name, index: growIndex + i }] : []))
  if (hasStart) named.push({ name: '$start_function', index: module.start! })
  extend(EXPORT, named.length, () => {
    for (const { name, index } of named) part.name(name).op(0).u32(index)
  })
  if (module.elements.length) {
    section(ELEMENT, () => {
      part.u32(module.elements.length)
      for (const { offset, functions } of module.elements) {
        part.op(0).raw(bytes, offset.start, offset.end).u32(functions.length)
        for (const index of functions) part.u32(target(index))
      }
    })
  }
  out.op(CODE).sized(code)
  extend(DATA, 0)
  return out.view().slice()
}

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

/** `writeBlockType` is called only if the body needs a block around it. */
function writeBody(w: Writer, { bytes, body, g, grow, target, light, fuel, stack }: Context, writeBlockType: () => void): void {
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
  const testFuel = () => {
    w.op(0x42, 0, 0x53, 0x04, 0x40)
    store()
    trap(w, g, OUT_OF_FUEL).op(0x0b)
  }
  const charge = (segment: Segment, from: number, fromIndex: number) => {
    const cost = segment.calls.reduce((sum, callee) => sum + (light[callee] ?? 0), segment.cost)
    w.op(from).u32(fromIndex).op(0x42).signed(cost).op(0x7d)
    if (segment.tested) {
      w.op(0x22).u32(fuelLocal)
      testFuel()
    } else w.op(0x21).u32(fuelLocal)
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
  if (fuel) charge(body.entry, 0x23, g.fuel)
  if (framed) {
    // all ways out lead to the end of this block
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
        if (fuel) charge(segment!, 0x20, fuelLocal)
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
        w.op(0x0c).u32(index)
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
        testFuel()
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
  w.op(0x0b)
}

/** Stops the guest. */
function trap(w: Writer, g: Globals, reason: number): Writer {
  return w.op(0x41, reason, 0x24).u32(g.trap).op(0)
}

/** Takes the i64 on the operand stack off the fuel. */
function spend(w: Writer, g: Globals): void {
  w.op(0x24).u32(g.fuel).op(0x23).u32(g.fuel).op(0x42, 0, 0x53, 0x04, 0x40)
  trap(w, g, OUT_OF_FUEL).op(0x0b)
}

/** A function with the type of import `index`: pays for the call, and for the bytes that parameter `counted` says, and calls it. */
function gate(w: Writer, g: Globals, { params }: FuncType, index: number, counted?: number): void {
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
function grow(w: Writer, g: Globals, maximum: number, metered: boolean): void {
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
