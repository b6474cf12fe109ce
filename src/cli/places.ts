/** Where blocks come from: what the user names with `--car`, `--dir`, `--store` and `--gateway`, opened once for all that a command looks for. */
import { stat } from 'node:fs/promises'
import { Chain, gatewaySource, type Source, staggered } from '../codec/index.js'
import { DirectoryStore } from '../codec/source/directory-store.js'
import { type Blocks, bytesAccess, CarSource, type RandomAccess, verified } from '../dag/index.js'
// not by the index, which has workers too, and with them a package that need not be installed
import { directoryBlocks } from '../dag/node/directory.js'
import { FileAccess } from '../dag/node/file.js'
import { CliError, EXIT } from './exit.js'
import { fileError, nameOf, readInput, STDIN } from './input.js'
import { Progress } from './progress.js'
import { gatewayUrls, storePath } from './settings.js'
import { count, plain } from './text.js'

export interface PlaceOptions {
  readonly car?: readonly string[]
  readonly dir?: readonly string[]
  /** false: --no-store */
  readonly store?: string | false
  readonly gateway?: readonly string[]
}

/** What to give where nothing, or not enough, is given. */
const GIVE = '--car FILE.car, --dir DIR, --store DIR or --gateway URL'

export class Places implements AsyncDisposable {
  readonly cars: readonly CarSource[]
  /** in the order in which they are asked: all that is at hand before the network */
  readonly local: readonly Source[]
  readonly store: DirectoryStore | undefined
  readonly remote: readonly Source[]
  readonly #files: readonly FileAccess[]

  private constructor(cars: readonly CarSource[], dirs: readonly Source[], files: readonly FileAccess[], options: PlaceOptions) {
    this.cars = cars
    this.local = [...cars, ...dirs]
    this.store = storeOf(options)
    const gateways = gatewayUrls(options.gateway).map(gatewayAt)
    this.remote = gateways.length > 0 ? [staggered(gateways)] : []
    this.#files = files
  }

  /** @param complain told of a CAR that ends too early, which is used as far as it goes */
  static async open(options: PlaceOptions, complain: (message: string) => void): Promise<Places> {
    const files: FileAccess[] = []
    const cars: CarSource[] = []
    const dirs: Source[] = []
    try {
      for (const path of options.car ?? []) cars.push(await carAt(path, files, complain))
      for (const path of options.dir ?? []) {
        const found = await fileError(path, () => stat(path))
        if (!found.isDirectory()) throw new CliError('USAGE', EXIT.usage, `--dir: ${plain(path)} is not a directory`)
        dirs.push(directoryBlocks(path))
      }
      return new Places(cars, dirs, files, options)
    } catch (error) {
      for (const file of files) await file[Symbol.asyncDispose]()
      throw error
    }
  }

  /** All of them as one store of verified blocks. CARs and directories are read as they are; the chain behind them keeps in the store what a gateway gave. */
  blocks(others: readonly Source[]): Blocks {
    const chain = new Chain([...others, ...(this.store === undefined ? [] : [this.store]), ...this.remote])
    // which they are is in the advice
    return { ...verified([...this.local, chain]), name: 'any place' }
  }

  /** For a block that is in none of them. */
  get advice(): string {
    const names = [...this.local, ...(this.store === undefined ? [] : [this.store]), ...this.remote].map(({ name }) => plain(name))
    return names.length === 0 ? `nothing says where blocks are: give ${GIVE}` : `asked: ${names.join(', ')}; more places: ${GIVE}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files) await file[Symbol.asyncDispose]()
  }
}

export function storeOf({ store }: PlaceOptions): DirectoryStore | undefined {
  const path = storePath(store)
  return path === undefined ? undefined : new DirectoryStore(path)
}

/** Indexed at once, since the codecs in it are among those of the command. */
async function carAt(path: string, files: FileAccess[], complain: (message: string) => void): Promise<CarSource> {
  const access = await accessTo(path)
  if (access instanceof FileAccess) files.push(access)
  const progress = new Progress('indexed', access.size)
  const car = new CarSource(access, {
    onProgress: (event) => {
      if (event.type === 'autocodec:dag:blocks') progress.at(event.detail.bytes, event.detail.blocks)
    }
  })
  const fault = await car.fault().finally(() => progress.end())
  if (fault !== undefined) complain(`${nameOf(path)}: ${plain(fault.error.message)}; ${count(fault.count, 'block')} before that can be used`)
  return car
}

/** Standard input cannot be read twice and is held in memory; a file is not. */
async function accessTo(path: string): Promise<RandomAccess> {
  return path === STDIN ? bytesAccess(await readInput(path), nameOf(path)) : fileError(path, () => FileAccess.open(path))
}

function gatewayAt(url: string): Source {
  try {
    return gatewaySource(url)
  } catch (error) {
    throw new CliError('USAGE', EXIT.usage, plain((error as Error).message), { cause: error })
  }
}
