/**
 * Private keys: a file each, `NAME.key`, one line of base58btc (multibase) with the multicodec of the kind of key in front, as in the did:key of the public one. Only their owner may read
 * them.
 */
import { link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { base58btc } from 'multiformats/bases/base58'
import { exportSigner, generateSigner, importSigner, type KeyType, type Signer } from '../ucan/index.js'
import { CliError, EXIT } from './exit.js'
import { keysPath } from './settings.js'
import { plain } from './text.js'

/** The key that is taken where none is named. */
export const DEFAULT_KEY = 'default'

const SUFFIX = '.key'
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/
/** read, written or run by anybody but the owner */
const OTHERS = 0o077
const MODES = process.platform !== 'win32'

export class Keyring {
  readonly #folder: string

  constructor(folder = keysPath()) {
    this.#folder = folder
  }

  /** The names of all keys. */
  async names(): Promise<string[]> {
    const files = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return files
      .filter((file) => file.endsWith(SUFFIX) && NAME.test(file.slice(0, -SUFFIX.length)))
      .map((file) => file.slice(0, -SUFFIX.length))
      .sort()
  }

  /** @throws CliError `NO_SUCH_KEY`, `KEY_MODE`; UcanError `KEY_INVALID` */
  async get(name: string): Promise<Signer> {
    const signer = await this.find(name)
    if (signer !== undefined) return signer
    const names = await this.names()
    const known = names.length === 0 ? 'there are none: "autocodec key new" makes one' : `here are ${names.join(', ')}`
    throw new CliError('NO_SUCH_KEY', EXIT.missing, `no key ${plain(name)} in ${plain(this.#folder)}; ${known}`)
  }

  /** The same, undefined if there is none. */
  async find(name: string): Promise<Signer | undefined> {
    const file = this.file(name)
    let text: string
    try {
      const { mode } = await stat(file)
      if (MODES && (mode & OTHERS) !== 0) {
        const found = (mode & 0o777).toString(8).padStart(4, '0')
        throw new CliError(
          'KEY_MODE',
          EXIT.failure,
          `${plain(file)} has mode ${found}, so others may have read it; expected 0600: chmod 600, or make a new key`
        )
      }
      text = (await readFile(file, 'utf8')).trim()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
    return signerOf(text, plain(file))
  }

  /** @throws CliError `KEY_EXISTS` */
  async add(name: string, signer: Signer): Promise<void> {
    const file = this.file(name)
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const part = `${file}.${process.pid}.part`
    try {
      const handle = await open(part, 'wx', 0o600)
      try {
        await handle.writeFile(`${secretText(signer)}\n`)
        await handle.sync()
      } finally {
        await handle.close()
      }
      // unlike a renaming it fails where somebody was quicker
      await link(part, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      throw new CliError(
        'KEY_EXISTS',
        EXIT.usage,
        `there is a key ${plain(name)} already, in ${plain(file)}; a new one needs another name, or "autocodec key rm"`,
        {
          cause: error
        }
      )
    } finally {
      await rm(part, { force: true })
    }
  }

  /** @throws CliError `NO_SUCH_KEY` */
  async remove(name: string): Promise<void> {
    await this.get(name)
    await rm(this.file(name))
  }

  /** The key of a name. The default one is made if it is not there. @param made told of it */
  async need(name: string, made: (signer: Signer, file: string) => void): Promise<Signer> {
    if (name !== DEFAULT_KEY) return this.get(name)
    const found = await this.find(name)
    if (found !== undefined) return found
    const signer = await generateSigner()
    try {
      await this.add(name, signer)
    } catch (error) {
      // another command was quicker, and its key is the one that stays
      if (error instanceof CliError && error.code === 'KEY_EXISTS') return this.get(name)
      throw error
    }
    made(signer, this.file(name))
    return signer
  }

  /** @throws CliError `USAGE` for what is no name of a file */
  file(name: string): string {
    if (!NAME.test(name))
      throw new CliError('USAGE', EXIT.usage, `${plain(name)} is no name of a key: expected 1 to 64 letters, digits, _ . and -, with a letter or digit first`)
    return join(this.#folder, `${name}${SUFFIX}`)
  }
}

/** The private key as a line of text. */
export function secretText(signer: Signer): string {
  return base58btc.encode(exportSigner(signer))
}

/** @param where for the message. What is wrong with the text is told, the text is not */
export async function signerOf(text: string, where: string): Promise<Signer> {
  let bytes: Uint8Array
  try {
    bytes = base58btc.decode(text.trim())
  } catch {
    throw new CliError('NOT_HELD', EXIT.data, `${where}: got ${text.length} characters that are no key, expected one line of base58btc, which begins with z`)
  }
  return importSigner(bytes)
}

/** The kinds of key that there are. */
export const KEY_TYPES: readonly KeyType[] = ['Ed25519', 'P-256', 'secp256k1']
