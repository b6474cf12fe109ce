/** What requests cost in fuel: schedule 1 of docs/functions.md section 7. Prices are of the work as such, never of how a version of the host does it. */

/** Of every request. */
export const REQUEST = 1_000
/** Of each record of a request's tape: the host reads them all. */
export const READ = 64
/** Of a new block, a byte. */
export const HASHED = 2
/** Of a block that is decoded or encoded, a byte. */
export const CODED = 16
/** Of a tape that is handed over, a byte. */
export const HANDED = 4

/** Of so many bytes of input. */
export function given(bytes: number): number {
  return Math.floor(bytes / 8)
}
