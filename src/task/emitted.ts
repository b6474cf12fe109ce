/** The stream that a function emits, as blocks: links, 1,024 to a block (docs/functions.md section 5). */
import type { CID } from '../ipld/index.js'

export const PER_BLOCK = 1024

export class Emitted {
  count = 0
  readonly index: CID[] = []
  readonly links: CID[] = []

  /** Takes a link; answers a list that is full, to be made a block. */
  add(cid: CID): readonly CID[] | undefined {
    this.links.push(cid)
    this.count++
    return this.links.length < PER_BLOCK ? undefined : this.links.splice(0)
  }

  /** The last list, if it has anything. */
  rest(): readonly CID[] | undefined {
    return this.links.length === 0 ? undefined : this.links.splice(0)
  }
}
