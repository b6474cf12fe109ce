/** Records whose fields have names, as schemas have them: a map's values by the names that a format knows. */
import { Code, fail } from '../../sdk/fail'
import * as node from '../../sdk/node'
import { Kind, RECORD, sameBytes } from '../../sdk/tape'

/** The index of a key among names, or −1. @param names each after its length in a byte, and a zero byte after the last */
function indexOf(key: usize, names: usize): i32 {
  const n = node.length(key)
  const p = node.resident(key)
  for (let i: i32 = 0, size = <u32>load<u8>(names); size; i++) {
    if (size == n && sameBytes(p, names + 1, n)) return i
    names += 1 + size
    size = load<u8>(names)
  }
  return -1
}

/**
 * Finds the values of a map. Fails with WRONG_KIND, UNKNOWN_FIELD or DUPLICATE_KEY.
 * @param names as in `indexOf`
 * @param values a u32 for each name: where to put the record of its value, or 0
 */
export function fieldsOf(map: usize, names: usize, values: usize): void {
  node.expect(map, Kind.MAP)
  let slot = values
  for (let name = names; load<u8>(name); name += 1 + <usize>load<u8>(name)) {
    store<u32>(slot, 0)
    slot += 4
  }
  const count = node.length(map)
  const shared = node.shared(map)
  let key = shared ? node.like(map) + RECORD : 0
  let at = map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    let name = at
    if (i < shared) {
      name = key
      key = node.next(key + RECORD)
    } else {
      at += RECORD
    }
    const field = indexOf(name, names)
    if (field < 0) fail(Code.UNKNOWN_FIELD, node.indexOf(name))
    const to = values + (<usize>field << 2)
    if (load<u32>(to)) fail(Code.DUPLICATE_KEY, node.indexOf(name))
    store<u32>(to, <u32>at)
    at = node.next(at)
  }
}

/** The value of a field that `fieldsOf` has found. Fails with MISSING_FIELD. */
export function field(values: usize, i: u32, map: usize): usize {
  const value = <usize>load<u32>(values + (<usize>i << 2))
  if (!value) fail(Code.MISSING_FIELD, node.indexOf(map))
  return value
}

/** As `field`, of one that may be absent: then 0. */
// @ts-ignore: decorator
@inline export function optional(values: usize, i: u32): usize { return load<u32>(values + (<usize>i << 2)) }

/** The value in `map` of the key that is the first name in `names`, 0 if there is none. */
export function valueOf(map: usize, names: usize): usize {
  const n = <u32>load<u8>(names)
  const count = node.length(map)
  const shared = node.shared(map)
  let key = shared ? node.like(map) + RECORD : 0
  let at = map + RECORD
  for (let i: u32 = 0; i < count; i++) {
    let name = at
    if (i < shared) {
      name = key
      key = node.next(key + RECORD)
    } else {
      at += RECORD
    }
    if (node.length(name) == n && sameBytes(node.resident(name), names + 1, n)) return at
    at = node.next(at)
  }
  return 0
}
