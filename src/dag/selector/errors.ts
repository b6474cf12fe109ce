export type SelectorErrorCode =
  /** not a selector as the specification says */
  | 'SELECTOR_INVALID'
  /** an interpretation that nobody provides, or that does not fit the node */
  | 'SELECTOR_INTERPRETATION'
  /** a subset of a string that cuts a character, asked for as a string */
  | 'SELECTOR_SUBSET'
  /** more bytes than are made into one value */
  | 'SELECTOR_SIZE'

/** What can be wrong with a selector, and with its fit to the data. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError'
  readonly code: SelectorErrorCode
  /** SELECTOR_INVALID: in the selector; SELECTOR_INTERPRETATION: in the data. '' is the root */
  readonly path?: string

  constructor(code: SelectorErrorCode, message: string, path?: string, cause?: unknown) {
    const where = path === undefined ? '' : path === '' ? ' at the root' : ` at "${path}"`
    super(`${message}${where}`, cause === undefined ? undefined : { cause })
    this.code = code
    if (path !== undefined) this.path = path
  }
}
