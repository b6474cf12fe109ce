/** What every command needs: the global options, where to write, and the host that they describe. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { type Catalog, createHost, gatewaySource, type Host, type Limits, loadCatalog, readCatalog, type Source, staggered } from '../codec/index.js'
import { directorySource } from '../codec/source/directory.js'
import { DirectoryStore } from '../codec/source/directory-store.js'
import { CarSource, type ModuleShelf } from '../dag/index.js'
import { CarFile } from './car-file.js'
import { parseCid } from './codec-name.js'
import { confirm } from './confirm.js'
import { CliError, EXIT } from './exit.js'
import { fileError, nameOf, readInput } from './input.js'
import type { Output } from './output.js'
import { gatewayUrls, storePath } from './settings.js'
import { plain } from './text.js'

export interface GlobalOptions {
  readonly module?: readonly string[]
  readonly car?: readonly string[]
  readonly modules?: readonly string[]
  /** false: --no-store */
  readonly store?: string | false
  readonly gateway?: readonly string[]
  readonly catalog?: readonly string[]
  readonly trust?: readonly string[]
  readonly allowDataCodecs?: boolean
  readonly fuel?: number
  readonly memory?: number
  readonly trace?: boolean
}

export class Context {
  readonly options: GlobalOptions
  readonly out: Output
  readonly #files: CarFile[] = []

  constructor(options: GlobalOptions, out: Output) {
    this.options = options
    this.out = out
  }

  /** One clear line on standard error. */
  complain(message: string): void {
    process.stderr.write(`autocodec: ${message}\n`)
  }

  /** What a call may use. Fuel that the user gives is all the fuel there is, with nothing added for the size of the input. */
  get limits(): Partial<Limits> {
    const { fuel, memory } = this.options
    return { ...(fuel === undefined ? {} : { fuel, fuelPerByte: 0 }), ...(memory === undefined ? {} : { memory }) }
  }

  /** Where blocks and codecs are kept; undefined if the user wants none. */
  get store(): DirectoryStore | undefined {
    const path = storePath(this.options.store)
    return path === undefined ? undefined : new DirectoryStore(path)
  }

  /**
   * A host with the embedded codecs and those that the user names or keeps, and with the sources that the options describe: `host.block` gives any block of theirs. `found` are
   * codecs that came with the data. Who comes first keeps a multicodec: what is embedded, catalogs, what the user names, what he keeps; data takes no codec's place.
   */
  async host(found?: ModuleShelf): Promise<Host> {
    const { module = [], modules = [], trust = [], allowDataCodecs } = this.options
    const { store } = this
    const cars = await this.#cars()
    const gateways = gatewayUrls(this.options.gateway).map(gatewayAt)
    const sources: Source[] = [...modules.map((path) => directorySource(path)), ...(store === undefined ? [] : [store]), ...cars]
    if (gateways.length > 0) sources.push(staggered(gateways))
    const options = {
      sources,
      limits: this.limits,
      policy: { trusted: trust.map((text) => cidOf('--trust', text)), data: allowDataCodecs === true ? ('allow' as const) : confirm }
    }
    const host = await createHost({ ...options, catalogs: await this.#catalogs(() => createHost(options)) })

    const files = [...module]
    for (const path of modules) {
      const names = (await fileError(path, () => readdir(path))).filter((name) => name.endsWith('.wasm')).sort()
      files.push(...names.map((name) => join(path, name)))
    }
    for (const file of files) await host.add(await readInput(file), plain(file))
    for (const car of cars) for (const { bytes } of await car.modules()) await host.add(bytes, car.name)
    for (const { cid } of (await store?.codecs()) ?? []) {
      // one whose module is gone is as if it had never been kept
      const bytes = await store?.get(cid)
      if (bytes !== undefined) await host.add(bytes, plain(store?.name ?? ''))
    }
    for (const { bytes } of found?.modules() ?? []) await host.add(bytes, found?.name)
    return host
  }

  /** Closes what the host's sources have open. */
  async close(): Promise<void> {
    for (const file of this.#files.splice(0)) await file[Symbol.asyncDispose]()
  }

  async #cars(): Promise<CarSource[]> {
    const cars: CarSource[] = []
    for (const file of this.options.car ?? []) {
      const held = await CarFile.open(file)
      this.#files.push(held)
      cars.push(new CarSource(held, nameOf(file)))
    }
    return cars
  }

  /** A catalog by its CID comes from the sources, and from the store when it has been used before. */
  async #catalogs(bare: () => Promise<Host>): Promise<Catalog[]> {
    const catalogs: Catalog[] = []
    let host: Host | undefined
    for (const text of this.options.catalog ?? []) {
      host ??= await bare()
      const cid = parseCid(text)
      if (cid !== undefined) catalogs.push(await loadCatalog(host, cid))
      else {
        const bytes = await readInput(text)
        const codec = await host.codec(bytes[0] === OPENING_BRACE ? 'dag-json' : 'dag-cbor')
        catalogs.push(readCatalog(codec.decode(bytes, { strict: false })))
      }
    }
    return catalogs
  }
}

function gatewayAt(url: string): Source {
  try {
    return gatewaySource(url)
  } catch (error) {
    throw new CliError('USAGE', EXIT.usage, plain((error as Error).message), { cause: error })
  }
}

const OPENING_BRACE = 0x7b

function cidOf(option: string, text: string): CID {
  const cid = parseCid(text)
  if (cid === undefined) throw new CliError('USAGE', EXIT.usage, `${option}: ${plain(text)} is not a CID`)
  return cid
}
