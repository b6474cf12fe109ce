/** What a layout makes of blocks: files, directories and symbolic links. */
import type { CID } from 'multiformats/cid'
import type { LayoutKind, Piece, RawEntry } from './answer.js'
import type { BlockOptions } from './blocks.js'
import { LayoutError } from './errors.js'
import type { Layout } from './layout.js'
import { Operation } from './operation.js'

export interface DirectoryEntry {
  readonly name: string
  /** root of what it is the name of */
  readonly cid: CID
  /** where in that root, if the layout has several nodes in one block */
  readonly inner?: Uint8Array
  /** bytes of a file, where the directory says so */
  readonly size?: number
  readonly kind?: LayoutKind
}

export interface RangeOptions {
  /** the first byte; default 0. Beyond the end there is nothing */
  offset?: number
  /** how many bytes; default all from there on */
  length?: number
}

/** How the nodes of a tree are read. */
interface Reading {
  readonly layout: Layout
  readonly blocks: Omit<BlockOptions, 'signal'>
  readonly signal?: AbortSignal
}

/**
 * A file, directory or symbolic link as a layout sees it. It is a lazy view: each method is an operation of its own, which fetches the blocks that it needs.
 */
export class LayoutNode {
  readonly kind!: LayoutKind
  /** bytes of a file */
  readonly size?: number
  /** permission bits, where they are known */
  readonly mode?: number
  readonly mtime?: { readonly secs: number; readonly nsecs: number }
  /** of a symbolic link, which is not followed */
  readonly target?: string
  readonly cid: CID
  readonly inner?: Uint8Array
  readonly #reading: Reading

  private constructor(reading: Reading, cid: CID, inner: Uint8Array | undefined) {
    this.cid = cid
    if (inner !== undefined) this.inner = inner
    this.#reading = reading
  }

  /** For `openLayout`, and for those who have an entry. @throws LayoutError; what fetching and verifying throw */
  static async open(reading: Reading, cid: CID, inner?: Uint8Array): Promise<LayoutNode> {
    const node = new LayoutNode(reading, cid, inner)
    return Object.assign(node, await node.#operation().open(cid, inner ?? null))
  }

  /**
   * Bytes of a file: all of them, or a range, without reading the rest. Chunks are views of blocks, none is empty.
   *
   * @throws LayoutError WRONG_KIND, SIZE_MISMATCH, BLOCK_NOT_FOUND and what the layout reports; what fetching and verifying throw
   */
  async *bytes({ offset = 0, length = Number.MAX_SAFE_INTEGER }: RangeOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    for (const [name, value] of Object.entries({ offset, length })) {
      if (!(Number.isSafeInteger(value) && value >= 0)) throw new TypeError(`${name}: got ${value}, expected 0 to 2^53 − 1`)
    }
    this.#expect('file')
    const wanted = Math.min(length, Math.max((this.size as number) - offset, 0))
    if (wanted === 0) return
    const controller = new AbortController()
    const { signal } = this.#reading
    const operation = this.#operation(signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]))
    const turns = operation.pieces(this.cid, this.inner ?? null, offset, wanted)
    let read = 0
    try {
      for await (const piece of ahead(turns, this.#reading.blocks.ahead)) {
        const bytes = piece instanceof Uint8Array ? piece : await operation.passage(piece)
        read += bytes.length
        yield bytes
      }
    } finally {
      // what has been fetched ahead is not wanted any more
      controller.abort(ENOUGH)
    }
    if (read !== wanted) throw this.#error('SIZE_MISMATCH', `gave ${read} bytes from byte ${offset} on, expected ${wanted}`)
  }

  /** The entries of a directory, in its own order. @throws LayoutError WRONG_KIND and as `bytes` */
  async *entries(): AsyncGenerator<DirectoryEntry, void, undefined> {
    this.#expect('directory')
    for await (const batch of this.#operation().entries(this.cid, this.inner ?? null)) for (const entry of batch) yield this.#entry(entry)
  }

  /** The entry of a name, which is not opened; undefined if there is none. @throws LayoutError WRONG_KIND and as `bytes` */
  async lookup(name: string): Promise<DirectoryEntry | undefined> {
    if (typeof name !== 'string') throw new TypeError(`name: got ${typeof name}, expected a string`)
    this.#expect('directory')
    const entry = await this.#operation().get(this.cid, this.inner ?? null, name)
    if (entry !== undefined && entry.name !== name) throw this.#error('INVALID_TAPE', `found "${entry.name}" for "${name}"`)
    return entry && this.#entry(entry)
  }

  /** The node of a name; undefined if there is none. @throws as `lookup` */
  async get(name: string): Promise<LayoutNode | undefined> {
    const entry = await this.lookup(name)
    return entry && this.open(entry)
  }

  /** The node of an entry of this tree. */
  open({ cid, inner }: Pick<DirectoryEntry, 'cid' | 'inner'>): Promise<LayoutNode> {
    return LayoutNode.open(this.#reading, cid, inner)
  }

  /** The node at a path of names with `/` between them. @throws LayoutError NOT_FOUND, WRONG_KIND with the name at which the path ends */
  async path(path: string): Promise<LayoutNode> {
    let node: LayoutNode = this
    for (const name of path.split('/').filter((name) => name !== '')) {
      if (node.kind !== 'directory') throw this.#error('WRONG_KIND', `path "${path}": "${name}" is looked for in a ${node.kind}`)
      const next = await node.get(name)
      if (next === undefined) throw this.#error('NOT_FOUND', `path "${path}": no "${name}"`)
      node = next
    }
    return node
  }

  #entry({ name, link, inner, size, kind }: RawEntry): DirectoryEntry {
    return {
      name,
      cid: link?.cid ?? this.cid,
      ...(inner === undefined ? {} : { inner }),
      ...(size === undefined ? {} : { size }),
      ...(kind === undefined ? {} : { kind })
    }
  }

  #operation(signal = this.#reading.signal): Operation {
    const { layout, blocks } = this.#reading
    return new Operation(layout, layout.limits, { ...blocks, signal })
  }

  #expect(kind: LayoutKind): void {
    if (this.kind !== kind) throw this.#error('WRONG_KIND', `a ${this.kind}, expected a ${kind}`)
  }

  #error(code: string, message: string): LayoutError {
    return new LayoutError(code, this.#reading.layout.name, message, { cid: this.cid })
  }
}

/** Why what was fetched ahead is not waited for; without one, the engine would make an error each time, with a stack. */
const ENOUGH = new Error('the reader has stopped')

/** The items of batches; while they are used, batches are drawn from the source until `room` items wait. */
async function* ahead(source: AsyncGenerator<Piece[], void, undefined>, room: number): AsyncGenerator<Piece, void, undefined> {
  let queue: Piece[] = []
  let next = 0
  let drawing: Promise<void> | undefined
  let done = false
  let failure: { error: unknown } | undefined
  const more = (): void => {
    if (!done && drawing === undefined && queue.length - next <= room) drawing = draw()
  }
  const draw = async (): Promise<void> => {
    try {
      const { value, done: ended } = await source.next()
      if (ended) done = true
      else {
        queue = [...queue.slice(next), ...value]
        next = 0
      }
    } catch (error) {
      done = true
      failure = { error }
    }
    drawing = undefined
    more()
  }
  try {
    for (;;) {
      more()
      while (next === queue.length && drawing !== undefined) await drawing
      if (next === queue.length) break
      yield queue[next++]
    }
    // after all that came before it
    if (failure !== undefined) throw failure.error
  } finally {
    done = true
    source.return().catch(() => undefined)
  }
}
