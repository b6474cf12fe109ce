/** Headers: forks have added fields at the end, so a block may lack some of the last. */
import { Code, fail } from '../../sdk/fail'
import { offsetOf } from '../../sdk/input'
import * as node from '../../sdk/node'
import * as tape from '../../sdk/tape'
import { Kind, RECORD } from '../../sdk/tape'
import { size } from '../rlp/head'
import * as plan from '../rlp/plan'
import { fields, key, listHead } from './decode'
import { enter, field, given, leave, valueAt } from './encode'
import { HEADER, HEADER_FIELDS, HEADER_LEAST } from './schema'

// @ts-ignore: decorator
@inline function fieldAt(i: u32): usize { return HEADER + (<usize>i << 2) }

/**
 * A header whose items end at `end`. BaseFee, which dag-eth knows, is null where the block has none; what came later is left out.
 * @param like a header before it in the same list, whose keys it shares, or 0
 */
export function header(p: usize, end: u64, like: usize): usize {
  const map = tape.open(Kind.MAP)
  p = fields(p, end, HEADER, HEADER_LEAST, like == 0)
  let n = HEADER_LEAST
  if (offsetOf(p) == end) {
    key(load<u32>(fieldAt(n++)))
    tape.nil()
  }
  while (offsetOf(p) < end) {
    if (n == HEADER_FIELDS) fail(Code.MALFORMED, offsetOf(p), n)
    p = fields(p, end, fieldAt(n++), 1, true)
  }
  if (like) tape.closeShared(map, n, like, HEADER_LEAST)
  else tape.close(map, n)
  return p
}

/** Plans a header: all fields up to the last that is given. */
export function planHeader(map: usize): void {
  const frame = enter(map, HEADER, HEADER_FIELDS)
  let n = HEADER_FIELDS
  while (n > HEADER_LEAST && !given(valueAt(frame, n - 1))) n--
  const list = plan.openList()
  for (let i: u32 = 0; i < n; i++) field(map, frame, i, load<u32>(fieldAt(i)))
  plan.close(list, map)
  leave()
}

/** A list of the headers up to `end`. */
export function headers(p: usize, end: u64): usize {
  const list = tape.open(Kind.LIST)
  let count: u32 = 0
  while (offsetOf(p) < end) {
    p = listHead(p, end)
    p = header(p, offsetOf(p) + size, count ? list + RECORD : 0)
    count++
  }
  tape.close(list, count)
  return p
}

/** Plans a list of headers. */
export function planHeaders(list: usize): void {
  node.expect(list, Kind.LIST)
  const record = plan.openList()
  const count = node.length(list)
  let at = list + RECORD
  for (let i: u32 = 0; i < count; i++) {
    planHeader(at)
    at = node.next(at)
  }
  plan.close(record, list)
}
