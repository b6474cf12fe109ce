import type { Reader } from './binary.js'
import { LIMITS } from './limits.js'
import { feature, LANE, MEMARG, MEMARG_LANE, makesNaN32, makesNaN64, plain, SIXTEEN, simd } from './opcodes.js'
import { BASE, BULK_BASE, FOLD, FOLD_TURN, LOCALS_SHIFT, price } from './schedule.js'
import type { Module } from './sections.js'
import { type FuncType, readValueType, V128 } from './types.js'

/**
 * A piece of code that is paid for at once, where it is entered. Paying at the start of a run that may be left early makes fuel an upper bound, and a cheap one.
 */
export interface Segment {
  /** where the charge stands, in the original module */
  readonly at: number
  /** the charge is tested against zero: at function entry and at loop headers */
  readonly tested: boolean
  /** prices of the instructions */
  cost: number
  /** functions called, whose cost is added if they turn out to be light */
  readonly calls: number[]
  /** the parent pays for it */
  folded: boolean
}

/** Where the instrumented code differs from the original, in the order of the code: bytes `at … to` are replaced or, if there are none, code is put in. */
interface Edit {
  readonly what: 'charge' | 'call' | 'indirect' | 'return' | 'unreachable' | 'size' | 'grow' | 'bulk' | 'nan32' | 'nan64'
  readonly at: number
  readonly to: number
  /** of a charge */
  readonly segment?: Segment
  /** the function called, or how many blocks are open */
  readonly index: number
}

/** A function body, as instrumentation needs it. */
export interface Body {
  /** the groups of locals, without their count */
  readonly groups: { readonly count: number; readonly start: number; readonly end: number }
  /** the instructions, without the end of the function */
  readonly start: number
  readonly end: number
  /** parameters and locals */
  readonly locals: number
  /** size on the stack, in slots */
  readonly frame: number
  readonly edits: Edit[]
  readonly entry: Segment
  /** prices of all instructions */
  readonly cost: number
  /** call sites of functions, and types of indirect calls */
  readonly calls: number[]
  readonly indirect: number[]
  /** no loops, no memory management: its cost is bounded by its size */
  readonly bounded: boolean
}

const BLOCK = 0x02
const LOOP = 0x03
const IF = 0x04
const ELSE = 0x05
const END = 0x0b

/** A block that is open at some point of the scan. */
interface Frame {
  op: number
  /** height of the operand stack below its parameters */
  readonly height: number
  readonly params: number
  readonly results: number
  /** the segment before it; undefined if the block is dead code */
  readonly outer: Segment | undefined
  /** the segment of the arm of an if that is open, or that a loop begins with */
  arm: Segment | undefined
  /** an if: cost of a folded then-arm, and whether its end is reached */
  folded: number
  reached: boolean
  /** an if: the arm that is open ends with the next turn of the loop that the if belongs to */
  turns: boolean
  /** where the first branch to its end stands */
  branch: number
}

/** Scans one function, from its locals to its end. Checks indices, blocks and features; types are left to the engine. */
export function scan(r: Reader, module: Module, type: FuncType): Body {
  const { locals, slots, groups } = readLocals(r, module, type)
  const start = r.pos
  const edits: Edit[] = []
  const calls: number[] = []
  const indirect: number[] = []
  const frames: Frame[] = []
  let wide = module.vectors || slots > locals
  let bounded = true
  let cost = 0
  let height = 0
  let highest = 0
  /** undefined in code that is never reached */
  let segment: Segment | undefined

  const edit = (what: Edit['what'], at: number, to = at, index = 0, segment?: Segment) => {
    if (++module.edits > LIMITS.edits) r.refuse('LIMIT', `got more than ${LIMITS.edits} calls, blocks and other places to check`, at)
    edits.push({ what, at, to, index, segment })
  }
  const open = (tested: boolean): Segment => {
    const opened: Segment = { at: r.pos, tested, cost: 0, calls: [], folded: false }
    edit('charge', r.pos, r.pos, frames.length, opened)
    return opened
  }
  const pay = (amount: number) => {
    cost += amount
    if (segment) segment.cost += amount
  }
  const shift = (change: number) => {
    height = Math.max(height + change, frames[frames.length - 1].height)
    if (height > highest) highest = height
  }
  const push = (op: number, { params, results }: { params: number; results: number }) => {
    if (frames.length >= LIMITS.nesting) r.refuse('LIMIT', `got more than ${LIMITS.nesting} blocks within each other`)
    frames.push({
      op,
      height: Math.max(height - params, 0),
      params,
      results,
      outer: segment,
      arm: undefined,
      folded: 0,
      reached: false,
      turns: false,
      branch: Infinity
    })
  }
  const label = (): Frame => {
    const frame = frames[frames.length - 1 - r.index(frames.length, 'label')]
    if (segment && frame.branch === Infinity) frame.branch = r.pos
    return frame
  }
  /** Ends an if-arm: a cheap one without calls is left to the code before the `if`. Answers what that code has to pay for it. */
  const fold = ({ arm, turns }: Frame): number => {
    if (!arm || arm.cost > (turns ? FOLD_TURN : FOLD) || arm.calls.length) return 0
    arm.folded = true
    return arm.cost
  }

  push(BLOCK, { params: 0, results: type.results.length })
  const entry = (segment = open(true))
  entry.folded = true // put in with the function's frame
  pay(locals >> LOCALS_SHIFT)

  for (;;) {
    const at = r.pos
    const op = r.byte()
    pay(price[op])
    switch (op) {
      case 0x00: // unreachable
        edit('unreachable', at)
        segment = undefined
        break
      case 0x01: // nop
        break
      case BLOCK:
        push(op, blockType(r, module))
        break
      case LOOP:
        push(op, blockType(r, module))
        bounded = false
        if (segment) segment = frames[frames.length - 1].arm = open(true)
        break
      case IF: {
        shift(-1)
        push(op, blockType(r, module))
        if (segment) segment = frames[frames.length - 1].arm = open(false)
        break
      }
      case ELSE: {
        const frame = frames[frames.length - 1]
        if (frame.op !== IF) r.refuse('MALFORMED', 'got else, expected it only inside an if', at)
        frame.op = ELSE
        frame.folded = fold(frame)
        frame.turns = false
        frame.reached = segment !== undefined
        if (frame.outer) segment = frame.arm = open(false)
        height = frame.height + frame.params
        break
      }
      case END: {
        const frame = frames.pop()!
        if (frames.length === 0) {
          return {
            groups,
            start,
            end: at,
            locals,
            edits,
            entry,
            cost,
            calls,
            indirect,
            bounded,
            frame: FRAME + type.params.length + type.results.length + slots + highest * (wide ? 2 : 1)
          }
        }
        height = frame.height + frame.results
        shift(0)
        segment = after(frame, segment)
        break
      }
      case 0x0c: {
        // br
        const target = label()
        const frame = frames[frames.length - 1]
        if (segment && target.op === LOOP && target.arm === frame.outer) frame.turns = true
        segment = undefined
        break
      }
      case 0x0d: // br_if
        shift(-1)
        label()
        break
      case 0x0e: // br_table
        shift(-1)
        for (let i = r.count(LIMITS.labels, 'labels'); i >= 0; i--) label()
        segment = undefined
        break
      case 0x0f: // return
        edit('return', at, r.pos, frames.length)
        segment = undefined
        break
      case 0x10: {
        // call
        const callee = r.index(module.functions.length, 'function')
        edit('call', at, r.pos, callee)
        calls.push(callee)
        segment?.calls.push(callee)
        call(module.types[module.functions[callee]])
        break
      }
      case 0x11: {
        // call_indirect
        const callee = r.index(module.types.length, 'type')
        if (r.u32() !== 0 || module.table === undefined) r.refuse('INVALID', 'got a call through a table that there is not', at)
        edit('indirect', at, r.pos)
        indirect.push(callee)
        shift(-1)
        call(module.types[callee])
        break
      }
      case 0x1c: // select with a type
        r.expect(1, 'one type')
        readValueType(r)
        shift(-2)
        break
      case 0x20: // local.get
        r.index(locals, 'local')
        shift(1)
        break
      case 0x21: // local.set
        r.index(locals, 'local')
        shift(-1)
        break
      case 0x22: // local.tee
        r.index(locals, 'local')
        break
      case 0x23: // global.get
        r.index(module.globals.length, 'global')
        shift(1)
        break
      case 0x24: // global.set
        r.index(module.globals.length, 'global')
        shift(-1)
        break
      case 0x3f: // memory.size
        r.expect(0, 'memory 0')
        edit('size', at, r.pos)
        shift(1)
        break
      case 0x40: // memory.grow
        r.expect(0, 'memory 0')
        edit('grow', at, r.pos)
        bounded = false
        break
      case 0x41:
        r.signed(32)
        shift(1)
        break
      case 0x42:
        r.signed(64)
        shift(1)
        break
      case 0x43:
        r.skip(4)
        shift(1)
        break
      case 0x44:
        r.skip(8)
        shift(1)
        break
      case 0xfc:
        prefixFC(at)
        break
      case 0xfd:
        wide = true
        prefixFD(at)
        break
      default: {
        const known = plain[op]
        if (!known) r.refuse('FEATURE', `got opcode 0x${op.toString(16)} (${feature(0, op)}), which is not allowed`, at)
        if (known >> 2 === MEMARG) memarg()
        shift(-(known & 3))
        if (makesNaN32(op)) edit('nan32', r.pos)
        else if (makesNaN64(op)) edit('nan64', r.pos)
      }
    }
  }

  /** The segment after the end of a block. */
  function after(frame: Frame, inner: Segment | undefined): Segment | undefined {
    const { op, outer, branch } = frame
    // a loop's end is reached from within only, and the code after it was paid for before it
    if (op === LOOP) return inner && outer
    if (op === IF || op === ELSE) {
      const folded = Math.max(frame.folded, fold(frame))
      if (outer) outer.cost += folded
      return op === IF || frame.reached || inner || branch < Infinity ? outer : undefined
    }
    // a branch from before the running segment's charge has not paid for it
    return branch < (inner ? inner.at : Infinity) ? open(false) : inner
  }

  function call({ params, results }: FuncType): void {
    shift(-params.length)
    shift(results.length)
  }

  function memarg(): void {
    const at = r.pos
    const align = r.u32()
    if (align > 4) r.refuse('FEATURE', `got alignment 2^${align}, expected at most 2^4 and no memory index`, at)
    r.u32()
  }

  function prefixFC(at: number): void {
    const op = r.u32()
    if (op === 10 || op === 11) {
      // memory.copy, memory.fill
      if (op === 10) r.expect(0, 'memory 0')
      r.expect(0, 'memory 0')
      edit('bulk', at, at, frames.length)
      pay(BULK_BASE - BASE)
      shift(-3)
      bounded = false
    } else if (op > 7) r.refuse('FEATURE', `got opcode 0xfc ${op} (${feature(0xfc, op)}), which is not allowed`, at)
  }

  function prefixFD(at: number): void {
    const op = r.u32()
    if (op === 12) {
      // v128.const
      r.skip(16)
      shift(1)
      return
    }
    const known = op < 256 ? simd[op] : 0
    if (!known) r.refuse('FEATURE', `got opcode 0xfd ${op} (${feature(0xfd, op)}), which is not allowed`, at)
    const immediates = known >> 2
    if (immediates === MEMARG || immediates === MEMARG_LANE) memarg()
    if (immediates === LANE || immediates === MEMARG_LANE) r.byte()
    if (immediates === SIXTEEN) r.skip(16)
    shift(-(known & 3))
  }
}

/** What V8 keeps in every frame besides values, with the host's own locals, in slots. */
const FRAME = 10

/** Slots of values: a v128 takes two. */
function slotsOf(types: readonly number[]): number {
  return types.reduce((sum, type) => sum + (type === V128 ? 2 : 1), 0)
}

function readLocals(r: Reader, module: Module, type: FuncType): { locals: number; slots: number; groups: Body['groups'] } {
  const at = r.pos
  let locals = type.params.length
  let slots = slotsOf(type.params)
  const count = r.count(LIMITS.locals, 'groups of locals')
  const start = r.pos
  for (let i = 0; i < count; i++) {
    const more = r.u32()
    locals += more
    slots += readValueType(r) === V128 ? 2 * more : more
  }
  if (locals > LIMITS.locals) r.refuse('LIMIT', `got ${locals} locals, expected at most ${LIMITS.locals}`, at)
  module.locals += locals
  if (module.locals > LIMITS.totalLocals) r.refuse('LIMIT', `got ${module.locals} locals in all functions, expected at most ${LIMITS.totalLocals}`, at)
  return { locals, slots, groups: { count, start, end: r.pos } }
}

/** Numbers of parameters and results of a block (Wasm spec, 5.4.1). */
function blockType(r: Reader, module: Module): { params: number; results: number } {
  const byte = r.bytes[r.pos]
  if (byte >= 0x40 && byte < 0x80) {
    if (byte === 0x40) r.pos++
    else readValueType(r)
    return { params: 0, results: byte === 0x40 ? 0 : 1 }
  }
  const at = r.pos
  const index = r.signed(33)
  if (index < 0 || index >= module.types.length) r.refuse('INVALID', `got block type ${index}, expected one of ${module.types.length}`, at)
  const { params, results } = module.types[index]
  return { params: params.length, results: results.length }
}
