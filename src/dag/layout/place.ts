/** What a layout makes of blocks, as a selector walks it: a file is bytes, a directory a map, a symbolic link a string. */
import type { CID } from 'multiformats/cid'
import type { Host } from '../../codec/host.js'
import type { NodeKind } from '../../ipld/index.js'
import { SelectorError } from '../selector/errors.js'
import type { Place } from '../selector/place.js'
import { type Layout, loadLayout } from './layout.js'
import type { LayoutNode } from './node.js'
import { type OpenLayoutOptions, openLayout } from './open.js'

const KINDS: Readonly<Record<LayoutNode['kind'], NodeKind>> = { file: 'bytes', directory: 'map', symlink: 'string' }
const encoder = new TextEncoder()

/** Files are never held in one piece, and of a directory a name is looked up without reading the others. */
export class LayoutPlace implements Place {
  readonly cid: CID
  readonly kind: NodeKind
  /** bytes of a file, or of a symbolic link's target in UTF-8. A directory does not say how many entries it has without being read: 0 */
  readonly length: number
  readonly root: boolean
  readonly #node: LayoutNode
  readonly #target: Uint8Array | undefined

  constructor(node: LayoutNode, root = true) {
    this.cid = node.cid
    this.kind = KINDS[node.kind]
    this.root = root
    this.#node = node
    this.#target = node.target === undefined ? undefined : encoder.encode(node.target)
    this.length = this.#target?.length ?? node.size ?? 0
  }

  async get(segment: string | number): Promise<Place | undefined> {
    if (this.#node.kind !== 'directory') return undefined
    const node = await this.#node.get(String(segment))
    return node && below(node)
  }

  async *entries(): AsyncGenerator<[string, Place], void, undefined> {
    if (this.#node.kind !== 'directory') return
    for await (const entry of this.#node.entries()) yield [entry.name, below(await this.#node.open(entry))]
  }

  async *bytes(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#target !== undefined) yield this.#target.subarray(from, to)
    else if (to > from) yield* this.#node.bytes({ offset: from, length: to - from })
  }
}

/** A block of its own can be interpreted again, by another layout. */
function below(node: LayoutNode): LayoutPlace {
  return new LayoutPlace(node, node.inner === undefined)
}

/**
 * For `SelectOptions.interpret`: opens the layout of the name in the selector, at the block. Each layout is loaded once.
 *
 * @throws SelectorError SELECTOR_INTERPRETATION for a layout that is not known; and as `openLayout`
 */
export function layoutInterpreter(host: Host, options: Omit<OpenLayoutOptions, 'root' | 'layout'>): (as: string, cid: CID) => Promise<Place> {
  const loaded = new Map<string, Promise<Layout>>()
  return async (as, cid) => {
    const loading = loaded.get(as) ?? loadLayout(host, as, { limits: options.limits, signal: options.signal })
    loaded.set(as, loading)
    let layout: Layout
    try {
      layout = await loading
    } catch (error) {
      loaded.delete(as)
      if ((error as { code?: string }).code !== 'UNKNOWN_LAYOUT') throw error
      throw new SelectorError('SELECTOR_INTERPRETATION', `${(error as Error).message}; asked for at block ${cid}`, undefined, error)
    }
    return new LayoutPlace(await openLayout(host, { ...options, root: cid, layout }))
  }
}
