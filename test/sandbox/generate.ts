import { Writer } from '../../src/sandbox/binary.js'
import { BULK_BASE, BULK_SHIFT, GROW_PAGE, price } from '../../src/sandbox/schedule.js'

/** Numbers below a bound, the same for the same seed. */
export function random(seed: number): (bound: number) => number {
  let state = seed | 0
  return (bound) => {
    state = (Math.imul(state, 0x5851f42d) + 0x14057b7f) | 0
    return ((state >>> 8) * bound) >>> 24 >= 0 ? Math.floor(((state >>> 8) / 2 ** 24) * bound) : 0
  }
}

const FUNCTIONS = 6
const TICKS = 0
const COUNT = 1

/**
 * A module of random structured functions (i32) -> i32, exported as f0 …, with a memory. If `exact`, every instruction adds its own price to the global `count`
 * before it runs: another way to meter, too slow for use and too simple to be wrong.
 */
export function generate(seed: number, exact: boolean): Uint8Array {
  const pick = random(seed)
  const out = new Writer().op(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  const section = (id: number, write: (w: Writer) => void) => {
    const w = new Writer()
    write(w)
    out.op(id).sized(w)
  }
  section(1, (w) => w.op(1, 0x60, 1, 0x7f, 1, 0x7f))
  section(3, (w) => w.op(FUNCTIONS, ...Array(FUNCTIONS).fill(0)))
  section(4, (w) => w.op(1, 0x70, 0, 2))
  section(5, (w) => w.op(1, 0, 1))
  // an original has the counter as well, unused, so that all else is the same; it is kept in memory, where the host can read it
  section(6, (w) => w.op(2, 0x7f, 1, 0x41, 60, 0x0b, 0x7f, 1, 0x41, 0, 0x0b))
  const exported = pick(FUNCTIONS) + 1
  section(7, (w) => {
    w.op(1 + exported)
      .name('memory')
      .op(2, 0)
    for (let i = 0; i < exported; i++) w.name(`f${i}`).op(0, i)
  })
  section(9, (w) => w.op(1, 0, 0x41, 0, 0x0b, 2, pick(FUNCTIONS), pick(FUNCTIONS)))
  section(10, (w) => {
    w.op(FUNCTIONS)
    for (let i = 0; i < FUNCTIONS; i++) {
      const body = new Writer()
      body.op(0)
      writeFunction(body, pick, exact, i)
      w.sized(body)
    }
  })
  return out.view().slice()
}

function writeFunction(w: Writer, pick: (bound: number) => number, exact: boolean, self: number): void {
  const add = (amount: number) => {
    if (!exact || amount === 0) return
    w.op(0x23, COUNT, 0x41).signed(amount).op(0x6a, 0x24, COUNT)
    // address 8
    w.op(0x41, 8, 0x23, COUNT, 0x36, 2, 0)
  }
  const emit = (op: number, ...immediates: number[]) => {
    // else and end cost nothing, and code before them might not be reached
    add(price[op])
    w.op(op, ...immediates)
  }
  const constant = (value: number) => {
    add(price[0x41])
    w.op(0x41).signed(value)
  }
  let depth = 0
  /** x = x * a + c, and one of its upper bits is left on the stack */
  const condition = () => {
    emit(0x20, 0)
    constant(1664525)
    emit(0x6c)
    constant(1013904223 + pick(1000))
    emit(0x6a)
    emit(0x22, 0)
    constant(16 + pick(12))
    emit(0x76)
    constant(1)
    emit(0x71)
  }
  const tick = () => {
    emit(0x23, TICKS)
    constant(1)
    emit(0x6b)
    emit(0x24, TICKS)
    emit(0x23, TICKS)
    constant(0)
    emit(0x48)
    emit(0x04, 0x40)
    depth++
    emit(0x20, 0)
    emit(0x0f)
    depth--
    emit(0x0b)
  }
  const work = () => {
    for (let i = pick(12); i > 0; i--) {
      emit(0x20, 0)
      constant(pick(1000) + 1)
      emit([0x6a, 0x6b, 0x6c, 0x73, 0x6e][pick(5)])
      emit(0x21, 0)
    }
  }
  const bulk = () => {
    constant(64)
    constant(0)
    const size = pick(400)
    constant(size)
    add(BULK_BASE + (size >>> BULK_SHIFT))
    w.op(0xfc, 0x0b, 0)
  }
  const grow = () => {
    const pages = pick(2)
    constant(pages)
    add(pages * GROW_PAGE)
    emit(0x40, 0)
    emit(0x1a)
  }
  const callee = () => {
    const to = self < 3 || pick(6) === 0 ? pick(FUNCTIONS) : self + 1 + pick(FUNCTIONS - self - 1)
    emit(0x20, 0)
    if (pick(4)) emit(0x10, Math.min(to, FUNCTIONS - 1))
    else {
      condition()
      emit(0x11, 0, 0)
    }
    emit(0x21, 0)
  }
  const inside = (write: () => void) => {
    depth++
    write()
    depth--
    emit(0x0b)
  }
  const statements = (left: number) => {
    for (let i = pick(4); i >= 0; i--) statement(left)
  }
  const statement = (left: number): void => {
    switch (pick(left > 0 ? 14 : 5)) {
      case 0:
      case 1:
        return work()
      case 2: // br_if
        if (depth === 0) return
        condition()
        emit(0x0d, pick(depth))
        return
      case 3: // br, return, unreachable
        if (pick(3)) return work()
        if (depth && pick(4)) emit(0x0c, pick(depth))
        else if (pick(4)) {
          emit(0x20, 0)
          emit(0x0f)
        } else emit(0x00)
        return
      case 4:
        return self < FUNCTIONS - 2 && pick(2) ? callee() : work()
      case 5:
      case 6:
        emit(0x02, 0x40)
        return inside(() => statements(left - 1))
      case 7:
      case 8:
        emit(0x03, 0x40)
        return inside(() => {
          tick()
          statements(left - 1)
          if (pick(2)) emit(0x0c, 0)
        })
      case 9:
        condition()
        emit(0x04, 0x40)
        return inside(() => statements(left - 1))
      case 10:
      case 11:
        condition()
        emit(0x04, 0x40)
        return inside(() => {
          statements(left - 1)
          w.op(0x05)
          statements(left - 1)
        })
      case 12:
        return pick(3) ? bulk() : grow()
      default: {
        // a switch of two or three cases
        const cases = 2 + pick(2)
        for (let i = 0; i <= cases; i++) emit(0x02, 0x40)
        depth += cases + 1
        condition()
        condition()
        emit(0x6a)
        add(price[0x0e])
        w.op(0x0e, cases - 1, ...Array.from({ length: cases }, (_, i) => i))
        for (let i = 0; i < cases; i++) {
          depth--
          emit(0x0b)
          statements(left - 1)
          if (pick(3)) emit(0x0c, depth > cases - i ? cases - 1 - i : 0)
        }
        depth--
        emit(0x0b)
      }
    }
  }
  if (self < FUNCTIONS - 2) tick()
  statements(self < FUNCTIONS - 2 ? 3 : 1)
  emit(0x20, 0)
  emit(0x0b)
}
