/** The thread's side: runs jobs, one at a time, with a host of its own like the caller's, and asks over the port for what it has not. */
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import type { Codec } from '../../codec/codec.js'
import { createHost, type Host } from '../../codec/host.js'
import type { Codecs } from '../../dag/decode.js'
import { type FunctionModule, loadFunction, type RunOptions, resumeFunction, runFunction, type Suspended } from '../../task/index.js'
import { errorOf, faultOf } from './fault.js'
import type { Answer, Ask, Begun, Fault, Job, Reply } from './interface.js'

/** Modules that are kept compiled. */
const MAX_MODULES = 32
const NO_COUNTS = { blocks: 0, created: 0, output: 0 }

/** Hosts that are kept, of callers that differ. */
const MAX_HOSTS = 8

interface Own {
  readonly host: Host
  /** multicodecs of which the embedded catalog has the codec: the same here as there */
  readonly embedded: ReadonlySet<number>
}

const hosts = new Map<string, Promise<Own>>()
const modules = new Map<string, Promise<FunctionModule>>()
/** of the job that the thread is at */
let link: Link | undefined

/** Runs a job. Answers with a fault for what is no outcome of it. */
export async function runJob(job: Job, port: MessagePort): Promise<Answer | { readonly fault: Fault }> {
  const own = new Link(port)
  link = own
  try {
    own.begin()
    const { host, embedded } = await hostOf(job)
    const module = await load(job, host, own)
    const { params, inputs } = dagCbor.decode<Pick<RunOptions, 'params' | 'inputs'>>(job.args)
    const options: RunOptions = {
      fun: job.fun,
      params,
      inputs,
      limits: job.limits,
      get: (cid, { again }) => own.get(cid, again),
      put: (cid, bytes) => own.put(cid, bytes),
      codecs: codecsOf(host, embedded, own),
      suspend: own.suspended
    }
    const outcome = job.checkpoint === undefined ? await runFunction(module, options) : await resumeFunction(module, CID.parse(job.checkpoint), options)
    if ('checkpoint' in outcome) return await suspended(outcome, own)
    const { result, effects, final, fuel, memory, counts } = outcome
    return { value: dagCbor.encode({ result: plain(result), effects }), final, fuel, memory, counts }
  } catch (error) {
    return { fault: faultOf(error) }
  } finally {
    own.close()
    if (link === own) link = undefined
  }
}

async function suspended({ checkpoint, blocks, fuel }: Suspended, own: Link): Promise<Answer> {
  for (const { cid, bytes } of blocks) await own.put(cid, bytes)
  return { value: dagCbor.encode({ checkpoint }), final: false, fuel, memory: 0, counts: NO_COUNTS }
}

async function load({ module, memory, host: like }: Job, host: Host, own: Link): Promise<FunctionModule> {
  const key = `${module} ${memory} ${JSON.stringify(like)}`
  const known = modules.get(key)
  if (known !== undefined) return known
  const loading = loadFunction(host, CID.parse(module), { memory, get: (cid) => own.block(cid) })
  modules.set(key, loading)
  if (modules.size > MAX_MODULES) modules.delete(modules.keys().next().value as string)
  loading.catch(() => modules.delete(key))
  return loading
}

function hostOf({ host: like }: Job): Promise<Own> {
  const key = JSON.stringify(like)
  const known = hosts.get(key)
  if (known !== undefined) return known
  const creating = createHost({ ...like, sources: [{ name: 'caller', get: async (cid) => link?.block(cid) }] }).then((host) => ({
    host,
    embedded: new Set(host.codecs().map(({ manifest }) => manifest.code))
  }))
  hosts.set(key, creating)
  if (hosts.size > MAX_HOSTS) hosts.delete(hosts.keys().next().value as string)
  creating.catch(() => hosts.delete(key))
  return creating
}

/** What the caller's catalogs say, and what was added to its host, is for this job alone: the next may be another caller's. Modules are the same for all. */
function codecsOf(host: Host, embedded: ReadonlySet<number>, own: Link): Codecs {
  const known = new Map<number, Promise<Codec>>()
  return (code) => {
    if (embedded.has(code)) return host.codec(code)
    const codec = known.get(code) ?? own.codec(code).then((cid) => host.codec(cid))
    known.set(code, codec)
    return codec
  }
}

/** The port as blocks. */
class Link {
  readonly #port: MessagePort
  readonly #suspend = new AbortController()
  readonly #waiting = new Map<number, { resolve(bytes: Uint8Array | undefined): void; reject(error: unknown): void }>()
  #id = 0
  #closed = false

  constructor(port: MessagePort) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ('suspend' in data) this.#suspend.abort()
      else {
        const waiting = this.#waiting.get(data.id)
        this.#waiting.delete(data.id)
        if (data.fault === undefined) waiting?.resolve(data.bytes)
        else waiting?.reject(errorOf(data.fault))
      }
    }
  }

  begin(): void {
    this.#port.postMessage({ begun: true } satisfies Begun)
  }

  /** Nobody waits for an answer any more that cannot come. */
  close(): void {
    this.#closed = true
    this.#port.close()
    for (const { reject } of this.#waiting.values()) reject(over())
    this.#waiting.clear()
  }

  get suspended(): AbortSignal {
    return this.#suspend.signal
  }

  get(cid: CID, again?: boolean): Promise<Uint8Array | undefined> {
    return this.#ask((id) => ({ get: cid.bytes, again, id }))
  }

  async put(cid: CID, bytes: Uint8Array): Promise<void> {
    await this.#ask((id) => ({ put: cid.bytes, bytes, id }))
  }

  /** The module of the codec that the caller's host has for a multicodec. */
  async codec(code: number): Promise<CID> {
    return CID.decode((await this.#ask((id) => ({ codec: code, id }))) as Uint8Array)
  }

  /** A block of the caller's host. */
  block(cid: CID): Promise<Uint8Array | undefined> {
    return this.#ask((id) => ({ block: cid.bytes, id }))
  }

  #ask(message: (id: number) => Ask): Promise<Uint8Array | undefined> {
    const id = this.#id++
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(over())
      this.#waiting.set(id, { resolve, reject })
      this.#port.postMessage(message(id))
    })
  }
}

/** Without what is undefined, which DAG-CBOR has not. */
function plain(result: object): object {
  return 'error' in result ? { error: Object.fromEntries(Object.entries(result.error as object).filter(([, value]) => value !== undefined)) } : result
}

function over(): Error {
  return new Error('the job is over')
}
