/** Commands: paths of lowercase segments, of which each covers itself and all below it. UCAN 1.0.0, "Command". */
import { shown, UcanError } from './errors.js'

const MAX_LENGTH = 1024

/** @throws UcanError `COMMAND_MALFORMED` */
export function checkCommand(value: unknown): string {
  const wrong = fault(value)
  if (wrong !== undefined) throw new UcanError('COMMAND_MALFORMED', `cmd ${shown(value)}: ${wrong}`)
  return value as string
}

function fault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'expected a string'
  if (value.length > MAX_LENGTH) return `${value.length} characters, expected at most ${MAX_LENGTH}`
  if (!value.startsWith('/')) return 'expected a slash at its beginning'
  if (value.length > 1 && value.endsWith('/')) return 'a slash at its end'
  if (value.includes('//')) return 'an empty segment'
  if (value !== value.toLowerCase()) return 'expected lowercase'
  return undefined
}

/** Whether who may do `broad` may do `narrow`: `/crypto` covers `/crypto/sign`, and not `/cryptocurrency`. */
export function covers(broad: string, narrow: string): boolean {
  return broad === '/' || narrow === broad || (narrow.startsWith(broad) && narrow[broad.length] === '/')
}
