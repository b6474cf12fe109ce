import { Assembler, Op } from './assembler.js'
import { Writer } from './binary.js'
import { writeBody } from './body.js'
import type { Graph } from './graph.js'
import { type Globals, gate, grow } from './helpers.js'
import { CODE, DATA, ELEMENT, EXPORT, FUNCTION, GLOBAL, IMPORT, type Items, MEMORY, type Module, TABLE, TYPE } from './sections.js'
import { get, set, slotsOf } from './slots.js'
import { F64, type FuncType, I32, I64, typeKey } from './types.js'

/** A function of the host's. `write` gives its locals and its code. */
interface Helper {
  readonly type: FuncType
  readonly name?: string
  write(w: Assembler): void
}

/** Writes the module with the host's checks in it. Indices of the module's own functions, globals and types stay as they are. */
export function instrument(module: Module, graph: Graph, maxStack: number, metered: boolean, resumable: boolean): Uint8Array {
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
      newTypes.set(key, (index = types.length + added.length))
      added.push(type)
    }
    return index
  }

  // The state that `$start` restores: mutable globals, and pages. With a start function it is what that left behind, kept in shadows of the globals.
  const state = globals.flatMap(({ mutable }, i) => (mutable ? [i] : [])).concat(g.pages)
  const shadow = (i: number) => g.pages + 1 + i
  const copy = (w: Assembler, from: number, to: number) => w.globalGet(from).globalSet(to)
  const initial = (w: Assembler, index: number) =>
    index === g.pages ? w.i32(memory.initial) : w.raw(bytes, globals[index].init.start, globals[index].init.end)

  const helpers: Helper[] = [
    { type: { params: [I32], results: [I32] }, write: (w) => grow(w, g, memory.maximum, metered) },
    {
      name: '$start',
      type: { params: [F64], results: [] },
      write(w) {
        w.op(0).localGet(0).truncate().globalSet(g.fuel)
        w.i32(maxStack - graph.stack).globalSet(g.stack)
        w.i32(0).globalSet(g.trap)
        state.forEach((index, i) => (hasStart ? copy(w, shadow(i), index) : initial(w, index).globalSet(index)))
        w.op(Op.END)
      }
    },
    { name: '$fuel', type: { params: [], results: [F64] }, write: (w) => w.op(0).globalGet(g.fuel).op(Op.F64_CONVERT_I64_S, Op.END) },
    { name: '$pages', type: { params: [], results: [I32] }, write: (w) => w.op(0).globalGet(g.pages).op(Op.END) },
    { name: '$trap', type: { params: [], results: [I32] }, write: (w) => w.op(0).globalGet(g.trap).op(Op.END) }
  ]
  if (hasStart) {
    helpers.push({
      name: '$snapshot',
      type: { params: [], results: [] },
      write(w) {
        w.op(0)
        state.forEach((index, i) => copy(w, index, shadow(i)))
        w.op(Op.END)
      }
    })
  }
  if (resumable) {
    const slots = slotsOf(state.map((index) => ({ index, type: globals[index]?.type ?? I32 })))
    helpers.push(
      {
        name: '$resume',
        type: { params: [F64], results: [] },
        // a call that has returned has left the stack empty and no trap behind
        write: (w) => w.op(0).localGet(0).truncate().globalSet(g.fuel).op(Op.END)
      },
      { name: '$slots', type: { params: [], results: [I32] }, write: (w) => w.op(0).i32(slots.length).op(Op.END) },
      { name: '$get', type: { params: [I32], results: [I64] }, write: (w) => get(w, slots) },
      { name: '$set', type: { params: [I32, I64], results: [] }, write: (w) => set(w, slots) }
    )
  }
  const growIndex = functions.length
  // An imported function is called through one that pays for it.
  const firstGate = growIndex + helpers.length
  if (metered) imports.forEach((counted, i) => helpers.push({ type: types[functions[i]], write: (w) => gate(w, g, types[functions[i]], i, counted) }))
  const target = (index: number) => (metered && index < imports.length ? firstGate + index : index)

  const code = new Writer()
  const w = new Assembler()
  const put = (write: (w: Assembler) => void) => {
    w.length = 0
    write(w)
    code.sized(w)
  }
  code.u32(bodies.length + helpers.length)
  bodies.forEach((body, i) => {
    const index = imports.length + i
    const context = {
      bytes,
      body,
      g,
      grow: growIndex,
      target,
      light: graph.light,
      fuel: metered && graph.light[index] === undefined,
      stack: graph.recursive[index]
    }
    const { results } = types[functions[index]]
    put((w) =>
      writeBody(w, context, () => {
        if (results.length > 1) w.signed(typeOf({ params: [], results }))
        else w.op(results[0] ?? 0x40)
      })
    )
  })
  helpers.forEach((helper) => put(helper.write))
  const helperTypes = helpers.map(({ type }) => typeOf(type))

  const out = new Writer().op(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  const part = new Assembler()
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
    for (const { params, results } of added)
      part
        .op(0x60)
        .u32(params.length)
        .op(...params)
        .u32(results.length)
        .op(...results)
  })
  extend(IMPORT, 0)
  extend(FUNCTION, helpers.length, () => helperTypes.forEach((type) => part.u32(type)))
  extend(TABLE, 0)
  section(MEMORY, () => part.op(1, 1).u32(memory.initial).u32(memory.maximum))
  extend(GLOBAL, 4 + (hasStart ? state.length : 0), () => {
    part.op(I64, 1).i64(0).op(Op.END)
    for (let i = 0; i < 2; i++) part.op(I32, 1).i32(0).op(Op.END)
    const more = hasStart ? [g.pages, ...state] : [g.pages]
    for (const index of more) initial(part.op(globals[index]?.type ?? I32, 1), index).op(Op.END)
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
