/** What a trial is, and what trials are made of. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { type Engine, EngineError, type EngineErrorCode, type Entry, type Records } from '../interface.js'

/** Where an engine's state is, from the outside. */
export interface Place {
  /** Opens it; a durable engine that was closed and is opened again has what it had. */
  open(): Promise<Engine>
  /** So many milliseconds pass for the leases of all its engines: on a clock that was injected, or truly. */
  pass(ms: number): Promise<void>
  /** After the trial, when its engines are closed. */
  remove?(): Promise<void>
}

/** One promise of the port. */
export interface EngineTrial {
  readonly name: string
  /** @param make makes an empty place @throws Error that says what was found and what was expected */
  run(make: () => Promise<Place>): Promise<void>
}

/** What a trial works with: an engine that is closed when it ends, and its place. */
interface Bench {
  readonly engine: Engine
  readonly place: Place
  /** another engine of the same place, after `engine` was closed or beside it */
  open(): Promise<Engine>
}

export function trial(name: string, check: (bench: Bench) => Promise<void>): EngineTrial {
  return {
    name,
    async run(make) {
      const place = await make()
      const opened: Engine[] = []
      const open = async (): Promise<Engine> => {
        const engine = await place.open()
        opened.push(engine)
        return engine
      }
      try {
        await check({ engine: await open(), place, open })
      } finally {
        for (const engine of opened) await engine.close()
        await place.remove?.()
      }
    }
  }
}

const DAG_CBOR = 0x71
const SHA2_256 = 0x12

/** A CID for each number, in another order than the numbers'. Nobody has bytes with these hashes, and no engine looks. */
export function cidOf(number: number, code = DAG_CBOR): CID {
  const digest = new Uint8Array(32)
  let state = Math.imul(number + 1, 0x9e3779b1)
  for (let i = 0; i < digest.length; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x85ebca6b) + 0x6d2b79f5
    digest[i] = state >>> 24
  }
  new DataView(digest.buffer).setUint32(28, number)
  return CID.createV1(code, create(SHA2_256, digest))
}

/** Bytes that differ from number to number, and from place to place. */
export function bytesOf(number: number, length = 100): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = Math.imul(i + 1, 0x9e3779b1 ^ number) >>> 13
  return bytes
}

export async function listed(records: Records, after?: CID): Promise<[CID, Entry][]> {
  const all: [CID, Entry][] = []
  for await (const entry of records.entries({ after })) all.push(entry)
  return all
}

const textOf = (bytes: Uint8Array): string => {
  const start = [...bytes.subarray(0, 24)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${bytes.length} bytes (${start}${bytes.length > 24 ? '…' : ''})`
}

export function ensure(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message)
}

export function same(got: unknown, expected: unknown, what: string): void {
  ensure(Object.is(got, expected), `${what}: got ${String(got)}, expected ${String(expected)}`)
}

export function sameBytes(got: Uint8Array | undefined, expected: Uint8Array, what: string): void {
  ensure(got !== undefined, `${what}: got nothing, expected ${textOf(expected)}`)
  const differs = got.length === expected.length ? got.findIndex((byte, i) => byte !== expected[i]) : Math.min(got.length, expected.length)
  ensure(differs === -1, `${what}: got ${textOf(got)}, expected ${textOf(expected)}; they differ at byte ${differs}`)
}

/** A revision or lease that must be there. */
export function there<T>(value: T | undefined, what: string): T {
  ensure(value !== undefined, `${what}: got undefined`)
  return value
}

export async function rejects(work: () => Promise<unknown>, code: EngineErrorCode, what: string): Promise<void> {
  const error = await failure(work, what)
  ensure(error instanceof EngineError && error.code === code, `${what}: got ${String(error)}, expected an EngineError ${code}`)
}

/** A caller's mistake: the message names the option. */
export async function mistakes(work: () => Promise<unknown>, option: string, what: string): Promise<void> {
  const error = await failure(work, what)
  ensure(
    error instanceof TypeError && error.message.startsWith(`${option}: `),
    `${what}: got ${String(error)}, expected a TypeError that begins with "${option}: "`
  )
}

export async function failure(work: () => Promise<unknown>, what: string): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error(`${what}: it succeeded, expected an error`)
}
