/** What every command needs: the global options, where to write, and the host that they describe. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createHost, type Host, type Limits } from '../codec/index.js'
import { directorySource } from '../codec/source/directory.js'
import { type ModuleShelf, readCar, survey } from '../dag/index.js'
import { fileError, nameOf, openInput, readInput } from './input.js'
import type { Output } from './output.js'
import { plain } from './text.js'

export interface GlobalOptions {
  readonly module?: readonly string[]
  readonly car?: readonly string[]
  readonly modules?: readonly string[]
  readonly fuel?: number
  readonly memory?: number
  readonly trace?: boolean
}

export class Context {
  readonly options: GlobalOptions
  readonly out: Output

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

  /**
   * A host with the embedded codecs and those that the user names. `found` are codecs that came with the data. Who comes first keeps a multicodec: data takes no codec's
   * place.
   */
  async host(found?: ModuleShelf): Promise<Host> {
    const { module = [], modules = [], car = [] } = this.options
    const host = await createHost({ sources: modules.map((path) => directorySource(path)), limits: this.limits })
    const files = [...module]
    for (const path of modules) {
      const names = (await fileError(path, () => readdir(path))).filter((name) => name.endsWith('.wasm')).sort()
      files.push(...names.map((name) => join(path, name)))
    }
    for (const file of files) await host.add(await readInput(file), plain(file))
    for (const file of car) {
      const { chunks } = await openInput(file)
      const { shelf, fault } = await survey(await readCar(chunks), nameOf(file))
      if (fault !== undefined) throw fault
      for (const { bytes } of shelf.modules()) await host.add(bytes, shelf.name)
    }
    for (const { bytes } of found?.modules() ?? []) await host.add(bytes, found?.name)
    return host
  }
}
