/**
 * A directory that keeps blocks beyond the process, for Node. Processes share it:
 *
 * ```
 * DIR/blocks/6y/bafkreih…6y     a block: the CID is version 1, raw, and the folder its last two letters
 * DIR/codecs/CODE.NAME.CID      empty: the codec that this user wants for a multicodec
 * DIR/tmp/…                     blocks that are being written
 * ```
 *
 * A block gets its name when all of it is written, by renaming, so nobody ever sees part of one, however a process ends. It is verified before it is written and whenever it is
 * read: what a broken disk made of it is removed and counts as not there.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { HostError } from '../errors.js'
import type { Manifest } from '../manifest.js'
import { verify } from '../verify.js'
import type { GetOptions, Store } from './interface.js'

const RAW = 0x55
const IDENTITY = 0x00
/** A block that is still unfinished after that many milliseconds belongs to a process that has ended. */
const ABANDONED = 60 * 60 * 1000

/** A block as it lies in the store. */
export interface StoredBlock {
  /** version 1 and raw, whatever codec it was asked for with: a store of blocks knows only hashes */
  readonly cid: CID
  /** bytes */
  readonly size: number
  /** milliseconds since 1970 when it was last used, to the hour */
  readonly used: number
}

/** A codec that the user keeps. */
export interface KeptCodec {
  readonly code: number
  readonly name: string
  readonly cid: CID
}

export class DirectoryStore implements Store {
  readonly name: string
  readonly #path: string

  /** The directory is made when the first block comes. */
  constructor(path: string) {
    this.name = path
    this.#path = path
  }

  async get(cid: CID, options?: GetOptions): Promise<Uint8Array | undefined> {
    if (cid.multihash.code === IDENTITY) return cid.multihash.digest.slice()
    const path = this.#fileOf(cid)
    const bytes = await present(readFile(path, { signal: options?.signal }))
    if (bytes === undefined) return undefined
    try {
      await verify(cid, bytes, { from: this.name })
    } catch (error) {
      if (error instanceof HostError && error.code === 'HASH_MISMATCH') {
        await rm(path, { force: true })
        return undefined
      }
      throw error
    }
    await touch(path)
    return bytes
  }

  /** @throws HostError HASH_MISMATCH, UNKNOWN_HASH; what the file system says */
  async put(cid: CID, bytes: Uint8Array): Promise<void> {
    if (cid.multihash.code === IDENTITY) return
    // a copy, so that what is verified is what is written
    const block = bytes.slice()
    await verify(cid, block, { from: 'put' })
    const path = this.#fileOf(cid)
    if ((await present(stat(path)))?.size === block.length) return
    const tmp = join(this.#path, 'tmp')
    await mkdir(tmp, { recursive: true })
    await mkdir(join(path, '..'), { recursive: true })
    const unfinished = join(tmp, randomUUID())
    try {
      await writeFile(unfinished, block, { flag: 'wx' })
      await rename(unfinished, path)
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
  }

  async has(cid: CID): Promise<boolean> {
    return cid.multihash.code === IDENTITY || (await present(stat(this.#fileOf(cid)))) !== undefined
  }

  /** All blocks, in no order. */
  async *blocks(): AsyncGenerator<StoredBlock> {
    for (const folder of await list(join(this.#path, 'blocks'))) {
      for (const name of await list(join(this.#path, 'blocks', folder))) {
        const cid = parse(name)
        if (cid === undefined) continue
        const found = await present(stat(this.#fileOf(cid)))
        if (found !== undefined) yield { cid, size: found.size, used: found.mtimeMs }
      }
    }
  }

  async delete(cid: CID): Promise<void> {
    await rm(this.#fileOf(cid), { force: true })
  }

  /** Removes what processes that were killed have left unfinished. Returns how many. */
  async sweep(): Promise<number> {
    let removed = 0
    for (const name of await list(join(this.#path, 'tmp'))) {
      const path = join(this.#path, 'tmp', name)
      const found = await present(stat(path))
      if (found === undefined || Date.now() - found.mtimeMs < ABANDONED) continue
      await rm(path, { force: true })
      removed++
    }
    return removed
  }

  /** The codecs that the user keeps: one a multicodec. */
  async codecs(): Promise<KeptCodec[]> {
    const byCode = new Map<number, KeptCodec>()
    for (const file of (await list(join(this.#path, 'codecs'))).sort()) {
      const [, code, name, text] = /^0x([0-9a-f]{1,14})\.([a-z0-9-]{1,64})\.(b[a-z2-7]+)$/.exec(file) ?? []
      const cid = text === undefined ? undefined : parse(text)
      if (cid !== undefined) byCode.set(Number.parseInt(code, 16), { code: Number.parseInt(code, 16), name, cid })
    }
    return [...byCode.values()]
  }

  /** Keeps a codec: its module, and that it is the one for its multicodec from now on. */
  async keep(cid: CID, module: Uint8Array, { code, name }: Manifest): Promise<void> {
    await this.put(cid, module)
    const folder = join(this.#path, 'codecs')
    await mkdir(folder, { recursive: true })
    const file = `0x${code.toString(16)}.${name}.${cid.toV1()}`
    await (await open(join(folder, file), 'a')).close()
    for (const other of await list(folder)) if (other.startsWith(`0x${code.toString(16)}.`) && other !== file) await rm(join(folder, other), { force: true })
  }

  /** Forgets that a codec is to be used; its module stays until it is deleted. Returns whether it was kept. */
  async forget(cid: CID): Promise<boolean> {
    let found = false
    for (const file of await list(join(this.#path, 'codecs'))) {
      if (!file.endsWith(`.${cid.toV1()}`)) continue
      await rm(join(this.#path, 'codecs', file), { force: true })
      found = true
    }
    return found
  }

  #fileOf(cid: CID): string {
    const name = CID.createV1(RAW, cid.multihash).toString()
    return join(this.#path, 'blocks', name.slice(-2), name)
  }
}

/** That a block was used, for the collector; not at every use, so that reading is not writing. */
async function touch(path: string): Promise<void> {
  const hour = 60 * 60 * 1000
  const found = await present(stat(path))
  // a store that may only be read has no collector
  if (found !== undefined && Date.now() - found.mtimeMs > hour) await utimes(path, new Date(), new Date()).catch(() => {})
}

async function list(folder: string): Promise<string[]> {
  return (await present(readdir(folder))) ?? []
}

/** What the file system answers, undefined for what is not there. */
async function present<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // the last: a digest may be longer than any file's name
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined
    throw error
  }
}

function parse(name: string): CID | undefined {
  try {
    return CID.parse(name)
  } catch {
    return undefined
  }
}
