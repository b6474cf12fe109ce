/** Sizes on the command line. */
import { InvalidArgumentError } from 'commander'

/** Bytes, of digits with or without K, M or G. */
export function amount(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/i.exec(text) ?? []
  const value = Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase())
  if (!Number.isSafeInteger(value) || value === 0) throw new InvalidArgumentError('Expected a number of bytes, such as 67108864 or 64M.')
  return value
}
