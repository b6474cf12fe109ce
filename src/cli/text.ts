/** Text for terminals: figures, and strings from data that nobody has vouched for. */

/** Control characters, and those that reorder or hide what stands around them: a terminal would obey them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text with what a terminal would not print as escapes. */
export function plain(text: string): string {
  return text.replace(UNPRINTABLE, (unit) => NAMED[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The text in quotes, cut to about `max` characters. */
export function quote(text: string, max = Number.POSITIVE_INFINITY): string {
  return `"${plain(shorten(text, max).replace(/["\\]/g, '\\$&'))}"`
}

/** The text cut to `max` UTF-16 units, an ellipsis for the rest, no pair cut through. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  let end = Math.max(0, max - 1)
  const unit = text.charCodeAt(end - 1)
  if (unit >= 0xd800 && unit < 0xdc00) end--
  // what is cut may end in what was cut before
  return `${text.slice(0, end).replace(/…+$/, '')}…`
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** `1,234,567` in every locale. */
export function figure(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A size in bytes for people: `96 B`, `1.2 KB`. */
export function size(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** A time in milliseconds for people. */
export function time(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds >= 99.95 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(milliseconds >= 9.995 ? 1 : 2)} ms`
}

/** `1 block`, `2 blocks` */
export function count(value: number, noun: string): string {
  return `${figure(value)} ${noun}${value === 1 ? '' : 's'}`
}

export function codeText(code: number): string {
  return `0x${code.toString(16).padStart(2, '0')}`
}

/** Whether bytes are text that a terminal can show. */
export function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what has them is no text
    return !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)
  } catch {
    return false
  }
}
