import type { Group } from './data.js'
import type { Call } from './measure.js'
import type { Sample } from './sample.js'

export type Work =
  | 'decode'
  | 'encode'
  | 'links'
  | 'path'
  | 'transcode'
  | 'metering'
  | 'isolation'
  | 'cold start'
  | 'size'
  | 'stream'
  | 'memory'
  | 'walk'
  | 'resolve'
  | 'layout'
  | 'families'
  | 'ucan'
  | 'task'

/** How the two times become the figure of a row. */
export type Unit =
  /** reference time by ours: how many times faster ours is */
  | '×'
  /** ours against the reference, in percent of the reference */
  | '%'
  /** ours less the reference, microseconds a call */
  | 'µs'
  /** ours alone */
  | 'ms'
  | 'KB'
  /** 1,048,576 bytes of memory */
  | 'MiB'

/** What is compared with what. */
export interface Row {
  readonly work: Work
  readonly codec: string
  readonly case: string
  readonly group: Group | undefined
  readonly bytes: number
  readonly ref: string
  readonly unit: Unit
}

/** A row of two calls that must give the same, and are then timed in turns. */
export interface Comparison extends Row {
  readonly ours: Call
  readonly theirs: Call | undefined
  /** what differs between the two results, if anything does */
  readonly differs: (ours: unknown, theirs: unknown) => string | undefined
}

/** A row whose figures, in its unit, come in another way, and its bytes perhaps only with them. */
export interface Reading extends Row {
  readonly read: (quick: boolean) => Promise<{ readonly bytes: number; readonly figures: readonly number[] }>
}

export interface Subjects {
  readonly ref: string
  readonly ours: Call
  readonly theirs: Call | undefined
  readonly differs: Comparison['differs']
  readonly unit?: Unit
  /** when one data set gives several rows */
  readonly detail?: string
}

export function compare(work: Work, sample: Sample, subjects: Subjects): Comparison {
  const { ref, ours, theirs, differs, unit = '×', detail } = subjects
  const name = detail === undefined ? sample.name : `${sample.name}, ${detail}`
  return { work, codec: sample.codec, case: name, group: sample.group, bytes: sample.bytes.length, ref, unit, ours, theirs, differs }
}
