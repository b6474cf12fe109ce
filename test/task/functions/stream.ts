/** Functions that make blocks of a stream, for their tests: the stream as raw blocks, cut in any way, and what has come of it. */
import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { createHost } from '../../../src/index.js'
import { type Failure, type FunctionModule, loadFunction, resumeFunction, runFunction, type TaskLimits } from '../../../src/task/index.js'

export const host = await createHost()

export function cidOf(bytes: Uint8Array, code = 0x55): CID {
  return CID.createV1(code, Digest.create(0x12, createHash('sha256').update(bytes).digest()))
}

/** Bytes in parts: of so many bytes, or at these places. */
export function cutAt(bytes: Uint8Array, at: number | readonly number[]): Uint8Array[] {
  const places = typeof at === 'number' ? Array.from({ length: Math.ceil(bytes.length / at) }, (_, i) => i * at) : [0, ...at]
  const sorted = [...places.map((place) => Math.min(place, bytes.length)), bytes.length].sort((a, b) => a - b)
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end))
}

export interface Made {
  readonly answer: any
  /** in the order in which they were made; empty if `keep` is false */
  readonly blocks: Map<string, Uint8Array>
  readonly fuel: number
  readonly memory: number
}

export interface MakeOptions {
  readonly params?: object
  readonly limits?: Partial<TaskLimits>
  readonly keep?: boolean
}

export class FunctionFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message)
  }
}

/** Runs the one function of a module over parts. @throws FunctionFailure */
export async function make(module: FunctionModule, parts: readonly Uint8Array[], { params = {}, limits, keep = true }: MakeOptions = {}): Promise<Made> {
  const given = new Map<string, Uint8Array>()
  const file = parts.map((part) => {
    const cid = cidOf(part)
    given.set(cid.toString(), part)
    return cid
  })
  const blocks = new Map<string, Uint8Array>()
  const [{ name }] = module.manifest.functions
  const { result, fuel, memory } = await runFunction(module, {
    fun: name,
    params: { file, ...params },
    get: (cid) => given.get(cid.toString()),
    trusted: true,
    put: (cid, bytes) => {
      if (keep) blocks.set(cid.toString(), bytes.slice())
    },
    limits
  })
  if ('error' in result) throw new FunctionFailure(result.error)
  return { answer: result.ok, blocks, fuel, memory }
}

/** As `make`, taken out of its guest and gone on with in another after every block that it has made; only the answer. */
export async function makeInSteps(
  module: FunctionModule,
  parts: readonly Uint8Array[],
  params: object = {}
): Promise<{ answer: any; fuel: number; steps: number }> {
  const given = new Map(parts.map((part) => [cidOf(part).toString(), part]))
  const [{ name }] = module.manifest.functions
  let suspend = new AbortController()
  const options = {
    fun: name,
    params: { file: parts.map((part) => cidOf(part)), ...params },
    get: (cid: CID) => given.get(cid.toString()),
    put: () => suspend.abort()
  }
  let end = await runFunction(module, { ...options, suspend: suspend.signal })
  let steps = 0
  for (; 'checkpoint' in end; steps++) {
    for (const { cid, bytes } of end.blocks) given.set(cid.toString(), bytes)
    suspend = new AbortController()
    end = await resumeFunction(module, end.checkpoint, { ...options, suspend: suspend.signal })
  }
  if ('error' in end.result) throw new FunctionFailure(end.result.error)
  return { answer: end.result.ok, fuel: end.fuel, steps }
}

export const load = (name: string, memory?: number): Promise<FunctionModule> => loadFunction(host, name, { memory })

/** Numbers that look random, and are the same each time: xorshift32. */
export function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed >>> 0 || 1
  for (let i = 0; i < length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state
  }
  return bytes
}
