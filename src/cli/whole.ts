/** Counts on the command line. */
import { InvalidArgumentError } from 'commander'

/** A whole number, which may be 0. */
export function whole(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number.')
  return value
}
