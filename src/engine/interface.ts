/**
 * The port that state stands behind: receipts, tasks, blocks and leases. Its drivers are `memoryEngine` and `diskEngine` (autocodec/engine/disk); `engineSuite`
 * (autocodec/engine/conformance) says of any driver whether it keeps what is promised here.
 *
 * What is promised is little, so that a store of many machines can promise it too: a change of one key is atomic, and nothing is said of two. Whoever changes two keys brings them into
 * an order in which a crash between them does no harm.
 *
 * Bytes are copied on their way in and on their way out: neither side sees what the other does to its own.
 *
 * Every method rejects with EngineError `ENGINE_CLOSED` once the engine is closed, with the signal's reason where it has a signal that is aborted, and with a TypeError that names the
 * option for a caller's mistake. A write that was aborted, or failed with `ENGINE_IO`, may have happened or not; it has not happened in part.
 */
import { CID } from 'multiformats/cid'

/** What a driver can do. Nothing else of a driver may be asked for: who needs to know more needs another port. */
export interface Supports {
  /** what it holds is there again when the same place is opened again */
  readonly durable: boolean
  /** several processes may have the same place open at once */
  readonly shared: boolean
}

export interface Engine extends AsyncDisposable {
  readonly supports: Supports
  /** the receipt of each finished task, as its bytes, under the task's CID. The receipt's own CID is that of the bytes */
  readonly receipts: Records
  /** what is known of each task that is not finished, under the task's CID */
  readonly tasks: Records
  readonly blocks: Blocks
  readonly leases: Leases
  /** Waits for the work that has begun, and gives the place free. The second time it does nothing. */
  close(): Promise<void>
}

/** A value and which of the values of its key it is. */
export interface Entry {
  /** a copy, the caller's own */
  readonly value: Uint8Array
  /** A positive safe integer, greater than any that this key had before, also before it was deleted. It means nothing else. */
  readonly revision: number
}

export interface ReadOptions {
  readonly signal?: AbortSignal
}

export interface PutOptions {
  /** the revision that must be there; null: nothing may be there; absent: whatever is there is replaced */
  readonly revision?: number | null
  /** once it is done, it survives a loss of power; without it, only the end of the process, however that ends. Means nothing to a driver that is not durable */
  readonly sync?: boolean
  readonly signal?: AbortSignal
}

export interface DeleteOptions {
  /** the revision that must be there; absent: whatever is there */
  readonly revision?: number
  /** as of `put` */
  readonly sync?: boolean
  readonly signal?: AbortSignal
}

export interface EntriesOptions {
  /** only keys that come after this one, whether or not it is there */
  readonly after?: CID
  readonly signal?: AbortSignal
}

/**
 * Small values by CID. Keys are compared by their bytes: two CIDs of the same hash with different codecs, or of different versions, are two keys. A key has at most `MAX_KEY` bytes, a value
 * at most `MAX_VALUE`.
 */
export interface Records {
  /** Sees every write that was done before it was called. @throws EngineError `ENGINE_DAMAGED`: the value is there and not whole */
  get(key: CID, options?: ReadOptions): Promise<Entry | undefined>
  /**
   * Compares and sets, in one step that no other write of the key comes between. Returns the new revision; undefined if `revision` was not what was there, and then nothing has changed.
   * A damaged value is replaced by a put without `revision` only.
   *
   * @throws EngineError `ENGINE_KEY`, `ENGINE_SIZE`, `ENGINE_FULL`: nothing has changed
   */
  put(key: CID, value: Uint8Array, options?: PutOptions): Promise<number | undefined>
  /** Returns whether it has deleted something: false if nothing was there, or not `revision`. A damaged value is deleted without `revision` only. */
  delete(key: CID, options?: DeleteOptions): Promise<boolean>
  /**
   * All entries in the order of their keys' bytes, each key at most once. What was there at the beginning and is not deleted meanwhile comes; what comes has a value that the key had
   * then or since; whether what is added meanwhile comes is open. It ends early without leaving anything behind.
   *
   * @throws EngineError `ENGINE_DAMAGED` at a damaged value: go on with `after` its `key`
   */
  entries(options?: EntriesOptions): AsyncIterable<[CID, Entry]>
}

/**
 * Blocks by multihash: neither version nor codec of a CID makes a difference. Nothing is verified, on neither way: whoever reads verifies. Whole blocks only, never part of one, as far as
 * the process alone may end; what a loss of power leaves of a block that was put without `sync` is for the reader's verification to find, and a put replaces it.
 *
 * Blocks that stand in their CID (identity) are always there, and never stored. A CID whose multihash is longer than `MAX_KEY` is never there, and cannot be put.
 */
export interface Blocks {
  /** The block, as the caller's own copy; undefined if it is not there. */
  get(cid: CID, options?: ReadOptions): Promise<Uint8Array | undefined>
  has(cid: CID): Promise<boolean>
  /** Replaces what is there. @throws EngineError `ENGINE_KEY`, `ENGINE_FULL` */
  put(cid: CID, bytes: Uint8Array, options?: { readonly sync?: boolean }): Promise<void>
  /** Whether or not it is there. */
  delete(cid: CID): Promise<void>
}

/** The right to work on something until it expires. */
export interface Lease {
  readonly name: string
  readonly owner: string
  /** greater than that of any lease of this name before: who is asked to do something under a lease refuses smaller tokens than it has seen (fencing). A renewed lease keeps its token */
  readonly token: number
  /** milliseconds since 1970, by the engine's clock; from then on somebody else may have it */
  readonly expires: number
}

/**
 * Who may work on what. A lease is a promise about time, and a process may be stopped between looking at its lease and acting on it: what must not happen twice is guarded by a
 * revision or by the token, not by the lease alone.
 */
export interface Leases {
  /**
   * Undefined: somebody else has it. An owner that has it already gets it again with a new token, and its former lease is void: an owner is one worker, not a group of them.
   *
   * @param name what is worked on: 1 to 256 bytes of UTF-8, as is `owner`
   * @param ttlMs for how long: a positive safe integer
   * @throws EngineError `ENGINE_FULL`
   */
  acquire(name: string, owner: string, ttlMs: number): Promise<Lease | undefined>
  /** The same lease, that now expires in `ttlMs` from now. Undefined: it has expired, was released, or somebody else has it. */
  renew(lease: Lease, ttlMs: number): Promise<Lease | undefined>
  /** Gives it free. Nothing happens if it has been lost. */
  release(lease: Lease): Promise<void>
}

/** bytes of a record's CID, or of a block's multihash. A digest of 64 bytes has room twice */
export const MAX_KEY = 128
/** bytes of a record's value */
export const MAX_VALUE = 64 * 1024 * 1024
/** bytes of the name of a lease and of its owner */
export const MAX_NAME = 256

/** All are listed in docs/errors.md. */
export type EngineErrorCode =
  /** the engine has been closed */
  | 'ENGINE_CLOSED'
  /** a package that the driver needs is not installed, or cannot be loaded */
  | 'ENGINE_PEER'
  /** the place is open elsewhere, and the driver is not `shared` */
  | 'ENGINE_LOCKED'
  /** a value, or the store as a whole, is there and not whole */
  | 'ENGINE_DAMAGED'
  /** the place holds something else, or a format that this version does not know */
  | 'ENGINE_FORMAT'
  /** no room is left within the limit that the engine was given */
  | 'ENGINE_FULL'
  /** a key that is too long */
  | 'ENGINE_KEY'
  /** a value that is too long */
  | 'ENGINE_SIZE'
  /** what the system below answers; `cause` has it */
  | 'ENGINE_IO'

export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode
  /** the key, where it is about one */
  readonly key?: CID

  constructor(code: EngineErrorCode, message: string, { key, cause }: { readonly key?: CID; readonly cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    if (key !== undefined) this.key = key
  }
}

/** Of any driver, when it is used after its end. */
export function closed(): EngineError {
  return new EngineError('ENGINE_CLOSED', 'the engine has been closed')
}

/** The bytes of a key as text of one character a byte: its order is that of the bytes. Nobody has put what is longer than `MAX_KEY`. @throws TypeError if it is not a CID */
export function keyText(key: CID, option: 'key' | 'after' = 'key'): string {
  return latin(checkCid(option, key).bytes)
}

/** The same for a block, of its multihash. */
export function digestText(cid: CID): string {
  return latin(checkCid('cid', cid).multihash.bytes)
}

/** The key again. */
export function textKey(text: string): CID {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i)
  return CID.decode(bytes)
}

/** @throws EngineError `ENGINE_KEY` */
export function checkKey(text: string, key: CID): void {
  if (text.length > MAX_KEY) throw new EngineError('ENGINE_KEY', `a key of ${text.length} bytes, expected at most ${MAX_KEY}`, { key })
}

/** @throws EngineError `ENGINE_SIZE`, or a TypeError for what is not bytes */
export function checkValue(value: Uint8Array, key: CID): void {
  checkBytes('value', value)
  if (value.length > MAX_VALUE) throw new EngineError('ENGINE_SIZE', `a value of ${value.length} bytes, expected at most ${MAX_VALUE}`, { key })
}

/** @throws TypeError */
export function checkBytes(option: 'value' | 'bytes', bytes: unknown): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${option}: got ${kindOf(bytes)}, expected a Uint8Array`)
}

/** @throws TypeError unless it is a revision, or one of `others` */
export function checkRevision(revision: unknown, others: readonly unknown[]): void {
  if (others.includes(revision) || (Number.isSafeInteger(revision) && (revision as number) > 0)) return
  throw new TypeError(`revision: got ${String(revision)}, expected a positive integer${others.includes(null) ? ' or null' : ''}`)
}

/** @throws TypeError */
export function checkName(option: 'name' | 'owner', text: unknown): asserts text is string {
  if (typeof text !== 'string' || text === '' || /\p{Surrogate}/u.test(text))
    throw new TypeError(`${option}: got ${typeof text === 'string' ? JSON.stringify(text) : typeof text}, expected text`)
  const { length } = encoder.encode(text)
  if (length > MAX_NAME) throw new TypeError(`${option}: got ${length} bytes, expected at most ${MAX_NAME}`)
}

/** @throws TypeError */
export function checkTtl(ttlMs: unknown): void {
  if (!Number.isSafeInteger(ttlMs) || (ttlMs as number) <= 0) throw new TypeError(`ttlMs: got ${String(ttlMs)}, expected a positive integer`)
}

const encoder = new TextEncoder()

/** Engines have room for some ten thousand arguments, and a CID may have a whole block in it. */
const MAX_ARGUMENTS = 4096

function latin(bytes: Uint8Array): string {
  if (bytes.length <= MAX_ARGUMENTS) return String.fromCharCode.apply(null, bytes as unknown as number[])
  let text = ''
  for (let at = 0; at < bytes.length; at += MAX_ARGUMENTS)
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + MAX_ARGUMENTS) as unknown as number[])
  return text
}

function checkCid(option: 'key' | 'after' | 'cid', value: CID): CID {
  const cid = CID.asCID(value)
  if (cid === null) throw new TypeError(`${option}: got ${kindOf(value)}, expected a CID`)
  return cid
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value
}
