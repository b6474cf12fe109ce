/** What an operation of a layout may use, beside what each of its calls may (`Limits`). */
import { DEFAULT_LIMITS, type Limits, withDefaults } from '../../codec/limits.js'

export interface LayoutLimits extends Limits {
  /** blocks of one operation. Default 16,777,216. LayoutError LIMIT */
  readonly blocks: number
  /** links that a layout has been shown and may still follow. Default 1,048,576. LayoutError LIMIT */
  readonly grants: number
  /** blocks from the root down. Default 1,024. LayoutError LIMIT */
  readonly depth: number
}

const DEFAULTS = { blocks: 2 ** 24, grants: 2 ** 20, depth: 1024 }

export const DEFAULT_LAYOUT_LIMITS: LayoutLimits = { ...DEFAULT_LIMITS, ...DEFAULTS }

/** @throws TypeError naming the option that is not a positive number */
export function layoutLimits({
  blocks = DEFAULTS.blocks,
  grants = DEFAULTS.grants,
  depth = DEFAULTS.depth,
  ...rest
}: Partial<LayoutLimits> = {}): LayoutLimits {
  for (const [name, value] of Object.entries({ blocks, grants, depth })) {
    if (!(Number.isSafeInteger(value) && value >= 0)) throw new TypeError(`limits.${name}: got ${value}, expected 0 to 2^53 − 1`)
  }
  return { ...withDefaults(rest), blocks, grants, depth }
}
