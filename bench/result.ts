import type { Comparison, Reading, Row } from './comparison.js'
import { type Effort, measure, median, quantile, type Rounds } from './measure.js'

/** A measured row, as it stands in results.json. Times are microseconds a call. */
export interface Result extends Row {
  readonly ours_us: number | null
  readonly ref_us: number | null
  /** the median of the rounds' ratios, reference time by ours */
  readonly ratio: number | null
  /** what counts, in the row's unit */
  readonly figure: number
  /** the 10th and 90th percentile of the figure over the rounds */
  readonly spread: readonly [number, number]
}

/** A row that gave no figure: the two sides disagree, or one of them throws. */
export interface Failure extends Row {
  readonly reason: string
}

const failed = (row: Row, error: unknown): Failure => ({ ...rowOf(row), reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })

/** Runs both sides once. A codec that gives another value than its reference is not timed. */
export async function check(comparison: Comparison): Promise<Failure | undefined> {
  try {
    const theirs = await comparison.theirs?.()
    const reason = comparison.differs(await comparison.ours(), theirs)
    return reason === undefined ? undefined : { ...rowOf(comparison), reason }
  } catch (error) {
    return failed(comparison, error)
  }
}

export async function time(comparison: Comparison, effort: Effort): Promise<Result> {
  const { ours, theirs, unit } = comparison
  // a small difference between like and like drowns sooner in noise than a factor does
  const rounds = await measure(ours, theirs, unit === '%' || unit === 'µs' ? { ...effort, rounds: effort.rounds * 2 } : effort)
  const ratios = rounds.ref.map((ref, i) => ref / rounds.ours[i])
  return {
    ...rowOf(comparison),
    ours_us: round(median(rounds.ours)),
    ref_us: ratios.length === 0 ? null : round(median(rounds.ref)),
    ratio: ratios.length === 0 ? null : round(median(ratios)),
    ...summary(figures(comparison, rounds))
  }
}

export async function read(reading: Reading, quick: boolean): Promise<Result | Failure> {
  try {
    const { bytes, figures } = await reading.read(quick)
    return { ...rowOf(reading), bytes, ours_us: null, ref_us: null, ratio: null, ...summary(figures) }
  } catch (error) {
    return failed(reading, error)
  }
}

function figures({ unit }: Row, { ours, ref }: Rounds): number[] {
  switch (unit) {
    case '×':
      return ours.map((time, i) => ref[i] / time)
    case '%':
      return ours.map((time, i) => (time / ref[i] - 1) * 100)
    case 'µs':
      return ours.map((time, i) => time - ref[i])
    case 'ms':
      return ours.map((time) => time / 1000)
    case 'KB':
    case 'MiB':
      throw new TypeError('a size is not timed')
  }
}

const summary = (values: readonly number[]): Pick<Result, 'figure' | 'spread'> => ({
  figure: round(median(values)),
  spread: [round(quantile(values, 0.1)), round(quantile(values, 0.9))]
})

const rowOf = ({ work, codec, case: name, group, bytes, ref, unit }: Row): Row => ({ work, codec, case: name, group, bytes, ref, unit })

/** four significant digits: more would only be noise in the tracked file */
const round = (value: number): number => Number(value.toPrecision(4))
