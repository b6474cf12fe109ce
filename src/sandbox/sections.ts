import { Reader } from './binary.js'
import { type Body, scan } from './code.js'
import type { ExportInfo, Policy } from './interface.js'
import { DEFAULTS, LIMITS, PAGE } from './limits.js'
import { F32, F64, type FuncType, I32, I64, readValueType, signature, V128, valueType } from './types.js'

/** A run of bytes of the original module. */
interface Range {
  readonly start: number
  readonly end: number
}

/** A section's vector: its items are copied as they are, with the host's own after them. */
export interface Items extends Range {
  readonly count: number
}

interface Global {
  readonly type: number
  readonly mutable: boolean
  /** the constant expression, without its end */
  readonly init: Range
  /** the value of an i32.const */
  readonly value?: number
}

interface Element {
  /** the constant expression of the offset, with its end */
  readonly offset: Range
  readonly functions: readonly number[]
}

/** A module that has passed everything but the engine's type check. */
export interface Module {
  readonly bytes: Uint8Array
  readonly types: FuncType[]
  /** type index of each function, imported functions first */
  readonly functions: number[]
  /** for each imported function, the parameter that counts bytes, if there is one */
  readonly imports: (number | undefined)[]
  readonly globals: Global[]
  readonly exports: Map<string, ExportInfo>
  /** functions that the host can call: exports and the start function */
  readonly roots: Set<number>
  readonly elements: Element[]
  /** of the functions that are not imported */
  readonly bodies: Body[]
  /** by section id */
  readonly sections: Map<number, Items>
  memory?: { initial: number; maximum: number }
  /** entries of table 0, if there is one */
  table?: number
  start?: number
  /** of all functions, so far */
  locals: number
  edits: number
  /** v128 is in a function type or a global */
  vectors: boolean
}

// Section ids (Wasm spec, 5.5.2)
export const TYPE = 1
export const IMPORT = 2
export const FUNCTION = 3
export const TABLE = 4
export const MEMORY = 5
export const GLOBAL = 6
export const EXPORT = 7
const START = 8
export const ELEMENT = 9
export const CODE = 10
export const DATA = 11
const DATA_COUNT = 12

const ORDER = [TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, DATA_COUNT, CODE, DATA]

/** Reads a module and holds it against the allow-list. Throws a SandboxError with the offset of the first thing that is not on it. */
export function parse(bytes: Uint8Array, policy: Policy): Module {
  const limit = policy.maxModuleSize ?? DEFAULTS.maxModuleSize
  const r = new Reader(bytes)
  if (bytes.length > limit) r.refuse('LIMIT', `got a module of ${bytes.length} bytes, expected at most ${limit}`)
  for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) r.expect(byte, 'magic and version of Wasm 1', 'NOT_WASM')

  const module: Module = {
    bytes,
    types: [],
    functions: [],
    imports: [],
    globals: [],
    exports: new Map(),
    roots: new Set(),
    elements: [],
    bodies: [],
    sections: new Map(),
    locals: 0,
    edits: 0,
    vectors: false
  }
  let last = -1
  while (r.pos < bytes.length) {
    const at = r.pos
    const id = r.byte()
    const size = r.u32()
    const start = r.pos
    r.skip(size)
    const end = r.pos
    r.pos = start
    r.end = end
    if (id === 0) {
      r.name()
      r.pos = end
    } else {
      const rank = ORDER.indexOf(id)
      if (rank < 0) r.refuse(id === 13 ? 'FEATURE' : 'MALFORMED', `got section ${id}, expected one of 0 to 12`, at)
      if (rank <= last) r.refuse('MALFORMED', `got section ${id} out of order or for the second time`, at)
      last = rank
      section(r, id, module, policy)
    }
    if (r.pos !== end) r.refuse('MALFORMED', `got ${end - r.pos} bytes after the content of section ${id}, expected none`)
    r.end = bytes.length
  }
  complete(r, module)
  return module
}

/** What only the whole module shows. */
function complete(r: Reader, module: Module): void {
  const { functions, imports, bodies } = module
  if (functions.length - imports.length !== bodies.length) {
    r.refuse('MALFORMED', `got ${bodies.length} function bodies, expected ${functions.length - imports.length}`)
  }
  if (module.exports.get('memory')?.kind !== 'memory') r.refuse('EXPORT', 'got no memory exported as "memory", expected one')
}

function section(r: Reader, id: number, module: Module, policy: Policy): void {
  const { types, functions, globals } = module
  if (id === START) {
    module.start = r.index(functions.length, 'function')
    if (module.start < module.imports.length) r.refuse('IMPORT', 'got an imported start function, expected one of the module')
    module.roots.add(module.start)
    return
  }
  if (id === DATA_COUNT) {
    r.u32()
    return
  }
  const vector = (limit: number, what: string, item: () => unknown) => {
    const count = r.count(limit, what)
    const start = r.pos
    for (let i = 0; i < count; i++) item()
    module.sections.set(id, { count, start, end: r.pos })
  }
  switch (id) {
    case TYPE:
      return vector(LIMITS.types, 'types', () => types.push(readType(r, module)))
    case IMPORT:
      return vector(LIMITS.imports, 'imports', () => readImport(r, module, policy))
    case FUNCTION:
      return vector(LIMITS.functions, 'functions', () => functions.push(r.index(types.length, 'type')))
    case TABLE:
      return vector(1, 'tables', () => (module.table = readTable(r)))
    case MEMORY:
      return vector(1, 'memories', () => (module.memory = readMemory(r, policy)))
    case GLOBAL:
      return vector(LIMITS.globals, 'globals', () => globals.push(readGlobal(r, module)))
    case EXPORT:
      return vector(LIMITS.exports, 'exports', () => readExport(r, module))
    case ELEMENT:
      return vector(LIMITS.segments, 'element segments', () => module.elements.push(readElement(r, module)))
    case CODE:
      return vector(LIMITS.functions, 'function bodies', () => module.bodies.push(readBody(r, module)))
    default:
      return vector(LIMITS.segments, 'data segments', () => readData(r, module))
  }
}

function readType(r: Reader, module: Module): FuncType {
  r.expect(0x60, 'a function type', 'FEATURE')
  const params = Array.from({ length: r.count(LIMITS.params, 'parameters') }, () => readValueType(r))
  const results = Array.from({ length: r.count(LIMITS.results, 'results') }, () => readValueType(r))
  module.vectors ||= params.includes(V128) || results.includes(V128)
  return { params, results }
}

function readImport(r: Reader, module: Module, policy: Policy): void {
  const at = r.pos
  const from = r.name()
  const name = r.name()
  if (r.byte() !== 0) r.refuse('IMPORT', `got import "${from}" "${name}" of kind ${r.bytes[r.pos - 1]}, expected functions only`, at)
  const type = r.index(module.types.length, 'type')
  const rule = policy.imports.find((rule) => rule.module === from && rule.name === name)
  if (!rule) return r.refuse('IMPORT', `got import "${from}" "${name}", which the policy does not have`, at)
  const got = signature(module.types[type])
  if (`${got.params}:${got.results}` !== `${rule.params}:${rule.results}`) {
    r.refuse('IMPORT', `got import "${from}" "${name}" as (${got.params}) -> (${got.results}), expected (${rule.params}) -> (${rule.results})`, at)
  }
  module.functions.push(type)
  module.imports.push(rule.bytes)
}

/** Limits: a minimum, and a maximum if the flag says so. */
function readLimits(r: Reader, what: string): [minimum: number, maximum: number] {
  const at = r.pos
  const flags = r.byte()
  if (flags > 1) r.refuse('FEATURE', `got ${what} flags ${flags} (shared, 64-bit or custom pages), expected 0 or 1`, at)
  const minimum = r.u32()
  const maximum = flags ? r.u32() : Infinity
  if (maximum < minimum) r.refuse('INVALID', `got ${what} maximum ${maximum}, expected at least the minimum, ${minimum}`, at)
  return [minimum, maximum]
}

function readTable(r: Reader): number {
  r.expect(0x70, 'a table of functions', 'FEATURE')
  const at = r.pos
  const [minimum] = readLimits(r, 'table')
  if (minimum > LIMITS.table) r.refuse('LIMIT', `got a table of ${minimum} entries, expected at most ${LIMITS.table}`, at)
  return minimum
}

function readMemory(r: Reader, policy: Policy): { initial: number; maximum: number } {
  const at = r.pos
  const [initial, wanted] = readLimits(r, 'memory')
  const cap = Math.min(65_536, Math.floor((policy.maxMemory ?? DEFAULTS.maxMemory) / PAGE))
  if (initial > cap) r.refuse('LIMIT', `got a memory of ${initial} pages, expected at most ${cap}`, at)
  return { initial, maximum: Math.min(wanted, cap) }
}

/** A constant expression: one constant and the end. There are no imported globals that it could read. */
function readConstant(r: Reader, type: number): { range: Range; value?: number } {
  const start = r.pos
  const op = r.byte()
  const expected = { [I32]: 0x41, [I64]: 0x42, [F32]: 0x43, [F64]: 0x44, [V128]: 0xfd }[type]
  if (op !== expected) r.refuse('FEATURE', `got 0x${op.toString(16)}, expected a constant of type ${valueType(type)}`, start)
  let value: number | undefined
  if (type === I32) value = r.signed(32)
  else if (type === I64) r.signed(64)
  else if (type === F32) r.skip(4)
  else if (type === F64) r.skip(8)
  else {
    if (r.u32() !== 12) r.refuse('FEATURE', 'got an instruction that is no constant, expected v128.const', start)
    r.skip(16)
  }
  const range = { start, end: r.pos }
  r.expect(0x0b, 'the end of a constant expression', 'FEATURE')
  return { range, value }
}

function readGlobal(r: Reader, module: Module): Global {
  const type = readValueType(r)
  module.vectors ||= type === V128
  const mutable = r.byte()
  if (mutable > 1) r.refuse('MALFORMED', `got mutability ${mutable}, expected 0 or 1`, r.pos - 1)
  const { range, value } = readConstant(r, type)
  return { type, mutable: mutable === 1, init: range, value }
}

function readExport(r: Reader, module: Module): void {
  const at = r.pos
  const name = r.name()
  if (name.startsWith('$')) r.refuse('EXPORT', `got an export "${name}", expected no names with $, which are the host's`, at)
  if (module.exports.has(name)) r.refuse('INVALID', `got export "${name}" for the second time`, at)
  const kind = r.byte()
  if (kind === 0) {
    const index = r.index(module.functions.length, 'function')
    if (index < module.imports.length) r.refuse('EXPORT', `got an import exported as "${name}", expected a function of the module`, at)
    module.roots.add(index)
    module.exports.set(name, { kind: 'function', signature: signature(module.types[module.functions[index]]) })
  } else if (kind === 1) {
    r.index(module.table === undefined ? 0 : 1, 'table')
    module.exports.set(name, { kind: 'table' })
  } else if (kind === 2) {
    r.index(module.memory ? 1 : 0, 'memory')
    module.exports.set(name, { kind: 'memory' })
  } else if (kind === 3) {
    const { type, mutable, value } = module.globals[r.index(module.globals.length, 'global')]
    if (mutable) r.refuse('EXPORT', `got a mutable global exported as "${name}", expected immutable ones only`, at)
    module.exports.set(name, { kind: 'global', type: valueType(type), mutable, value })
  } else r.refuse('FEATURE', `got an export of kind ${kind}, expected 0 to 3`, at)
}

function readElement(r: Reader, module: Module): Element {
  const at = r.pos
  const flags = r.u32()
  if (flags !== 0 && flags !== 2) r.refuse('FEATURE', `got an element segment with flags ${flags}, expected an active one of function indices (0 or 2)`, at)
  if ((flags === 2 && r.u32() !== 0) || module.table === undefined) r.refuse('INVALID', 'got an element segment of a table that there is not', at)
  const start = r.pos
  const { value } = readConstant(r, I32)
  const offset = { start, end: r.pos }
  if (flags === 2) r.expect(0, 'function indices')
  const functions = Array.from({ length: r.count(LIMITS.table, 'entries') }, () => r.index(module.functions.length, 'function'))
  if ((value! >>> 0) + functions.length > module.table!)
    r.refuse('INVALID', `got ${functions.length} entries at ${value! >>> 0}, expected them within the table's ${module.table}`, at)
  return { offset, functions }
}

function readData(r: Reader, module: Module): void {
  const at = r.pos
  const flags = r.u32()
  if (flags === 1) r.refuse('FEATURE', 'got a passive data segment, expected active ones only', at)
  if (flags > 2) r.refuse('MALFORMED', `got a data segment with flags ${flags}, expected 0 or 2`, at)
  if ((flags === 2 && r.u32() !== 0) || !module.memory) r.refuse('INVALID', 'got a data segment of a memory that there is not', at)
  const { value } = readConstant(r, I32)
  const length = r.u32()
  r.skip(length)
  const size = module.memory!.initial * PAGE
  if ((value! >>> 0) + length > size) r.refuse('INVALID', `got ${length} bytes of data at ${value! >>> 0}, expected them within the ${size} of the memory`, at)
}

function readBody(r: Reader, module: Module): Body {
  const at = r.pos
  const index = module.imports.length + module.bodies.length
  if (index >= module.functions.length) r.refuse('MALFORMED', 'got more function bodies than functions', at)
  const size = r.u32()
  if (size > LIMITS.body) r.refuse('LIMIT', `got a function of ${size} bytes, expected at most ${LIMITS.body}`, at)
  const start = r.pos
  r.skip(size)
  const { pos: end, end: sectionEnd } = r
  r.pos = start
  r.end = end
  const body = scan(r, module, module.types[module.functions[index]])
  if (r.pos !== end) r.refuse('MALFORMED', `got ${end - r.pos} bytes after the end of a function, expected none`)
  r.end = sectionEnd
  return body
}
