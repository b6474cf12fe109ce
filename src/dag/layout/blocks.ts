/** The blocks of one operation: fetched, verified, a few ahead of their turn, and counted. */
import type { CID } from 'multiformats/cid'
import { orAbort } from '../abort.js'
import { keyOf } from '../key.js'
import { LayoutError } from './errors.js'

/** A block from wherever blocks are, or undefined. It need not be honest: what it gives is verified. */
export type GetBlock = (cid: CID, options: { signal?: AbortSignal }) => Uint8Array | undefined | Promise<Uint8Array | undefined>

/** @throws if these are not the bytes that the CID names */
export type VerifyBlock = (cid: CID, bytes: Uint8Array) => void | Promise<void>

export interface BlockOptions {
  readonly get: GetBlock
  /** undefined: `get` has verified what it gives */
  readonly verify: VerifyBlock | undefined
  /** blocks that are fetched ahead */
  readonly ahead: number
  /** most blocks of one operation */
  readonly most: number
  /** bytes of a block */
  readonly largest: number
  readonly layout: string
  readonly signal?: AbortSignal
}

const IDENTITY = 0
const MAX_AGENDA = 4096

export class Blocks {
  readonly #options: BlockOptions
  /** fetched ahead, by key */
  readonly #coming = new Map<string, Promise<Uint8Array>>()
  /** what may be fetched ahead, the next one last */
  #agenda: CID[] = []
  #count = 0

  constructor(options: BlockOptions) {
    this.#options = options
  }

  /** Says in which order blocks will be wanted, before all that has been said earlier. */
  announce(cids: readonly CID[]): void {
    for (let i = cids.length - 1; i >= 0; i--) this.#agenda.push(cids[i])
    // what is far ahead is found without it
    if (this.#agenda.length > MAX_AGENDA) this.#agenda = this.#agenda.slice(-MAX_AGENDA / 2)
    this.#fetchAhead()
  }

  /** A block, verified. @throws LayoutError BLOCK_NOT_FOUND, LIMIT; what `verify` and `get` throw */
  async take(cid: CID): Promise<Uint8Array> {
    const { most, layout, signal } = this.#options
    signal?.throwIfAborted()
    if (++this.#count > most) throw new LayoutError('LIMIT', layout, `more than ${most} blocks, see limits.blocks`, { cid })
    const key = keyOf(cid)
    const coming = this.#coming.get(key)
    if (coming === undefined && this.#agenda.at(-1)?.equals(cid)) this.#agenda.pop()
    const block = coming ?? this.#fetch(cid)
    this.#coming.delete(key)
    this.#fetchAhead()
    // `get` need not heed the signal
    return orAbort(block, signal)
  }

  #fetchAhead(): void {
    const { ahead } = this.#options
    while (this.#coming.size < ahead && this.#agenda.length > 0) {
      const cid = this.#agenda.pop() as CID
      const key = keyOf(cid)
      // what a link holds itself need not be fetched, and what comes twice is fetched the second time when it is wanted
      if (cid.multihash.code === IDENTITY || this.#coming.has(key)) continue
      const block = this.#fetch(cid)
      // told when it is taken, if it is
      block.catch(() => undefined)
      this.#coming.set(key, block)
    }
  }

  async #fetch(cid: CID): Promise<Uint8Array> {
    const { get, verify, largest, layout, signal } = this.#options
    if (cid.multihash.code === IDENTITY) return cid.multihash.digest
    const block = await get(cid, { signal })
    if (block === undefined || block === null) throw new LayoutError('BLOCK_NOT_FOUND', layout, `block ${cid} is not there`, { cid })
    if (!(block instanceof Uint8Array)) throw new TypeError(`get: gave a ${typeof block}, expected a Uint8Array`)
    if (block.length > largest) throw new LayoutError('INPUT_SIZE', layout, `a block of ${block.length} bytes, the limit is ${largest}`, { cid })
    await verify?.(cid, block)
    return block
  }
}
