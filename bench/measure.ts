/** What is timed: called many times; its result is kept, so that the engine cannot drop the work. */
export type Call = () => unknown

export interface Effort {
  /** rounds of one batch a side; each round gives one ratio */
  readonly rounds: number
  /** milliseconds that a batch should last */
  readonly batch: number
  /** milliseconds of warm-up a side */
  readonly warm: number
  /** milliseconds a side of the first pass over all rows, which is not timed */
  readonly first: number
}

export const full: Effort = { rounds: 21, batch: 6, warm: 100, first: 50 }
export const quick: Effort = { rounds: 11, batch: 2, warm: 30, first: 20 }

/** Microseconds a call, by round. Without a reference `ref` is empty. */
export interface Rounds {
  readonly ours: readonly number[]
  readonly ref: readonly number[]
}

/** The last result of each timed call. Read by `consumed`, hence alive. */
const sink: { last: unknown; batches: number } = { last: undefined, batches: 0 }

/** What the last timed call gave, and how many batches have run. */
export const consumed = (): Readonly<typeof sink> => sink

/** A side of a comparison: whether it must be awaited, and how many calls make a batch. */
interface Side {
  readonly call: Call
  readonly awaited: boolean
  size: number
}

function batch(call: Call, size: number): number {
  const start = performance.now()
  for (let i = 0; i < size; i++) sink.last = call()
  const time = performance.now() - start
  sink.batches++
  return time
}

async function awaitedBatch(call: Call, size: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < size; i++) sink.last = await call()
  const time = performance.now() - start
  sink.batches++
  return time
}

/** Milliseconds for one batch, after the young garbage of whoever ran before has been taken away. */
function run(side: Side): number | Promise<number> {
  globalThis.gc?.({ type: 'minor' } as never)
  return side.awaited ? awaitedBatch(side.call, side.size) : batch(side.call, side.size)
}

async function prepare(call: Call, effort: Effort): Promise<Side> {
  const first = call()
  const side: Side = { call, awaited: first instanceof Promise, size: 1 }
  await first
  // warm-up doubles the batch until it is long enough, then goes on with it
  let spent = 0
  while (spent < effort.warm) {
    const time = await run(side)
    spent += Math.max(time, 0.001)
    if (time < effort.batch / 2) side.size *= 2
  }
  const time = await run(side)
  side.size = Math.max(1, Math.round((side.size * effort.batch) / Math.max(time, 0.001)))
  return side
}

/** Calls for about so many milliseconds, untimed. */
export async function exercise(call: Call, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  do sink.last = await call()
  while (performance.now() < end)
}

/**
 * Times two calls in turns, so that a change of the machine's speed meets both; who goes first changes by round.
 */
export async function measure(ours: Call, ref: Call | undefined, effort: Effort): Promise<Rounds> {
  globalThis.gc?.()
  const a = await prepare(ours, effort)
  const b = ref === undefined ? undefined : await prepare(ref, effort)
  const rounds: { ours: number[]; ref: number[] } = { ours: [], ref: [] }
  const timeOurs = async () => {
    rounds.ours.push(((await run(a)) * 1000) / a.size)
  }
  const timeRef = async () => {
    if (b !== undefined) rounds.ref.push(((await run(b)) * 1000) / b.size)
  }
  for (let round = 0; round < effort.rounds; round++) {
    if (round % 2 === 0) {
      await timeOurs()
      await timeRef()
    } else {
      await timeRef()
      await timeOurs()
    }
  }
  return rounds
}

/** The value below which the fraction `q` of the values lies, interpolated. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((x, y) => x - y)
  const at = (sorted.length - 1) * q
  const low = Math.floor(at)
  const high = Math.ceil(at)
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low)
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
