/** What every command needs: the global options, where to write, where blocks are, and the host that all of that describes. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { type Catalog, createHost, type Host, type Limits, loadCatalog, readCatalog, type Source } from '../codec/index.js'
import { directorySource } from '../codec/source/directory.js'
import type { DirectoryStore } from '../codec/source/directory-store.js'
import type { Blocks, ModuleShelf } from '../dag/index.js'
import { parseCid } from './codec-name.js'
import { confirm } from './confirm.js'
import { closing } from './ending.js'
import { CliError, EXIT } from './exit.js'
import { fileError, readInput } from './input.js'
import type { Output } from './output.js'
import { type PlaceOptions, Places, storeOf } from './places.js'
import { plain } from './text.js'

export interface GlobalOptions extends PlaceOptions {
  readonly module?: readonly string[]
  readonly modules?: readonly string[]
  readonly catalog?: readonly string[]
  readonly trust?: readonly string[]
  readonly allowDataCodecs?: boolean
  readonly fuel?: number
  readonly memory?: number
  readonly trace?: boolean
}

export class Context {
  options: GlobalOptions
  readonly out: Output
  #places: Promise<Places> | undefined
  #host: Promise<Host> | undefined
  readonly #closing: (() => Promise<void>)[] = []

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
    return storeOf(this.options)
  }

  /** One more CAR, asked before all others. Before anything else is asked for. */
  withCar(file: string): void {
    this.options = { ...this.options, car: [file, ...(this.options.car ?? [])] }
  }

  /**
   * The limits that the user gives, for what a function may use. The codecs that it reads with keep their own: what a task comes to must not depend on what is said here of codecs.
   * Before anything else is asked for.
   */
  takeLimits(): { readonly fuel?: number; readonly memory?: number } {
    const { fuel, memory, ...others } = this.options
    this.options = others
    return { ...(fuel === undefined ? {} : { fuel }), ...(memory === undefined ? {} : { memory }) }
  }

  /** To be closed when the command ends, in whichever way. */
  closing(close: () => Promise<void>): void {
    this.#closing.push(closing(close))
  }

  /** Where blocks come from. */
  places(): Promise<Places> {
    return (this.#places ??= Places.open(this.options, (message) => this.complain(message)))
  }

  /** The blocks of all places, verified, and those of the modules at hand. */
  async blocks(): Promise<Blocks> {
    const [places, host] = [await this.places(), await this.host()]
    const others = host.sources.filter((source) => !places.local.includes(source) && source !== places.store && !places.remote.includes(source))
    return places.blocks(others)
  }

  /**
   * A host with the embedded codecs and those that the user names or keeps, and with the places as its sources: `host.block` gives any block of theirs. `found` are codecs that came
   * with the data. Who comes first keeps a multicodec: what is embedded, catalogs, what the user names, what he keeps; data takes no codec's place.
   */
  host(found?: ModuleShelf): Promise<Host> {
    return found === undefined ? (this.#host ??= this.#make()) : this.#make(found)
  }

  async #make(found?: ModuleShelf): Promise<Host> {
    const { module = [], modules = [], trust = [], allowDataCodecs } = this.options
    const { cars, local, store, remote } = await this.places()
    const sources: Source[] = [...local, ...modules.map((path) => directorySource(path)), ...(store === undefined ? [] : [store]), ...remote]
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
    for (const car of cars) for (const { bytes } of await car.modules()) await host.add(bytes, plain(car.name))
    for (const { cid } of (await store?.codecs()) ?? []) {
      // one whose module is gone is as if it had never been kept
      const bytes = await store?.get(cid)
      if (bytes !== undefined) await host.add(bytes, plain(store?.name ?? ''))
    }
    for (const { bytes } of found?.modules() ?? []) await host.add(bytes, found?.name)
    return host
  }

  /** Closes what is open. */
  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close()
    // one that could not be opened has been told of
    const places = await this.#places?.catch(() => undefined)
    await places?.[Symbol.asyncDispose]()
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

const OPENING_BRACE = 0x7b

function cidOf(option: string, text: string): CID {
  const cid = parseCid(text)
  if (cid === undefined) throw new CliError('USAGE', EXIT.usage, `${option}: ${plain(text)} is not a CID`)
  return cid
}
