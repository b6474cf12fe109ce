/** Values as JavaScript has them, against the tape that they come from. */
import type { Node } from '../ipld/index.js'

/**
 * Whether a value says all that its node says, so that encoding it has to give the node's block again. JavaScript has one kind of number, and puts keys that look like indices first.
 */
export function restorable(node: Node, value: unknown): boolean {
  switch (node.kind) {
    case 'float':
      return !Number.isSafeInteger(value) || Object.is(value, -0)
    case 'list':
    case 'map': {
      const own = Object.entries(value as object)
      let i = 0
      for (const [key, child] of node.entries()) {
        const [name, item] = own[i++] ?? []
        if (name !== String(key) || !restorable(child, item)) return false
      }
      return i === own.length
    }
    default:
      return true
  }
}

/** Where two values differ, as a path and a reason; undefined if they are the same but for the order of keys. */
export function differ(a: unknown, b: unknown, path = ''): string | undefined {
  const at = path === '' ? 'the root' : `"${path}"`
  if (a instanceof Uint8Array || b instanceof Uint8Array || isLink(a) || isLink(b)) {
    const [left, right] = [bytesOf(a), bytesOf(b)]
    const same =
      isLink(a) === isLink(b) && left !== undefined && right !== undefined && left.length === right.length && left.every((byte, i) => byte === right[i])
    return same ? undefined : `${at}: ${show(a)}, and ${show(b)}`
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b) ? undefined : `${at}: ${show(a)}, and ${show(b)}`
  if (Array.isArray(a) !== Array.isArray(b)) return `${at}: ${show(a)}, and ${show(b)}`
  const keys = Object.keys(a)
  const others = Object.keys(b)
  if (keys.length !== others.length) return `${at}: ${keys.length} entries, and ${others.length}`
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return `${at}: an entry ${show(key)} that the other does not have`
    const found = differ((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], path === '' ? key : `${path}/${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

interface Link {
  readonly bytes: Uint8Array
  readonly asCID: unknown
}

function isLink(value: unknown): value is Link {
  return typeof value === 'object' && value !== null && (value as Partial<Link>).asCID === value
}

function bytesOf(value: unknown): Uint8Array | undefined {
  return isLink(value) ? value.bytes : value instanceof Uint8Array ? value : undefined
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (isLink(value)) return `link ${value}`
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  return typeof value === 'object' && value !== null ? 'a map' : Object.is(value, -0) ? '-0' : String(value)
}
