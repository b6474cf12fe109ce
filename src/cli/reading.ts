/** A block read with the codec that its CID names, and what a person wants to know of it. */
import type { CID } from 'multiformats/cid'
import { type Codec, type Host, HostError } from '../codec/index.js'
import { type Child, keyOf } from '../dag/index.js'
import type { Node } from '../ipld/index.js'
import { codecName } from './codec-name.js'
import { preview } from './preview.js'
import { plain, quote, shorten } from './text.js'

/** Longest label of a link. */
const LABEL = 48

export interface Reading {
  readonly codec: string
  /** no codec for the block's multicodec */
  readonly unknown: boolean
  readonly fuel: number
  /** milliseconds of the decoding alone */
  readonly time: number
  /** the value in part of a line */
  preview(width: number): string
  readonly children: readonly Child[]
  /** why the block could not be decoded */
  readonly error?: unknown
}

export class Reader {
  /** codecs that have read a block */
  readonly used = new Set<string>()
  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  /** The codec for a block; undefined if there is none. Whatever else is wrong with a codec is thrown. */
  async codec(cid: CID): Promise<Codec | undefined> {
    try {
      return await this.#host.codec(cid.code)
    } catch (error) {
      if (error instanceof HostError && error.code === 'UNKNOWN_CODEC') return undefined
      throw error
    }
  }

  /** Never throws for what is wrong with the block or its codec: that is part of the reading. */
  async read(cid: CID, bytes: Uint8Array): Promise<Reading> {
    const none = { codec: codecName(this.#host, cid.code), unknown: false, fuel: 0, time: 0, preview: () => '', children: [] }
    try {
      const codec = await this.codec(cid)
      if (codec === undefined) return { ...none, unknown: true }
      const start = performance.now()
      const node = codec.node(bytes)
      const time = performance.now() - start
      this.used.add(codec.name)
      return { ...none, codec: codec.name, fuel: codec.fuel, time, preview: (width) => preview(node, width), children: childrenOf(node) }
    } catch (error) {
      return { ...none, error }
    }
  }
}

/** The links of a block with where they stand in it, each target once. */
function childrenOf(node: Node): Child[] {
  // most blocks that are large have no links, and need no second look
  if (node.links().length === 0) return []
  const children = new Map<string, Child>()
  const visit = (at: Node, path: string, name: string | undefined, item: boolean): void => {
    if (at.kind === 'link') {
      const cid = at.value() as CID
      const key = keyOf(cid)
      if (!children.has(key)) children.set(key, { cid, label: name ?? shorten(plain(path), LABEL) })
      return
    }
    // an item of a list has no name but its own; elsewhere the path says more
    const named = item && at.kind === 'map' ? nameIn(at) : undefined
    for (const [key, child] of at.entries()) visit(child, path === '' ? String(key) : `${path}/${key}`, named, at.kind === 'list')
  }
  visit(node, '', undefined, false)
  return [...children.values()]
}

/** The name that stands beside a link, as in a directory's entry; better than the path. */
function nameIn(map: Node): string | undefined {
  const name = map.get('Name') ?? map.get('name')
  return name?.kind === 'string' && name.length > 0 ? quote(name.value() as string, LABEL) : undefined
}
