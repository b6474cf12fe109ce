/**
 * A selector as it is run: what https://ipld.io/specs/selectors/ describes, read and checked. `readSelector` makes one.
 */
import type { CID } from 'multiformats/cid'

export type Selector =
  | Matcher
  | { readonly is: 'all'; readonly next: Selector }
  /** in the order of the selector, which is the order of the visits */
  | { readonly is: 'fields'; readonly fields: ReadonlyMap<string, Selector> }
  | { readonly is: 'index'; readonly index: number; readonly next: Selector }
  /** `end` is the index after the last */
  | { readonly is: 'range'; readonly start: number; readonly end: number; readonly next: Selector }
  | Recursive
  /** where the innermost recursion begins again */
  | { readonly is: 'edge' }
  | { readonly is: 'union'; readonly members: readonly Selector[] }
  /** goes on with `next` at the same node if the condition holds there */
  | { readonly is: 'conditional'; readonly condition: Condition; readonly next: Selector }
  /** goes on with `next` at what a data layout makes of the node */
  | { readonly is: 'interpret'; readonly as: string; readonly next: Selector }

export interface Matcher {
  readonly is: 'match'
  readonly onlyIf?: Condition
  readonly label?: string
  /** bytes of a string (in UTF-8) or of bytes; negative: counted from the end. Other kinds do not match */
  readonly subset?: { readonly from: number; readonly to: number }
}

export interface Recursive {
  readonly is: 'recursive'
  readonly sequence: Selector
  /** how many times the sequence is run; Infinity: as often as there is data */
  readonly depth: number
  /** a node for which it holds is neither visited nor gone into */
  readonly stopAt?: Condition
}

/** A question to a node. The specification leaves the forms of these open; docs/selectors.md says how they are read here. */
export type Condition =
  /** it is a link, or that link */
  | { readonly is: 'link'; readonly cid?: CID }
  /** a map that has these fields, each with a value for which its condition holds */
  | { readonly is: 'fields'; readonly fields: ReadonlyMap<string, Condition | undefined> }
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'kind'; readonly kind: string }
  | { readonly is: 'greater' | 'less'; readonly than: number | bigint }
  | { readonly is: 'and' | 'or'; readonly conditions: readonly Condition[] }
