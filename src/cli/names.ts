/**
 * Mutable names of this machine: `STATE/names/HASH.json`, a file a name, as {"name", "cid", "task"}; `task` is the effect that has published it. Files are replaced as a whole, so that
 * nobody has to have the state open, and any number of commands may read and write.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { sha256 } from '@noble/hashes/sha2.js'
import type { CID } from 'multiformats/cid'
import type { NameStore } from '../scheduler/index.js'
import { parseCid } from './codec-name.js'
import { CliError, EXIT } from './exit.js'
import { hex, plain } from './text.js'
import { writeSafely } from './whole-file.js'

export interface Name {
  readonly name: string
  readonly cid: CID
  /** undefined if somebody has set it by hand */
  readonly task?: CID
}

const FOLDER = 'names'
const SUFFIX = '.json'

export class Names implements NameStore {
  readonly #folder: string

  constructor(state: string) {
    this.#folder = join(state, FOLDER)
  }

  async resolve(name: string): Promise<CID | undefined> {
    return (await this.find(name))?.cid
  }

  /** @param options.key what has been published by it already is not published again: another may have followed */
  async publish(name: string, cid: CID, { key }: { readonly key?: CID } = {}): Promise<void> {
    const before = key && (await this.find(name))
    if (before?.task !== undefined && String(before.task) === String(key)) return
    await mkdir(this.#folder, { recursive: true })
    const said = { name, cid: String(cid), ...(key === undefined ? {} : { task: String(key) }) }
    await writeSafely(this.#file(name), `${JSON.stringify(said)}\n`)
  }

  /** @throws CliError `NAME` for a file that is none */
  async find(name: string): Promise<Name | undefined> {
    return readName(this.#file(name))
  }

  /** In the order of their names; what is no name is its error. */
  async *all(): AsyncGenerator<Name | Error> {
    const files = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    const found: Name[] = []
    for (const file of files.filter((each) => each.endsWith(SUFFIX))) {
      try {
        const name = await readName(join(this.#folder, file))
        if (name !== undefined) found.push(name)
      } catch (error) {
        yield error as Error
      }
    }
    yield* found.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async remove(name: string): Promise<void> {
    await rm(this.#file(name), { force: true })
  }

  /** Names may be anything, and file systems have their own ideas of letters, dots and lengths. */
  #file(name: string): string {
    return join(this.#folder, fileOf(name))
  }
}

function fileOf(name: string): string {
  // as JSON, which tells halves of surrogate pairs apart
  return `${hex(sha256(new TextEncoder().encode(JSON.stringify(name))))}${SUFFIX}`
}

async function readName(file: string): Promise<Name | undefined> {
  const wrong = (why: string, cause?: unknown): CliError =>
    new CliError('NAME', EXIT.data, `${plain(file)}: ${why}, expected {"name", "cid"}; "autocodec name set" of the name writes the file again`, { cause })
  let said: unknown
  try {
    said = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (!(error instanceof SyntaxError)) throw error
    throw wrong('not JSON', error)
  }
  const { name, cid, task } = (typeof said === 'object' && said !== null ? said : {}) as Record<string, unknown>
  if (typeof name !== 'string' || fileOf(name) !== basename(file)) throw wrong('the name is not that of the file')
  const target = typeof cid === 'string' ? parseCid(cid) : undefined
  if (target === undefined) throw wrong(`the CID of ${plain(name)} is none`)
  const by = typeof task === 'string' ? parseCid(task) : undefined
  return { name, cid: target, ...(by === undefined ? {} : { task: by }) }
}
