/** Work and memory grow no faster than the input: whoever sends data pays for what it costs. */
import type { Codec } from '../../codec/index.js'
import { type Family, grownBytes, grownValues, plainBytes } from '../grow.js'
import { outcome } from '../outcome.js'
import { Random } from '../random.js'
import type { Law } from '../trial.js'

/** Sizes, each twice the one before. */
const FIRST = 512
const DOUBLINGS = 7

/** Fuel of any call, and for each byte: what a host grants, but for the constant (`Limits`). */
const FUEL = 2_000_000
const FUEL_PER_BYTE = 2_000
/** Memory likewise, in bytes: records, arenas, and the room that doubling leaves. */
const MEMORY = 4 * 1024 * 1024
const MEMORY_PER_BYTE = 256

/**
 * How many times as much the last byte may cost as one three doublings before. Linear work gives 1, with n·log n a little more; by the square it is 8. What is allowed on top is for steps:
 * memory that grows by pages, tables that are made anew at twice the size.
 */
const STEEPER = 3
const STEP = 200

type Call = (codec: Codec, block: Uint8Array) => void

const CALLS: readonly (readonly [name: string, call: Call])[] = [
  ['decode', (codec, block) => void codec.tape(block)],
  ['lax decode', (codec, block) => void codec.tape(block, { strict: false })],
  ['links', (codec, block) => void codec.links(block)],
  ['encode', (codec, block) => void codec.encodeTape(codec.tape(block))]
]

interface Point {
  readonly size: number
  readonly fuel: number
  readonly memory: number
}

export const fuel: Law = {
  name: 'fuel',
  says: `fuel and memory grow no faster than the input: at most ${FUEL_PER_BYTE} of fuel and ${MEMORY_PER_BYTE} bytes for each byte beyond a constant, and no byte dearer than those before`,
  async check(trial) {
    const { subject, vectors, runs } = trial
    const random = new Random(trial.seed ^ 0xf0e1)
    const below = (n: number) => random.below(n)
    // as many blocks as there are runs for: each gives some twenty families
    const most = Math.max(2, Math.min(40, Math.ceil(runs / 50)))
    const bases = vectors.valid.length <= most ? vectors.valid : Array.from({ length: most }, () => random.pick(vectors.valid))
    for (const family of plainBytes()) await trial.check(family.name, undefined, () => holds(subject.pinned, family))
    for (const base of bases) {
      for (const family of [...grownBytes(base, below), ...grownValues(base, subject)])
        await trial.check(family.name, undefined, () => holds(subject.pinned, family))
    }
  }
}

function holds(codec: Codec, family: Family): void {
  const points = new Map<string, Point[]>()
  for (let i = 0, size = FIRST; i <= DOUBLINGS; i++, size *= 2) {
    const block = family.make(size)
    if (block === undefined) return
    for (const [name, call] of CALLS) {
      const ended = outcome(() => call(codec, block))
      // a block that is refused costs something too; but not a value that is only the host's to refuse
      const { fuel, memory } = codec
      if (!ended.ok && ended.error.code === 'INPUT_SIZE') continue
      const point = { size: block.length, fuel, memory }
      within(name, point)
      const before = points.get(name) ?? []
      before.push(point)
      points.set(name, before)
    }
  }
  for (const [name, list] of points) steady(name, list)
}

function within(name: string, { size, fuel, memory }: Point): void {
  const most = FUEL + size * FUEL_PER_BYTE
  if (fuel > most) throw new Error(`${name} of ${size} bytes uses ${fuel} of fuel, expected at most ${most}`)
  const room = MEMORY + size * MEMORY_PER_BYTE
  if (memory > room) throw new Error(`${name} of ${size} bytes uses ${memory} bytes of memory, expected at most ${room}`)
}

/** No byte dearer than those before: the slope over the last doubling against that three doublings earlier. */
function steady(name: string, points: readonly Point[]): void {
  for (let i = 4; i < points.length; i++) {
    const early = slope(points[i - 4], points[i - 3])
    const late = slope(points[i - 1], points[i])
    // one steep doubling may be a step; a curve goes on
    const next = i + 1 < points.length ? slope(points[i], points[i + 1]) : late
    const limit = STEEPER * early + STEP
    if (late > limit && next > limit) {
      throw new Error(
        `${name}: a byte costs ${early.toFixed(1)} of fuel at ${points[i - 3].size} bytes and ${late.toFixed(1)} at ${points[i].size}; it is to cost the same`
      )
    }
  }
}

function slope(a: Point, b: Point): number {
  // families need not double exactly; those that do not grow have no slope
  return b.size > a.size ? Math.max(0, b.fuel - a.fuel) / (b.size - a.size) : 0
}
