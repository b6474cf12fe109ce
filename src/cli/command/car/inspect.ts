/** `autocodec car inspect`: every block of a CAR, verified and decoded with the Wasm codec that its CID names. */
import type { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import { type Host, isWasm } from '../../../codec/index.js'
import { type Car, type DagError, type Entry, keyOf, readCar, type Survey, survey, walk } from '../../../dag/index.js'
import { CarFile } from '../../car-file.js'
import type { Context } from '../../context.js'
import { EXIT, type Exit, exitOf, worse } from '../../exit.js'
import { nameOf } from '../../input.js'
import type { Act } from '../../program.js'
import { Progress } from '../../progress.js'
import { Reader, type Reading } from '../../reading.js'
import { Report } from '../../report.js'
import { codeText, count, figure, plain, size, time } from '../../text.js'

interface InspectOptions {
  readonly pretty?: boolean
  readonly full?: boolean
}

const IDENTITY = 0x00

export function inspect(car: Command, act: Act): void {
  car
    .command('inspect')
    .description('verify and decode every block, with the codecs that the CAR brings along: a line of DAG-JSON a block, or the DAG as a tree')
    .argument('<file>', 'the CAR; - for standard input')
    .option('--pretty', 'draw the DAG as a tree, with codec, size, fuel and time of each block')
    .option('--full', 'with --pretty: CIDs in full')
    .action(act(run))
}

async function run(context: Context, file: string, options: InspectOptions): Promise<Exit> {
  await using source = await CarFile.open(file)
  const car = await readCar(source.chunks())
  const progress = new Progress('verified', source.size)
  const found = await survey(car, nameOf(file), (offset) => progress.at(offset))
  progress.end()
  const inspection = new Inspection(context, source, car, found, await context.host(found.shelf))
  if (options.pretty === true) await inspection.draw(nameOf(file), options.full === true)
  else await inspection.print()
  return inspection.conclude()
}

/** The second pass: what the survey has verified is decoded. */
class Inspection {
  readonly reader: Reader
  #exit: Exit = EXIT.ok
  #fuel = 0
  #time = 0
  /** blocks that their codec could not read, and the first of them */
  #refused?: { blocks: number; readonly first: CID; readonly message: string }
  /** by multicodec: blocks that nothing here can read, and the first of them */
  readonly #unknown = new Map<number, { blocks: number; first: CID }>()

  constructor(
    readonly context: Context,
    readonly source: CarFile,
    readonly car: Car,
    readonly survey: Survey,
    readonly host: Host
  ) {
    this.reader = new Reader(host)
  }

  /** The DAG as a tree, then the blocks that the roots do not lead to. */
  async draw(name: string, full: boolean): Promise<void> {
    const { out } = this.context
    const { entries, find } = this.survey
    const report = new Report(out, full)
    const bytes = entries.reduce((sum, { length }) => sum + length, 0)
    await out.line(
      `${out.paint.bold(name)}  CAR version ${this.car.version}, ${count(this.car.roots.length, 'root')}, ${count(entries.length, 'block')}, ${size(bytes)}\n`
    )
    await report.head()

    const reached = new Set<string>()
    const steps = walk<Reading & { readonly size: number }>(this.car.roots, {
      get: (cid) => this.#bytes(cid),
      visit: async (cid, block) => ({ ...(await this.#read(cid, block)), size: block.length })
    })
    for await (const step of steps) {
      reached.add(keyOf(step.cid))
      const entry = find(step.cid)
      if (step.state === 'seen') await report.step(step, { remark: '↑ shown above' })
      else if (step.visit !== undefined) await report.step(step, { size: step.visit.size, ...this.#row(step.cid, step.visit, step.bytes as Uint8Array) })
      else if (entry?.fault !== undefined) await report.step(step, { size: entry.length, remark: faultText(entry.fault), bad: true })
      else await report.step(step, { remark: 'not in this CAR' })
    }

    const rest = entries.filter(({ cid }) => !reached.has(keyOf(cid)))
    if (rest.length > 0) await out.line(`\n${count(rest.length, 'block')} that the roots do not lead to:`)
    for (const entry of rest) {
      reached.add(keyOf(entry.cid))
      if (entry.fault !== undefined) {
        await report.line('', undefined, String(entry.cid), { size: entry.length, remark: faultText(entry.fault), bad: true })
        continue
      }
      const block = await this.source.bytes(entry.offset, entry.length)
      const reading = await this.#read(entry.cid, block)
      await report.line('', undefined, String(entry.cid), { size: entry.length, ...this.#row(entry.cid, reading, block) })
    }
    await out.line(`\n${this.#summary(bytes)}`)
  }

  /** A line of DAG-JSON a block, in the order of the file. */
  async print(): Promise<void> {
    const { out } = this.context
    const json = await this.host.codec('dag-json')
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
    for (const { cid, offset, length, fault } of this.survey.entries) {
      const failed = async (error: unknown, codec: string) => {
        const { code = 'FAILED', message } = error as Error & { code?: string }
        await out.line(text(json.encode({ cid, codec, error: { code, message }, size: length })))
      }
      if (fault !== undefined) {
        await failed(fault, codeText(cid.code))
        continue
      }
      const bytes = await this.source.bytes(offset, length)
      const codec = await this.reader.codec(cid).catch(() => undefined)
      if (codec === undefined) {
        const reading = await this.#read(cid, bytes)
        await failed(reading.error ?? Object.assign(new Error(`no codec for multicodec ${codeText(cid.code)}`), { code: 'UNKNOWN_CODEC' }), reading.codec)
        continue
      }
      try {
        // the value goes from tape to tape, so the line around it is put together as text; its keys are in DAG-JSON's order
        const tape = codec.tape(bytes)
        const fuel = codec.fuel
        await out.line(`{"cid":{"/":"${cid}"},"codec":"${codec.name}","fuel":${fuel},"size":${length},"value":${text(json.encodeTape(tape))}}`)
      } catch (error) {
        this.#failed(cid, error)
        await failed(error, codec.name)
      }
    }
  }

  /** Says what was wrong, a line a kind, and how the command ends. */
  conclude(): Exit {
    const { context, survey } = this
    for (const [code, what] of [
      ['HASH_MISMATCH', 'not the bytes that the CID names'],
      ['UNKNOWN_HASH', 'with a hash function that cannot be verified here'],
      ['DIGEST_LENGTH', 'with a digest that is too short to prove anything, or too long']
    ] as const) {
      const bad = survey.entries.filter(({ fault }) => fault?.code === code)
      if (bad.length === 0) continue
      this.#exit = worse(this.#exit, exitOf(bad[0].fault))
      context.complain(`${count(bad.length, 'block')} ${what}, not decoded; the first is ${bad[0].cid} at byte ${bad[0].offset}`)
    }
    if (this.#refused !== undefined) {
      const { blocks, first, message } = this.#refused
      context.complain(`${count(blocks, 'block')} could not be decoded; the first is ${first}: ${plain(message)}`)
    }
    for (const [code, { blocks, first }] of this.#unknown) {
      this.#exit = worse(this.#exit, EXIT.unknown)
      context.complain(
        `unknown codec ${codeText(code)}: passed by ${count(blocks, 'block')}, the first is ${first}; give the codec's module with --module FILE.wasm`
      )
    }
    if (survey.fault !== undefined) {
      this.#exit = worse(this.#exit, exitOf(survey.fault))
      context.complain(survey.fault.message)
    }
    return this.#exit
  }

  #failed(cid: CID, error: unknown): void {
    this.#exit = worse(this.#exit, exitOf(error))
    this.#refused ??= { blocks: 0, first: cid, message: (error as Error).message }
    this.#refused.blocks++
  }

  /** A sound block's bytes; an identity CID has them in itself. */
  async #bytes(cid: CID): Promise<Uint8Array | undefined> {
    const entry: Entry | undefined = this.survey.find(cid)
    if (entry !== undefined) return entry.fault === undefined ? this.source.bytes(entry.offset, entry.length) : undefined
    return cid.multihash.code === IDENTITY ? cid.multihash.digest : undefined
  }

  async #read(cid: CID, bytes: Uint8Array): Promise<Reading> {
    const reading = await this.reader.read(cid, bytes)
    this.#fuel += reading.fuel
    this.#time += reading.time
    if (reading.error !== undefined) this.#failed(cid, reading.error)
    if (reading.unknown) {
      const { blocks = 0, first = cid } = this.#unknown.get(cid.code) ?? {}
      this.#unknown.set(cid.code, { blocks: blocks + 1, first })
    }
    return reading
  }

  #row(cid: CID, reading: Reading, bytes: Uint8Array): { reading: Reading; remark?: string; bad?: boolean } {
    if (reading.unknown) return { reading, remark: 'unknown codec, passed by', bad: true }
    if (reading.error !== undefined) return { reading, remark: plain((reading.error as Error).message), bad: true }
    if (!isWasm(bytes)) return { reading }
    const module = this.survey.shelf.modules().find((found) => keyOf(found.cid) === keyOf(cid))
    return { reading, remark: module === undefined ? 'a Wasm module' : `a Wasm module: the codec ${module.manifest.name}, ${codeText(module.manifest.code)}` }
  }

  #summary(bytes: number): string {
    const { paint } = this.context.out
    const { entries } = this.survey
    const bad = entries.filter(({ fault }) => fault !== undefined).length
    const broken = this.survey.fault === undefined ? '' : paint.red(', the rest cannot be read')
    const verified = bad === 0 ? paint.green('all verified') : paint.red(`${count(entries.length - bad, 'block')} verified, ${figure(bad)} not`)
    return `${count(entries.length, 'block')}, ${size(bytes)}, ${verified}${broken}, fuel ${figure(this.#fuel)}, decoded in ${time(this.#time)} with ${[...this.reader.used].sort().join(', ') || 'no codec'}`
  }
}

/** Shorter than the error's own words, which name the block once more. */
function faultText({ code, cid }: DagError): string {
  if (code === 'UNKNOWN_HASH') return `hash function ${codeText(cid?.multihash.code ?? 0)}, which cannot be verified here`
  if (code === 'DIGEST_LENGTH') return `a digest of ${cid?.multihash.digest.length} bytes, which is too short to prove anything, or too long`
  return 'hash mismatch: these are not the bytes that the CID names'
}
