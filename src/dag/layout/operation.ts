/**
 * One operation of a layout: the loop around its guest, which asks for blocks and is called again with them. The guest never blocks and never sees a block that it did not ask for; this
 * waits for it. Only links that it has been shown are fetched.
 */
import type { CID } from 'multiformats/cid'
import { type Answer, ASKS, DONE, MORE, type Runner } from '../../codec/runner.js'
import type { Tape } from '../../ipld/index.js'
import { type Passage, type Piece, type RawEntry, type Reference, readAsk, readEntries, readEntry, readInfo, readPieces } from './answer.js'
import { type BlockOptions, Blocks } from './blocks.js'
import { asLayoutError, LayoutError } from './errors.js'
import { Grants } from './grants.js'
import type { LayoutLimits } from './limits.js'

/** The operations (docs/layout.md section 3). */
const OPEN = 1
const ENTRIES = 2
const GET = 3
const READ = 4

/** Lends guests: an operation has one for itself as long as it goes on. */
export interface Guests {
  take(): Runner
  give(runner: Runner): void
}

export class Operation {
  readonly #guests: Guests
  readonly #limits: LayoutLimits
  readonly #layout: string
  readonly #blocks: Blocks
  readonly #grants = new Grants()
  /** the block that the guest has, and its depth */
  #at: CID | undefined
  #depth = 0

  constructor(guests: Guests, limits: LayoutLimits, options: BlockOptions) {
    this.#guests = guests
    this.#limits = limits
    this.#layout = options.layout
    this.#blocks = new Blocks(options)
  }

  /** What each answer with a tape reads as; the guest goes on when the next is asked for. */
  async *#turns<T>(args: readonly unknown[], read: (tape: Tape) => T): AsyncGenerator<T, void, undefined> {
    const root = args[1] as CID
    this.#grants.allow(root, 0)
    const runner = this.#guests.take()
    try {
      let answer = this.#guarded(() => runner.start(args))
      for (;;) {
        const tape = this.#guarded(() => runner.tape())
        if (answer === ASKS) {
          const block = await this.#give(tape)
          answer = this.#guarded(() => runner.resume(block))
          continue
        }
        if (tape !== undefined) yield this.#guarded(() => read(tape))
        else if (answer === MORE) throw this.#lie('more is to come, and nothing has')
        if (answer === DONE) return
        answer = this.#guarded((): Answer => runner.resume())
      }
    } finally {
      this.#guests.give(runner)
    }
  }

  /** The one answer of an operation that has one. */
  async #result<T>(args: readonly unknown[], read: (tape: Tape) => T): Promise<T> {
    let result: { value: T } | undefined
    for await (const value of this.#turns(args, read)) {
      if (result !== undefined) throw this.#lie('two answers, expected one')
      result = { value }
    }
    if (result === undefined) throw this.#lie('no answer, expected one')
    return result.value
  }

  open(root: CID, inner: Uint8Array | null): Promise<ReturnType<typeof readInfo>> {
    return this.#result([OPEN, root, inner], readInfo)
  }

  get(root: CID, inner: Uint8Array | null, name: string): Promise<RawEntry | undefined> {
    return this.#result([GET, root, inner, name], (tape) => {
      const entry = readEntry(tape)
      if (entry !== undefined) this.#checkShown(entry.link)
      return entry
    })
  }

  entries(root: CID, inner: Uint8Array | null): AsyncGenerator<RawEntry[], void, undefined> {
    return this.#turns([ENTRIES, root, inner], (tape) => {
      const entries = readEntries(tape)
      if (entries.length === 0) throw this.#lie('a batch without an entry')
      for (const { link } of entries) this.#checkShown(link)
      return entries
    })
  }

  /** Pieces that are `length` bytes in all, or fewer if the guest ends before. Links among them are announced, to be taken in their order. */
  pieces(root: CID, inner: Uint8Array | null, offset: number, length: number): AsyncGenerator<Piece[], void, undefined> {
    let left = length
    return this.#turns([READ, root, inner, offset, length], (tape) => {
      const pieces = readPieces(tape)
      if (pieces.length === 0) throw this.#lie('a batch without a piece')
      const links: CID[] = []
      for (const piece of pieces) {
        left -= piece.length
        if (left < 0) throw this.#lie(`pieces that are ${-left} bytes or more beyond the ${length} asked for`)
        if (piece instanceof Uint8Array) continue
        this.#checkShown(piece)
        if (!piece.shown) this.#grants.use(piece.cid)
        links.push(piece.cid)
      }
      if (links.length > 0) this.#blocks.announce(links)
      return pieces
    })
  }

  /** The bytes of a passage. @throws LayoutError SIZE_MISMATCH; what fetching throws */
  async passage({ cid, size, offset, length }: Passage): Promise<Uint8Array> {
    const block = await this.#blocks.take(cid)
    if (block.length !== size)
      throw new LayoutError('SIZE_MISMATCH', this.#layout, `${block.length} bytes, expected ${size}, as the block that links to it says,`, { cid })
    return length === size ? block : block.subarray(offset, offset + length)
  }

  /** The block that the guest waits for. */
  async #give(tape: Tape | undefined): Promise<Uint8Array> {
    if (tape === undefined) throw this.#lie('asks for blocks, and names none')
    const links = this.#guarded(() => readAsk(tape))
    const depth = this.#depth + 1
    for (const link of links) {
      if (!link.shown) this.#checkShown(link)
      // the block that it stands in may be the last to show it
      else if (this.#at !== undefined) this.#grants.allow(link.cid, depth)
    }
    const { grants, depth: deepest } = this.#limits
    if (this.#grants.size > grants) throw this.#over(`${this.#grants.size} links to follow, the limit is ${grants}, see limits.grants`)
    const { cid } = links[0]
    const granted = this.#grants.use(cid)
    if (granted === undefined) throw this.#notShown(cid)
    this.#depth = granted
    if (this.#depth > deepest) throw this.#over(`blocks linked more than ${deepest} deep, see limits.depth`)
    this.#blocks.announce(links.map((link) => link.cid))
    this.#at = cid
    return this.#blocks.take(cid)
  }

  #checkShown(link: Reference | undefined): void {
    if (link === undefined || link.shown || this.#grants.has(link.cid)) return
    throw this.#notShown(link.cid)
  }

  #notShown(cid: CID): LayoutError {
    return new LayoutError('LINK_NOT_SHOWN', this.#layout, `names ${cid}, which stands in no block that it has been shown, or asks for it once too often`)
  }

  #lie(what: string): LayoutError {
    return new LayoutError('INVALID_TAPE', this.#layout, what, { cid: this.#at })
  }

  #over(what: string): LayoutError {
    return new LayoutError('LIMIT', this.#layout, what, { cid: this.#at })
  }

  #guarded<T>(call: () => T): T {
    try {
      return call()
    } catch (thrown) {
      throw asLayoutError(thrown, this.#layout, this.#at)
    }
  }
}
