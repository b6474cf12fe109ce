/** What can go wrong with a layout and with what is read through it. All codes are listed in docs/errors.md. */
import type { CID } from 'multiformats/cid'
import { CodecError } from '../../codec/errors.js'
import { IpldError } from '../../ipld/index.js'

interface LayoutErrorOptions {
  readonly cid?: CID
  readonly offset?: number
  readonly cause?: unknown
}

export class LayoutError extends Error {
  override readonly name = 'LayoutError'
  /**
   * `UNKNOWN_LAYOUT`: no layout of that name, or for that codec; `BLOCK_NOT_FOUND`: nobody has a block; `NOT_FOUND`: no entry of that name; `WRONG_KIND`: a directory read as a file, or
   * the like; `SIZE_MISMATCH`: sizes that contradict each other; `LIMIT`: more than a limit allows; `LINK_NOT_SHOWN` and `INVALID_TAPE`: what only a faulty or lying layout does; or what
   * the layout reports of a block, as codecs do
   */
  readonly code: string
  /** name of the layout */
  readonly layout: string
  /** the block that is wrong, where there is one, and the byte in it */
  readonly cid?: CID
  readonly offset?: number

  constructor(code: string, layout: string, message: string, { cid, offset, cause }: LayoutErrorOptions = {}) {
    const where = cid === undefined ? '' : ` in block ${cid}${offset === undefined ? '' : ` at byte ${offset}`}`
    super(`${layout}: ${message}${where}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.layout = layout
    if (cid !== undefined) this.cid = cid
    if (offset !== undefined) this.offset = offset
  }
}

/** What the guest's driver and the tape's readers throw, as the layout's own error with the block that it was about. */
export function asLayoutError(thrown: unknown, layout: string, cid: CID | undefined): unknown {
  if (thrown instanceof CodecError) {
    const message = 'phrase' in thrown ? String(thrown.phrase) : thrown.message.replace(`${layout}: `, '')
    return new LayoutError(thrown.code, layout, message, { cid, offset: thrown.offset, cause: thrown })
  }
  if (thrown instanceof IpldError) return new LayoutError(thrown.code, layout, thrown.message, { cid, offset: thrown.offset, cause: thrown })
  return thrown
}
