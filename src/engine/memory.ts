/** State that lives as long as the process: for tests, for browsers, and for who keeps nothing. */
import type { CID } from 'multiformats/cid'
import {
  type Blocks,
  checkBytes,
  checkKey,
  checkName,
  checkRevision,
  checkTtl,
  checkValue,
  closed,
  type DeleteOptions,
  digestText,
  type Engine,
  EngineError,
  type EntriesOptions,
  type Entry,
  keyText,
  type Lease,
  type Leases,
  type PutOptions,
  type ReadOptions,
  type Records,
  textKey
} from './interface.js'

export interface MemoryEngineOptions {
  /** how many bytes keys, values, blocks and leases may have together, with `OVERHEAD` for each; default: as many as there are */
  readonly maxBytes?: number
  /** milliseconds since 1970, for leases; default `Date.now` */
  readonly clock?: () => number
}

/** bytes that the engine counts for an entry besides its own, so that many empty ones are not free */
const OVERHEAD = 128
const IDENTITY = 0x00

/** @throws TypeError */
export function memoryEngine({ maxBytes = Number.POSITIVE_INFINITY, clock = Date.now }: MemoryEngineOptions = {}): Engine {
  if (typeof maxBytes !== 'number' || !(maxBytes > 0)) throw new TypeError(`maxBytes: got ${maxBytes}, expected a positive number`)
  const room = new Room(maxBytes)
  const parts = [new MemoryRecords(room), new MemoryRecords(room), new MemoryBlocks(room), new MemoryLeases(room, clock)] as const
  const [receipts, tasks, blocks, leases] = parts
  const close = async (): Promise<void> => {
    room.open = false
    for (const part of parts) part.clear()
  }
  return { supports: { durable: false, shared: false }, receipts, tasks, blocks, leases, close, [Symbol.asyncDispose]: close }
}

/** What the parts of an engine share: how much they hold, the count of revisions and tokens, and whether it is still open. */
class Room {
  open = true
  #used = 0
  #count = 0
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  check(signal?: AbortSignal): void {
    if (!this.open) throw closed()
    signal?.throwIfAborted()
  }

  /** One count for all keys: so a key that was deleted and put again gets another revision. */
  next(): number {
    return ++this.#count
  }

  /** @throws EngineError `ENGINE_FULL`: nothing has been taken */
  take(bytes: number, instead = 0, key?: CID): void {
    const used = this.#used + bytes - instead
    if (used > this.#max && bytes > instead) throw new EngineError('ENGINE_FULL', `${used} bytes, expected at most ${this.#max}, which is maxBytes`, { key })
    this.#used = used
  }

  free(bytes: number): void {
    this.#used -= bytes
  }
}

/** Bytes by text, in the order of the text. */
class Shelf<T> {
  readonly entries = new Map<string, T>()
  /** until a key is added or deleted; whoever goes through it keeps it */
  #keys: readonly string[] | undefined

  set(text: string, value: T): void {
    if (!this.entries.has(text)) this.#keys = undefined
    this.entries.set(text, value)
  }

  delete(text: string): void {
    if (this.entries.delete(text)) this.#keys = undefined
  }

  clear(): void {
    this.entries.clear()
    this.#keys = undefined
  }

  get keys(): readonly string[] {
    // strings of one character a byte: JavaScript's own order is that of the bytes
    this.#keys ??= [...this.entries.keys()].sort()
    return this.#keys
  }
}

class MemoryRecords implements Records {
  readonly #shelf = new Shelf<Entry>()
  readonly #room: Room

  constructor(room: Room) {
    this.#room = room
  }

  async get(key: CID, options?: ReadOptions): Promise<Entry | undefined> {
    this.#room.check(options?.signal)
    const found = this.#shelf.entries.get(keyText(key))
    return found && { value: found.value.slice(), revision: found.revision }
  }

  async put(key: CID, value: Uint8Array, { revision, signal }: PutOptions = {}): Promise<number | undefined> {
    this.#room.check(signal)
    const text = keyText(key)
    checkKey(text, key)
    checkValue(value, key)
    checkRevision(revision, [undefined, null])
    const found = this.#shelf.entries.get(text)
    if (revision !== undefined && (found?.revision ?? null) !== revision) return undefined
    this.#room.take(size(text, value), found && size(text, found.value), key)
    const next = this.#room.next()
    this.#shelf.set(text, { value: value.slice(), revision: next })
    return next
  }

  async delete(key: CID, { revision, signal }: DeleteOptions = {}): Promise<boolean> {
    this.#room.check(signal)
    const text = keyText(key)
    checkRevision(revision, [undefined])
    const found = this.#shelf.entries.get(text)
    if (found === undefined || (revision !== undefined && found.revision !== revision)) return false
    this.#room.free(size(text, found.value))
    this.#shelf.delete(text)
    return true
  }

  async *entries({ after, signal }: EntriesOptions = {}): AsyncGenerator<[CID, Entry]> {
    this.#room.check(signal)
    const { keys } = this.#shelf
    for (let i = after === undefined ? 0 : following(keys, keyText(after, 'after')); i < keys.length; i++) {
      this.#room.check(signal)
      const found = this.#shelf.entries.get(keys[i])
      if (found !== undefined) yield [textKey(keys[i]), { value: found.value.slice(), revision: found.revision }]
    }
  }

  clear(): void {
    this.#shelf.clear()
  }
}

class MemoryBlocks implements Blocks {
  readonly #blocks = new Map<string, Uint8Array>()
  readonly #room: Room

  constructor(room: Room) {
    this.#room = room
  }

  async get(cid: CID, options?: ReadOptions): Promise<Uint8Array | undefined> {
    this.#room.check(options?.signal)
    const text = digestText(cid)
    return cid.multihash.code === IDENTITY ? cid.multihash.digest.slice() : this.#blocks.get(text)?.slice()
  }

  async has(cid: CID): Promise<boolean> {
    this.#room.check()
    const text = digestText(cid)
    return cid.multihash.code === IDENTITY || this.#blocks.has(text)
  }

  async put(cid: CID, bytes: Uint8Array): Promise<void> {
    this.#room.check()
    const text = digestText(cid)
    checkBytes('bytes', bytes)
    if (cid.multihash.code === IDENTITY) return
    checkKey(text, cid)
    const found = this.#blocks.get(text)
    this.#room.take(size(text, bytes), found && size(text, found), cid)
    this.#blocks.set(text, bytes.slice())
  }

  async delete(cid: CID): Promise<void> {
    this.#room.check()
    const text = digestText(cid)
    const found = this.#blocks.get(text)
    if (found === undefined) return
    this.#room.free(size(text, found))
    this.#blocks.delete(text)
  }

  clear(): void {
    this.#blocks.clear()
  }
}

class MemoryLeases implements Leases {
  readonly #leases = new Map<string, Lease>()
  readonly #room: Room
  readonly #clock: () => number
  /** with so many the expired ones are looked for */
  #sweepAt = 1024

  constructor(room: Room, clock: () => number) {
    this.#room = room
    this.#clock = clock
  }

  async acquire(name: string, owner: string, ttlMs: number): Promise<Lease | undefined> {
    this.#room.check()
    checkName('name', name)
    checkName('owner', owner)
    checkTtl(ttlMs)
    const now = this.#clock()
    if (this.#leases.size >= this.#sweepAt) this.#sweep(now)
    const held = this.#leases.get(name)
    if (held !== undefined && held.expires > now && held.owner !== owner) return undefined
    this.#room.take(weight(name, owner), held && weight(name, held.owner))
    return this.#set({ name, owner, token: this.#room.next(), expires: now + ttlMs })
  }

  async renew(lease: Lease, ttlMs: number): Promise<Lease | undefined> {
    this.#room.check()
    checkTtl(ttlMs)
    const now = this.#clock()
    const held = this.#leases.get(lease.name)
    if (held === undefined || held.token !== lease.token || held.expires <= now) return undefined
    return this.#set({ ...held, expires: now + ttlMs })
  }

  async release(lease: Lease): Promise<void> {
    this.#room.check()
    const held = this.#leases.get(lease.name)
    if (held?.token === lease.token) this.#drop(held)
  }

  clear(): void {
    this.#leases.clear()
  }

  #set(lease: Lease): Lease {
    this.#leases.set(lease.name, lease)
    return { ...lease }
  }

  #drop({ name, owner }: Lease): void {
    this.#room.free(weight(name, owner))
    this.#leases.delete(name)
  }

  #sweep(now: number): void {
    for (const lease of this.#leases.values()) if (lease.expires <= now) this.#drop(lease)
    this.#sweepAt = Math.max(1024, 2 * this.#leases.size)
  }
}

function size(text: string, bytes: Uint8Array): number {
  return OVERHEAD + text.length + bytes.length
}

function weight(name: string, owner: string): number {
  return OVERHEAD + name.length + owner.length
}

/** Where the first key after this one stands. */
function following(keys: readonly string[], text: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys[middle] <= text) low = middle + 1
    else high = middle
  }
  return low
}
