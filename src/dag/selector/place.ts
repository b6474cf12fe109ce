/** A place in the data that a selector has come to: a node of a block, or of what a data layout makes of blocks. */
import type { CID } from 'multiformats/cid'
import type { Node, NodeKind } from '../../ipld/index.js'

export interface Place {
  readonly kind: NodeKind
  /** items, entries or bytes, as `Node.length` */
  readonly length: number
  /** the block that it is in, or that the layout was opened at */
  readonly cid: CID
  /** the node, where it is one of a block */
  readonly node?: Node
  /** whether the node is the whole block */
  readonly root: boolean
  /** the target, where it is a link */
  readonly link?: CID
  get(segment: string | number): Promise<Place | undefined> | Place | undefined
  /** in the order of the data */
  entries(): AsyncIterable<readonly [string | number, Place]> | Iterable<readonly [string | number, Place]>
  /** bytes of a string, in UTF-8, or of bytes */
  bytes(from: number, to: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

const encoder = new TextEncoder()

/** A place in a block. */
export class NodePlace implements Place {
  readonly cid: CID
  readonly node: Node
  readonly root: boolean

  constructor(cid: CID, node: Node, root: boolean) {
    this.cid = cid
    this.node = node
    this.root = root
  }

  get kind(): NodeKind {
    return this.node.kind
  }

  get length(): number {
    return this.node.length
  }

  get link(): CID | undefined {
    return this.node.kind === 'link' ? (this.node.value() as CID) : undefined
  }

  get(segment: string | number): Place | undefined {
    const node = this.node.get(segment)
    return node && new NodePlace(this.cid, node, false)
  }

  *entries(): Generator<[string | number, Place]> {
    for (const [segment, node] of this.node.entries()) yield [segment, new NodePlace(this.cid, node, false)]
  }

  bytes(from: number, to: number): Uint8Array[] {
    const value = this.node.value()
    const bytes = typeof value === 'string' ? encoder.encode(value) : value instanceof Uint8Array ? value : new Uint8Array(0)
    return [bytes.subarray(from, to)]
  }
}
