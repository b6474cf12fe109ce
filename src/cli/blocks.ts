/** Where the commands on DAGs find blocks: in CARs and directories that the user names. */
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { CID } from 'multiformats/cid'
import { Chain } from '../codec/index.js'
import { type Blocks, carBlocks, verified } from '../dag/index.js'
import { directoryBlocks, FileAccess } from '../dag/node/index.js'
import type { Context } from './context.js'
import { CliError, EXIT } from './exit.js'
import { fileError } from './input.js'
import { Progress } from './progress.js'
import { plain } from './text.js'

interface BlockOptions {
  readonly dir?: readonly string[]
}

/** The options of a command that reads blocks; they also come from where codecs come from. */
export function withBlocks(command: Command): Command {
  return command.option(
    '--dir <dir>',
    'find blocks in a directory: files named by CID, or those of blockstore-fs; may be repeated',
    (path: string, before: string[] = []) => [...before, path]
  )
}

/** The stores that the user names, as one; each block is verified. Files stay open until it is disposed of. */
export class OpenBlocks implements AsyncDisposable {
  readonly blocks: Blocks
  readonly #files: readonly FileAccess[]

  private constructor(stores: readonly Blocks[], files: readonly FileAccess[]) {
    this.blocks = verified(stores)
    this.#files = files
  }

  static async open(context: Context, { dir = [] }: BlockOptions): Promise<OpenBlocks> {
    const { car = [] } = context.options
    const files: FileAccess[] = []
    const stores: Blocks[] = []
    try {
      for (const path of car) {
        const file = await fileError(path, () => FileAccess.open(path))
        files.push(file)
        const progress = new Progress(`indexed`, file.size)
        const found = await carBlocks(file, {
          onProgress: (event) => {
            if (event.type === 'autocodec:dag:blocks') progress.at(event.detail.bytes, event.detail.blocks)
          }
        })
        progress.end()
        if (found.fault !== undefined) context.complain(`${plain(path)}: ${found.fault.message}; the ${found.count} blocks before that are used`)
        stores.push(found)
      }
      for (const path of dir) {
        const found = await fileError(path, () => stat(path))
        if (!found.isDirectory()) throw new CliError('USAGE', EXIT.usage, `--dir: ${plain(path)} is not a directory`)
        stores.push(directoryBlocks(path))
      }
    } catch (error) {
      for (const file of files) await file[Symbol.asyncDispose]()
      throw error
    }
    stores.push(new Chain((await context.host()).sources))
    return new OpenBlocks(stores, files)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files) await file[Symbol.asyncDispose]()
  }
}

/** `CID/path`, also with `/ipfs/` or `ipfs://` before it. */
export function parseAddress(text: string): { cid: CID; path: readonly string[] } {
  const [first, ...path] = text.replace(/^(\/?ipfs\/|\/?ipld\/|ipfs:\/\/|ipld:\/\/)/, '').split('/')
  try {
    return { cid: CID.parse(first), path: path.filter((segment) => segment !== '') }
  } catch (error) {
    throw new CliError('USAGE', EXIT.usage, `${plain(text)} does not begin with a CID: ${(error as Error).message.split('\n')[0]}`, { cause: error })
  }
}
