/** Whether a condition of a selector holds for a place in the data. */
import { CID } from 'multiformats/cid'
import type { Place } from './place.js'
import type { Condition } from './selector.js'

export async function holds(condition: Condition, at: Place): Promise<boolean> {
  switch (condition.is) {
    case 'link':
      return at.link !== undefined && (condition.cid === undefined || condition.cid.equals(at.link))
    case 'kind':
      return at.kind === condition.kind
    case 'value':
      return at.node !== undefined && equal(at.node.value(), condition.value, at.kind === 'float')
    case 'greater':
    case 'less': {
      if (at.node === undefined || (at.kind !== 'integer' && at.kind !== 'float')) return false
      const value = at.node.value() as number | bigint
      return condition.is === 'greater' ? value > condition.than : value < condition.than
    }
    case 'fields': {
      if (at.kind !== 'map') return false
      for (const [name, inner] of condition.fields) {
        const field = await at.get(name)
        if (field === undefined || (inner !== undefined && !(await holds(inner, field)))) return false
      }
      return true
    }
    case 'and':
      for (const inner of condition.conditions) if (!(await holds(inner, at))) return false
      return true
    case 'or':
      for (const inner of condition.conditions) if (await holds(inner, at)) return true
      return false
  }
}

/** Equal in the data model; JavaScript cannot tell the integer 1 from the float 1.0, and then neither does this. */
function equal(a: unknown, b: unknown, float: boolean): boolean {
  if (Object.is(a, b) || (!float && a === b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [link, other] = [CID.asCID(a), CID.asCID(b)]
  if (link !== null || other !== null) return link !== null && other !== null && link.equals(other)
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i])
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), b as Record<string, unknown>]
  return left.length === Object.keys(b).length && left.every(([key, value]) => Object.hasOwn(b, key) && equal(value, right[key], false))
}
