/** What one run may use (docs/functions.md section 7). */
import { DEFAULT_LIMITS, type Limits } from '../codec/limits.js'

export interface TaskLimits {
  /** of the guest, and what requests cost. Default 10,000,000,000. FUEL */
  readonly fuel: number
  /** of the guest, in bytes. Default 128 MiB. A growth beyond it fails in the guest */
  readonly memory: number
  /** milliseconds on the clock, waiting included. Default 60,000. TIME */
  readonly time: number
  /** bytes of new blocks, of what is emitted, of the answer, and of the arguments of effects. Default 256 MiB. OUTPUT */
  readonly output: number
  /** blocks read, and chunks of streams. Default 1,048,576. BLOCKS */
  readonly blocks: number
  /** blocks made. Default 1,048,576. CREATED */
  readonly created: number
  /** links shown. Default 1,048,576. LINKS */
  readonly links: number
  /** effects asked for. Default 64. EFFECTS */
  readonly effects: number
}

export const DEFAULT_TASK_LIMITS: TaskLimits = {
  fuel: 10_000_000_000,
  memory: 128 * 1024 * 1024,
  time: 60_000,
  output: 256 * 1024 * 1024,
  blocks: 2 ** 20,
  created: 2 ** 20,
  links: 2 ** 20,
  effects: 64
}

/** Bytes of an answer and of the arguments of effects together, as `measure` counts them: they are part of a receipt, which is a block. */
export const MAX_ANSWER = 1024 * 1024
/** Lists and maps within each other in them: the receipt around them has a few of its own, and 1,024 are what everybody reads. */
export const MAX_DEEP = 1000

/** The limits of a run: what is asked for, or the default, and no more than the cap. @throws TypeError naming a limit that is none */
export function taskLimits(asked: Partial<TaskLimits> = {}, cap: Partial<TaskLimits> = {}): TaskLimits {
  for (const [name, value] of [...Object.entries(asked), ...Object.entries(cap)]) {
    if (!Object.hasOwn(DEFAULT_TASK_LIMITS, name)) throw new TypeError(`limits.${name}: no such limit`)
    if (!(Number.isSafeInteger(value) && value >= 0)) throw new TypeError(`limits.${name}: got ${value}, expected 0 to 2^53 − 1`)
  }
  const names = Object.keys(DEFAULT_TASK_LIMITS) as (keyof TaskLimits)[]
  return Object.fromEntries(names.map((name) => [name, Math.min(asked[name] ?? DEFAULT_TASK_LIMITS[name], cap[name] ?? Infinity)])) as unknown as TaskLimits
}

/** What a guest's driver is told: fuel is a sum of its own here, so blocks bring none. */
export function guestLimits({ fuel, memory }: Pick<TaskLimits, 'fuel' | 'memory'>): Limits {
  return { ...DEFAULT_LIMITS, fuel, fuelPerByte: 0, memory }
}
