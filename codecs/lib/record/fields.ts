/**
 * Maps with known fields, for encoders: finds the value of each field. Maps that share their keys are of one *shape*, which is looked at once.
 *
 * A *kind* of map has a place of its own for what has been found, so that a map's values stay known while maps of other kinds within it are read.
 *
 * ```
 *  kind  ┌───────────────────────┬──────────────┬─────────────────┬────────────────────────┐
 *        │ map that has the keys │ fields, bits │ fields by place │ records by field, or 0 │
 *        └───────────────────────┴──────────────┴─────────────────┴────────────────────────┘
 *        0                       8              16                80                       336
 * ```
 */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import { Kind, RECORD } from '../../sdk/tape'
import { fieldNamed } from './names'

const KIND: usize = 336
/** Kinds that a codec may have. */
const KINDS: usize = 8

// @ts-ignore: decorator
@lazy const FOUND: usize = memory.data(336 * 8, 16)

/** To be called when a call begins: what is there may be from the last. */
export function forgetShapes(): void {
  for (let i: usize = 0; i < KINDS; i++) store<u32>(FOUND + i * KIND, 0)
}

/** The record of a field's value in the last map of a kind; 0 if the map does not have the field. */
// @ts-ignore: decorator
@inline export function valueOf(kind: u32, field: u32): usize { return load<u32>(FOUND + <usize>kind * KIND + 80 + (<usize>field << 2)) }

/** Finds the fields of a map, which has all of `required` and none but `allowed`, a bit each. Answers the record after it. */
export function readMap(map: usize, kind: u32, required: u64, allowed: u64): usize {
  node.expect(map, Kind.MAP)
  const found = FOUND + <usize>kind * KIND
  const count = node.length(map)
  const shared = node.shared(map)
  const owner = shared == 0 ? map : shared == count && node.length(node.like(map)) == count ? node.like(map) : 0
  if (owner == 0 || load<u32>(found) != <u32>owner) {
    look(map, found, count, shared, required, allowed)
    store<u32>(found, <u32>owner)
  }
  let at = map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    if (i >= shared) at += RECORD
    store<u32>(found + 80 + (<usize>load<u8>(found + i, 16) << 2), <u32>at)
    at = node.next(at)
  }
  return at
}

/** Fails unless the last map of a kind has exactly the fields `wanted`. @param map it */
export function demand(map: usize, kind: u32, wanted: u64): void {
  const seen = load<u64>(FOUND + <usize>kind * KIND, 8)
  if (wanted & ~seen) fail(Code.MISSING_FIELD, node.indexOf(map), <u32>ctz(wanted & ~seen))
  if (seen & ~wanted) fail(Code.UNKNOWN_FIELD, node.indexOf(valueOf(kind, <u32>ctz(seen & ~wanted))))
}

/** Finds which field each place of a map has. */
function look(map: usize, found: usize, count: u32, shared: u32, required: u64, allowed: u64): void {
  memory.fill(found + 80, 0, 256)
  let seen: u64 = 0
  let key = shared ? node.like(map) + RECORD : map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    if (i == shared && i) {
      // its own keys come after the values that have theirs elsewhere
      key = map + RECORD
      for (let j: u32 = 0; j < i; j++) key = node.next(key)
    }
    const field = fieldNamed(node.resident(key), node.length(key), allowed)
    if (field < 0) fail(Code.UNKNOWN_FIELD, node.indexOf(i < shared ? map : key))
    const bit = <u64>1 << field
    if (seen & bit) fail(Code.DUPLICATE_KEY, node.indexOf(i < shared ? map : key))
    seen |= bit
    store<u8>(found + i, <u8>field, 16)
    key = node.next(key + RECORD)
  }
  store<u64>(found, seen, 8)
  if (required & ~seen) fail(Code.MISSING_FIELD, node.indexOf(map))
}
