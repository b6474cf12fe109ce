/**
 * The LevelDB that records and leases lie in. Keys are a letter and what follows it:
 *
 * ```
 * mformat     "autocodec engine 1"      another format is another text
 * mceiling    8 bytes, big-endian       revisions and tokens up to here may have been given
 * l NAME      JSON: owner, token, expires
 * r CID       a receipt
 * t CID       a task
 * ```
 *
 * Every value is in a frame (frame.ts). Reading is synchronous: what LevelDB has in its memory or the system in its own comes in microseconds, which is less than the way to another thread
 * and back.
 */
import type { ClassicLevel } from 'classic-level'
import type { CID } from 'multiformats/cid'
import { EngineError, type Entry } from '../interface.js'
import { entryOf, frameOf, seal } from './frame.js'
import { Gate, Turns } from './gate.js'
import { refuseLoss } from './loss.js'
import { classicLevel } from './peer.js'

type Db = ClassicLevel<Uint8Array, Uint8Array>

/** How many revisions are set aside at once, with one write that survives a loss of power. */
const STEP = 65_536
const FORMAT = 'autocodec engine 1'
const encoder = new TextEncoder()
const FORMAT_KEY = encoder.encode('mformat')
const CEILING_KEY = encoder.encode('mceiling')

export class Level {
  readonly gate = new Gate()
  readonly turns = new Turns()
  readonly #db: Db
  #count = 0
  #ceiling = 0
  #raising: Promise<void> | undefined

  private constructor(db: Db) {
    this.#db = db
  }

  /** @throws EngineError `ENGINE_PEER`, `ENGINE_LOCKED`, `ENGINE_DAMAGED`, `ENGINE_FORMAT`, `ENGINE_IO` */
  static async open(path: string): Promise<Level> {
    const { ClassicLevel } = await classicLevel()
    const db: Db = new ClassicLevel(path, { keyEncoding: 'view', valueEncoding: 'view' })
    try {
      await db.open()
    } catch (error) {
      throw notOpened(path, error)
    }
    const level = new Level(db)
    try {
      await refuseLoss(path)
      await level.#begin(path)
    } catch (error) {
      await db.close()
      throw error instanceof EngineError ? error : notOpened(path, error)
    }
    return level
  }

  /** What stands at a key. @throws EngineError `ENGINE_DAMAGED`, `ENGINE_IO` */
  read(at: Uint8Array, key?: CID): Entry | undefined {
    let frame: Uint8Array | undefined
    try {
      frame = this.#db.getSync(at)
    } catch (error) {
      throw failed(error, at, key)
    }
    return frame && whole(frame, at, key)
  }

  /** Puts a frame (`frameOf`) at a key, and returns its revision. The caller has its turn at that key. */
  async write(at: Uint8Array, frame: Uint8Array, sync = false, key?: CID): Promise<number> {
    const revision = await this.next()
    seal(frame, at, revision)
    try {
      await this.#db.put(at, frame, { sync })
    } catch (error) {
      throw failed(error, at, key)
    }
    return revision
  }

  /** Whether or not anything is there. The caller has its turn at that key. */
  async remove(at: Uint8Array, sync = false, key?: CID): Promise<void> {
    try {
      await this.#db.del(at, { sync })
    } catch (error) {
      throw failed(error, at, key)
    }
  }

  has(at: Uint8Array): boolean {
    try {
      return this.#db.getSync(at) !== undefined
    } catch (error) {
      throw failed(error, at)
    }
  }

  /** Keys after one and before another, with their frames, as they were when it began. */
  async *range(after: Uint8Array, before: Uint8Array, signal?: AbortSignal): AsyncGenerator<[Uint8Array, Uint8Array]> {
    this.gate.check(signal)
    const iterator = this.#db.iterator({ gt: after, lt: before })
    try {
      for (;;) {
        const portion = await iterator.nextv(PORTION).catch((error) => {
          throw failed(error)
        })
        if (portion.length === 0) return this.gate.check(signal)
        for (const [at, frame] of portion) {
          this.gate.check(signal)
          yield [at, frame]
        }
      }
    } finally {
      await iterator.close()
    }
  }

  /** A number that was never given before in this place, and is greater than those that were: also after a loss of power. */
  async next(): Promise<number> {
    while (this.#count === this.#ceiling) await (this.#raising ??= this.#raise())
    return ++this.#count
  }

  async close(): Promise<void> {
    await this.gate.close()
    await this.#db.close()
  }

  async #begin(path: string): Promise<void> {
    const format = this.read(FORMAT_KEY)
    if (format === undefined) {
      // what a process leaves that was ended while it opened the place for the first time: a count, and nothing that was counted
      const others = (await this.#db.keys({ limit: 2 }).all()).filter((at) => Buffer.compare(at, CEILING_KEY) !== 0)
      if (others.length > 0) throw new EngineError('ENGINE_FORMAT', `${path} is a LevelDB of something else, expected none or "${FORMAT}"`)
    } else {
      const text = new TextDecoder().decode(format.value)
      if (text !== FORMAT) throw new EngineError('ENGINE_FORMAT', `${path} has the format ${JSON.stringify(text)}, expected "${FORMAT}"`)
      const ceiling = this.read(CEILING_KEY)
      if (ceiling?.value.length !== 8) throw new EngineError('ENGINE_DAMAGED', `${path}: the count of revisions is not there`)
      this.#count = this.#ceiling = Number(new DataView(ceiling.value.buffer, ceiling.value.byteOffset).getBigUint64(0))
    }
    await this.#raise()
    // last: where a format stands, everything else does
    if (format === undefined) await this.write(FORMAT_KEY, frameOf(encoder.encode(FORMAT)), true)
  }

  async #raise(): Promise<void> {
    try {
      const ceiling = this.#ceiling + STEP
      const value = new Uint8Array(8)
      new DataView(value.buffer).setBigUint64(0, BigInt(ceiling))
      const frame = frameOf(value)
      seal(frame, CEILING_KEY, ceiling)
      await this.#db.put(CEILING_KEY, frame, { sync: true })
      this.#ceiling = ceiling
    } catch (error) {
      throw failed(error, CEILING_KEY)
    } finally {
      this.#raising = undefined
    }
  }
}

/** entries that are read at once, if they are small: LevelDB stops sooner at 16 KiB */
const PORTION = 256

/** @throws EngineError `ENGINE_DAMAGED` */
export function whole(frame: Uint8Array, at: Uint8Array, key?: CID): Entry {
  const entry = entryOf(frame, at)
  if (typeof entry === 'string') throw new EngineError('ENGINE_DAMAGED', `the value of ${nameOf(at, key)} is damaged: ${entry}`, { key })
  return entry
}

function nameOf(at: Uint8Array, key?: CID): string {
  return key === undefined ? JSON.stringify(String.fromCharCode(...at)) : `${key}`
}

function notOpened(path: string, error: unknown): EngineError {
  const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException
  if (cause.code === 'LEVEL_LOCKED')
    return new EngineError('ENGINE_LOCKED', `${path} is open already, here or in another process, expected nobody to have it`, { cause })
  if (cause.code === 'LEVEL_CORRUPTION') return new EngineError('ENGINE_DAMAGED', `${path} is damaged: ${cause.message}`, { cause })
  return new EngineError('ENGINE_IO', `${path} cannot be opened: ${cause.message}`, { cause })
}

function failed(cause: unknown, at?: Uint8Array, key?: CID): EngineError {
  const { code, message } = cause as NodeJS.ErrnoException
  const where = at === undefined ? '' : ` at ${nameOf(at, key)}`
  if (code === 'LEVEL_DATABASE_NOT_OPEN' || code === 'LEVEL_ITERATOR_NOT_OPEN') return new EngineError('ENGINE_CLOSED', 'the engine has been closed', { cause })
  return new EngineError(code === 'LEVEL_CORRUPTION' ? 'ENGINE_DAMAGED' : 'ENGINE_IO', `LevelDB${where}: ${message}`, { key, cause })
}
