/** A value as text, exactly: two values have the same text if and only if they are the same in type, order of keys and, for floats, in every bit. */
export function text(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'undefined') return String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (value instanceof Uint8Array) return `h'${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}'`
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`got ${typeof value}, which the data model does not have`)
  const link = value as { asCID?: unknown; '/'?: unknown; bytes?: unknown }
  if (link.asCID === value || (link.bytes instanceof Uint8Array && link['/'] === link.bytes)) return `link(${value})`
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${text(item)}`)
    .join(',')}}`
}
