/**
 * Blocks as files, where blockstore-fs has them: `blocks/6Y/…6Y.data`, the name being the multihash in base32. Whoever has an FsBlockstore (Helia, for one) can read them.
 *
 * Its own `put` and `get` are not used. It writes every block to `.NAME.tmp` beside it, which two writers of one block share, so that one renames what the other has half written; it never
 * syncs; and it calls every failure of reading "not found", also too many open files. See RATIONALE.md.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ShardingStrategy } from 'blockstore-fs/sharding'
import type { CID } from 'multiformats/cid'
import { type Blocks, checkBytes, checkKey, digestText, EngineError, MAX_KEY, type ReadOptions } from '../interface.js'
import { type Gate, Slots } from './gate.js'
import { blockstoreFs } from './peer.js'

const IDENTITY = 0x00
/** files that are open at once */
const OPEN_FILES = 64

export class DiskBlocks implements Blocks {
  readonly #gate: Gate
  readonly #folder: string
  readonly #unfinished: string
  readonly #sharding: ShardingStrategy
  readonly #slots = new Slots(OPEN_FILES)
  /** folders whose names survive a loss of power */
  readonly #synced = new Set<string>()

  private constructor(gate: Gate, path: string, sharding: ShardingStrategy) {
    this.#gate = gate
    this.#folder = join(path, 'blocks')
    this.#unfinished = join(path, 'unfinished')
    this.#sharding = sharding
  }

  /** The caller alone has the place: what is unfinished in it belongs to a process that has ended. @throws EngineError `ENGINE_PEER`, `ENGINE_IO` */
  static async open(gate: Gate, path: string): Promise<DiskBlocks> {
    const { NextToLast } = await blockstoreFs()
    const blocks = new DiskBlocks(gate, path, new NextToLast())
    try {
      await mkdir(blocks.#folder, { recursive: true })
      await mkdir(blocks.#unfinished, { recursive: true })
      for (const name of await readdir(blocks.#unfinished)) await rm(join(blocks.#unfinished, name), { recursive: true, force: true })
      for (const folder of [path, dirname(path)]) await syncFolder(folder)
    } catch (error) {
      throw failed(error)
    }
    return blocks
  }

  async get(cid: CID, options?: ReadOptions): Promise<Uint8Array | undefined> {
    this.#gate.check(options?.signal)
    const path = this.#fileOf(cid)
    if (path instanceof Uint8Array) return path
    return path === undefined ? undefined : this.#work(cid, () => readFile(path, { signal: options?.signal }).then(owned, absent), options?.signal)
  }

  async has(cid: CID): Promise<boolean> {
    this.#gate.check()
    const path = this.#fileOf(cid)
    if (typeof path !== 'string') return path !== undefined
    return (await this.#work(cid, () => stat(path).catch(absent))) !== undefined
  }

  async put(cid: CID, bytes: Uint8Array, { sync = false }: { readonly sync?: boolean } = {}): Promise<void> {
    this.#gate.check()
    checkBytes('bytes', bytes)
    const path = this.#fileOf(cid)
    if (path === undefined) checkKey(digestText(cid), cid)
    if (typeof path !== 'string') return
    const block = bytes.slice()
    await this.#work(cid, () => this.#write(path, block, sync))
  }

  async delete(cid: CID): Promise<void> {
    this.#gate.check()
    const path = this.#fileOf(cid)
    if (typeof path === 'string') await this.#work(cid, () => unlink(path).catch(absent))
  }

  /** A block gets its name when all of it is written, by renaming: nobody ever sees part of one, however the process ends. */
  async #write(path: string, block: Uint8Array, sync: boolean): Promise<void> {
    const folder = dirname(path)
    const unfinished = join(this.#unfinished, randomUUID())
    try {
      const file = await open(unfinished, 'wx')
      try {
        await file.writeFile(block)
        if (sync) await file.sync()
      } finally {
        await file.close()
      }
      await rename(unfinished, path).catch(async (error) => {
        absent(error)
        await mkdir(folder, { recursive: true })
        await rename(unfinished, path)
      })
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
    if (!sync) return
    // the name is in the folder, and the folder's own name in the one above, which another put may have made without syncing
    await syncFolder(folder)
    if (this.#synced.has(folder)) return
    await syncFolder(this.#folder)
    this.#synced.add(folder)
  }

  /** Where it lies; the block itself if it stands in the CID; undefined if it cannot be there. */
  #fileOf(cid: CID): string | Uint8Array | undefined {
    const text = digestText(cid)
    if (cid.multihash.code === IDENTITY) return cid.multihash.digest.slice()
    if (text.length > MAX_KEY) return undefined
    const { dir, file } = this.#sharding.encode(cid)
    return join(this.#folder, dir, file)
  }

  #work<T>(cid: CID, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#gate.pass(() =>
      this.#slots.take(async () => {
        try {
          signal?.throwIfAborted()
          return await work()
        } catch (error) {
          signal?.throwIfAborted()
          throw failed(error, cid)
        }
      })
    )
  }
}

/** Nobody else has these bytes, nor what is beside them: small files may come in a buffer that Node shares out. */
function owned(buffer: Buffer): Uint8Array {
  return buffer.length === buffer.buffer.byteLength ? new Uint8Array(buffer.buffer) : Uint8Array.prototype.slice.call(buffer)
}

/** Undefined for what is not there. */
function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}

/** Makes the names in a folder survive a loss of power. Windows has no such thing, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function failed(cause: unknown, key?: CID): EngineError {
  return new EngineError('ENGINE_IO', `${key === undefined ? '' : `block ${key}: `}${(cause as Error).message}`, { key, cause })
}
