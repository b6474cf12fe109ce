/** Random guests that are called several times, and what such runs leave: the same in every engine, and in bytes alone, since browsers have no assembler. */
import { Assembler } from '../../src/sandbox/assembler.js'
import { type GuestState, guestState, type HostFunction, type Instance, type Policy, SandboxError, SandboxModule } from '../../src/sandbox/index.js'
import { F32, F64, I32, I64, V128 } from '../../src/sandbox/types.js'
import { random } from './generate.js'

type Pick = (bound: number) => number

export const RESUMABLE: Policy = {
  imports: [{ module: 'host', name: 'touch', params: ['i32'], results: ['i32'] }],
  maxMemory: 12 * 65_536,
  resumable: true
}
export const TOUCH: { host: { touch: HostFunction } } = { host: { touch: (value: number) => Math.imul(value, 31) + 7 } }

const TYPES = [I32, I64, F32, F64, V128]
const IMPORT = 0
const RUN = 1
const DOWN = 2
const START = 3

export interface Shape {
  /** types of the globals, and which are mutable */
  readonly globals: readonly { readonly type: number; readonly mutable: boolean }[]
  readonly start: boolean
}

/**
 * A module with `run: (i32) -> i32` that changes globals of all types bit by bit and by arithmetic, stores them, loads them, grows its memory, calls itself and the host, and now and then
 * leaves its memory.
 */
export function resumable(seed: number): { bytes: Uint8Array; shape: Shape } {
  const pick = random(seed)
  const shape: Shape = {
    // the first is what the code steers by
    globals: [I32, ...Array.from({ length: pick(9) }, () => TYPES[pick(TYPES.length)])].map((type, i) => ({ type, mutable: i === 0 || pick(5) > 0 })),
    start: pick(2) === 1
  }
  const out = new Assembler().op(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  const section = (id: number, write: (w: Assembler) => unknown) => {
    const w = new Assembler()
    write(w)
    out.op(id).sized(w)
  }
  section(1, (w) => w.op(2, 0x60, 1, I32, 1, I32, 0x60, 0, 0))
  section(2, (w) => w.op(1).name('host').name('touch').op(0, 0))
  section(3, (w) => w.op(shape.start ? 3 : 2, 0, 0, ...(shape.start ? [1] : [])))
  section(5, (w) => w.op(1, 1, 1 + pick(2)).u32(2 + pick(20)))
  section(6, (w) => {
    w.op(shape.globals.length)
    for (const { type, mutable } of shape.globals) {
      w.op(type, mutable ? 1 : 0)
      constant(w, type, pick)
      w.op(0x0b)
    }
  })
  section(7, (w) => w.op(2).name('memory').op(2, 0).name('run').op(0, RUN))
  if (shape.start) section(8, (w) => w.u32(START))
  const bodies = [
    (w: Assembler) => run(w, shape, pick),
    (w: Assembler) => down(w, shape, pick),
    ...(shape.start ? [(w: Assembler) => start(w, shape, pick)] : [])
  ]
  section(10, (w) => {
    w.op(bodies.length)
    for (const write of bodies) {
      const body = new Assembler()
      write(body)
      w.sized(body)
    }
  })
  section(11, (w) =>
    w
      .op(1, 0, 0x41)
      .signed(4096 * pick(15))
      .op(0x0b, 5, 1, 2, 0, 4, 5)
  )
  return { bytes: out.view().slice(), shape }
}

/** Any bits, and those of a NaN that an engine might make another of quite often. */
function constant(w: Assembler, type: number, pick: Pick): void {
  const bytes = (length: number) => Array.from({ length }, () => pick(256))
  const nan = pick(2) === 1
  if (type === I32) w.op(0x41).signed(pick(2 ** 24) - 2 ** 23)
  else if (type === I64) w.op(0x42).signed((pick(2 ** 24) - 2 ** 23) * 2 ** 20)
  else if (type === F32) w.op(0x43, ...(nan ? [pick(255) + 1, pick(256), 0x80 | pick(128), 0x7f | (pick(2) << 7)] : bytes(4)))
  else if (type === F64) w.op(0x44, ...(nan ? [...bytes(5), pick(255) + 1, 0xf0 | pick(16), 0x7f | (pick(2) << 7)] : bytes(8)))
  else w.op(0xfd, 12, ...bytes(16))
}

/** global 0 = global 0 * a + c + parameter, whose bits all else depends on */
function steer(w: Assembler, pick: Pick, parameter: boolean): void {
  w.globalGet(0)
    .i32(1664525)
    .op(0x6c)
    .i32(pick(2 ** 20))
    .op(0x6a)
  if (parameter) w.localGet(0).op(0x6a)
  w.globalSet(0)
}

/** An address within the first page or the last, with room for what is there; or, of some places one time in eight, one that only a large memory has. */
function address(w: Assembler, pick: Pick): void {
  w.globalGet(0)
    .i32(3 + pick(10))
    .op(0x76)
    .i32(0xffc0)
    .op(0x71)
  if (pick(6) === 0) w.globalGet(0).i32(9).op(0x76).i32(7).op(0x71, 0x45).i32(18).op(0x74, 0x6a)
  else if (pick(2)) w.memorySize().i32(1).op(0x6b).i32(16).op(0x74, 0x6a)
}

const STORE: Readonly<Record<number, readonly number[]>> = { [I32]: [0x36, 0], [I64]: [0x37, 0], [F32]: [0x38, 0], [F64]: [0x39, 0], [V128]: [0xfd, 11, 0] }
const LOAD: Readonly<Record<number, readonly number[]>> = { [I32]: [0x28, 0], [I64]: [0x29, 0], [F32]: [0x2a, 0], [F64]: [0x2b, 0], [V128]: [0xfd, 0, 0] }

/** The global changed, in one of the ways that its type has. Nothing that answers a NaN of the engine's choice stays without the host's making it canonical. */
function change(w: Assembler, type: number, index: number, pick: Pick): void {
  const way = pick(3)
  w.globalGet(index)
  if (type === I32) w.globalGet(0).op([0x6a, 0x73, 0x77][way])
  else if (type === I64) w.globalGet(0).op(0xac, [0x7c, 0x85, 0x89][way])
  else if (type === F32) {
    if (way === 0)
      w.op(0x8c) // neg
    else if (way === 1)
      w.op(0xbc)
        .globalGet(0)
        .i32(0x807fffff | 0)
        .op(0x71, 0x73, 0xbe) // bits turned over but for the exponent's: NaNs stay NaNs
    else w.globalGet(0).op(0xbe, [0x92, 0x94, 0x98][pick(3)]) // add, mul, copysign with any float
  } else if (type === F64) {
    if (way === 0) w.op(0x9a)
    else if (way === 1) w.op(0xbd).globalGet(0).op(0xad, 0x85, 0xbf)
    else w.globalGet(0).op(0xad, 0xbf, [0xa0, 0xa2, 0xa6][pick(3)])
  } else {
    w.globalGet(0).op(0xfd, 17) // i32x4.splat
    if (way === 0)
      w.op(0xfd, 81) // v128.xor
    else w.op(0xfd, 0xae, 1) // i32x4.add
  }
  w.globalSet(index)
}

function statements(w: Assembler, { globals }: Shape, pick: Pick, count: number, parameter: boolean): void {
  const mutable = globals.flatMap(({ mutable }, i) => (mutable ? [i] : []))
  for (let i = 0; i < count; i++) {
    const index = mutable[pick(mutable.length)]
    const { type } = globals[index]
    switch (pick(9)) {
      case 0:
      case 1:
        change(w, type, index, pick)
        break
      case 2:
      case 3:
        address(w, pick)
        w.globalGet(index).op(...STORE[type], 0)
        break
      case 4:
        address(w, pick)
        w.op(...LOAD[type], 0).globalSet(index)
        break
      case 5: // a page more, one time in four
        w.globalGet(0).i32(20).op(0x76).i32(3).op(0x71, 0x45, 0x40, 0).globalGet(0).op(0x6a).globalSet(0)
        break
      case 6:
        if (parameter) w.globalGet(0).i32(7).op(0x71).call(DOWN).globalGet(0).op(0x73).globalSet(0)
        break
      case 7:
        if (parameter) w.globalGet(0).call(IMPORT).globalSet(0)
        break
      default: // memory.fill
        address(w, pick)
        w.i32(pick(256)).i32(pick(60)).op(0xfc, 0x0b, 0)
    }
    steer(w, pick, parameter)
  }
}

function run(w: Assembler, shape: Shape, pick: Pick): void {
  w.op(0)
  steer(w, pick, true)
  statements(w, shape, pick, 4 + pick(12), true)
  w.globalGet(0).op(0x0b)
}

/** Calls itself as often as its parameter says. */
function down(w: Assembler, shape: Shape, pick: Pick): void {
  w.op(0)
  statements(w, shape, pick, 1, false)
  w.localGet(0).op(0x45, 0x04, I32).globalGet(0).op(0x05).localGet(0).i32(1).op(0x6b).call(DOWN).i32(3).op(0x6c, 0x0b, 0x0b)
}

function start(w: Assembler, shape: Shape, pick: Pick): void {
  w.op(0)
  statements(w, shape, pick, 3, false)
  w.op(0x0b)
}

/** What a call has given: its result or the code of its error, the fuel left, and, if there is any, the state after it. */
export interface Step {
  readonly outcome: number | string
  readonly left: number
  readonly state?: GuestState
}

export const FUEL = 2_000_000

/** One call. */
export function step(guest: Instance, argument: number, first: boolean): Step {
  guest.func(first ? '$start' : '$resume')!(FUEL)
  try {
    const outcome = guest.func('run')!(argument)
    return { outcome, left: guest.fuelLeft(), state: guestState(guest) }
  } catch (thrown) {
    const failure = guest.failure(thrown)
    if (!(failure instanceof SandboxError)) throw failure
    return { outcome: failure.code, left: guest.fuelLeft() }
  }
}

/** Calls in one instance, until one fails. */
export function steps(guest: Instance, args: readonly number[]): Step[] {
  const all: Step[] = []
  for (const [i, argument] of args.entries()) {
    all.push(step(guest, argument, i === 0))
    if (typeof all[i].outcome === 'string') break
  }
  return all
}

/** A random guest; undefined if its start function fails, which is a way to fail too, but no run. */
export function guestOf(seed: number): { module: SandboxModule; shape: Shape; make(): Instance } | undefined {
  const { bytes, shape } = resumable(seed)
  const module = SandboxModule.compileSync(bytes, RESUMABLE)
  const make = () => module.instantiate(TOUCH)
  try {
    make()
  } catch (error) {
    if (error instanceof SandboxError && error.code === 'TRAP') return undefined
    throw error
  }
  return { module, shape, make }
}
