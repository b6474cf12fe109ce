/**
 * Selectors of the policy language (UCAN 1.0.0, "Selectors"): `.`, `.name`, `["any name"]`, `[]`, `[2]`, `[-1]`, `[1:3]`, each with or without a `?`, one behind the other from a dot on.
 */
import { isMap } from './envelope.js'
import { shown, UcanError } from './errors.js'

type Segment = { readonly optional: boolean } & (
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly from: number; readonly to: number }
  | { readonly kind: 'values' }
)

export type Selector = readonly Segment[]

/** There is no such place in the data. */
export const NOWHERE = Symbol('nowhere')

const MAX_LENGTH = 4096
/** One segment. In a dotted name stand letters, digits, `_`, `$` and `-`; all other names stand in quotation marks, escaped as in JSON. */
const SEGMENT = /(?:\.([\p{L}_$][\p{L}\p{M}\p{N}_$-]*)|\.?\[(?:(-?\d+)|(-?\d*):(-?\d*)|("(?:[^"\\]|\\.)*"))?\])(\?*)/uy

/** @throws UcanError `POLICY_MALFORMED` */
export function readSelector(text: unknown): Selector {
  if (typeof text !== 'string' || !text.startsWith('.')) throw wrong(text, 0, 'expected a dot at its beginning')
  if (text.length > MAX_LENGTH) throw wrong(text, 0, `${text.length} characters, expected at most ${MAX_LENGTH}`)
  if (/^\.\?*$/.test(text)) return []
  const segments: Segment[] = []
  for (let at = 0; at < text.length; ) {
    SEGMENT.lastIndex = at
    const found = SEGMENT.exec(text)
    // a dot stands before a bracket only where the selector begins: `.[0]`, but `.a[0]`
    if (found === null || (at > 0 && found[0].startsWith('.['))) throw wrong(text, at, 'expected .name, ["name"], [], an index or a slice')
    const [all, name, index, from, to, quoted, marks] = found
    const optional = marks.length > 0
    if (name !== undefined) segments.push({ kind: 'key', key: name, optional })
    else if (quoted !== undefined) segments.push({ kind: 'key', key: unquoted(quoted, text, at), optional })
    else if (index !== undefined) segments.push({ kind: 'index', index: Number(index), optional })
    else if (from === undefined && to === undefined) segments.push({ kind: 'values', optional })
    else if (from === '' && to === '') throw wrong(text, at, 'a slice without a beginning and an end')
    else segments.push({ kind: 'slice', from: from === '' ? 0 : Number(from), to: to === '' ? Number.POSITIVE_INFINITY : Number(to), optional })
    at += all.length
  }
  return segments
}

function unquoted(quoted: string, text: string, at: number): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw wrong(text, at, 'a name that is not escaped as in JSON')
  }
}

/**
 * What the selector leads to; `NOWHERE` if it leads nowhere. A key that a map does not have leads to null; a segment with a `?` that leads nowhere leads to null too.
 *
 * @param spend is told of the values that a segment copies
 */
export function select(selector: Selector, value: unknown, spend: (steps: number) => void): unknown {
  let at = value
  for (const segment of selector) {
    spend(1)
    const next = step(segment, at, spend)
    if (next === NOWHERE && !segment.optional) return NOWHERE
    at = next === NOWHERE ? null : next
  }
  return at
}

function step(segment: Segment, value: unknown, spend: (steps: number) => void): unknown {
  switch (segment.kind) {
    case 'key':
      if (!isMap(value)) return NOWHERE
      return Object.hasOwn(value, segment.key) ? value[segment.key] : null
    case 'values':
      if (Array.isArray(value)) return value
      return isMap(value) ? valuesOf(value, spend) : NOWHERE
    case 'index': {
      if (!isList(value)) return NOWHERE
      const index = segment.index < 0 ? value.length + segment.index : segment.index
      return index >= 0 && index < value.length ? value[index] : NOWHERE
    }
    case 'slice':
      if (!isList(value)) return NOWHERE
      spend(value.length)
      return value.slice(segment.from, segment.to)
  }
}

/** The values of a map, in the order of its keys. */
export function valuesOf(map: Readonly<Record<string, unknown>>, spend: (steps: number) => void): unknown[] {
  const values = Object.values(map)
  spend(values.length)
  return values
}

/** Bytes are a list of numbers. */
function isList(value: unknown): value is readonly unknown[] | Uint8Array {
  return Array.isArray(value) || value instanceof Uint8Array
}

function wrong(text: unknown, at: number, why: string): UcanError {
  return new UcanError('POLICY_MALFORMED', `selector ${shown(text)}, character ${at}: ${why}`)
}
