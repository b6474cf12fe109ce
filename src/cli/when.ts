/** Times on the command line, and back. */
import { CliError, EXIT } from './exit.js'
import { plain } from './text.js'

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
/** the year 9999: beyond it dates have no common form */
const LAST = 253_402_300_799

/**
 * Unix seconds of `15m`, `1h`, `30d` (from now), of a date (`2027-01-31`, `2027-01-31T12:00:00Z`), or null for `never`.
 *
 * @param now Unix seconds
 */
export function whenOf(text: string, option: string, now = Math.floor(Date.now() / 1000)): number | null {
  if (text === 'never') return null
  const [, digits, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  const date = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Math.floor(Date.parse(text) / 1000) : Number.NaN
  const seconds = unit === undefined ? date : now + Number(digits) * UNITS[unit]
  if (!(seconds >= 0 && seconds <= LAST))
    throw new CliError(
      'USAGE',
      EXIT.usage,
      `${option}: got ${plain(text)}, expected a span such as 15m, 1h or 30d, a date such as 2027-01-31 or 2027-01-31T12:00:00Z, or never`
    )
  return seconds
}

/** Unix seconds as a date. */
export function dateText(seconds: number | bigint | null): string {
  return seconds === null ? 'never' : seconds <= LAST ? new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z') : `${seconds} s`
}
