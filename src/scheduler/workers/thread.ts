/** The thread's side: runs jobs with a host of its own, and asks over the port for what it has not. */
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { createHost, type Host } from '../../codec/host.js'
import { type FunctionModule, loadFunction, type RunOptions, resumeFunction, runFunction, type Suspended } from '../../task/index.js'
import type { Answer, Ask, Fault, Job, Reply } from './interface.js'

/** Modules that are kept compiled. */
const MAX_MODULES = 32
const NO_COUNTS = { blocks: 0, created: 0, output: 0 }

let host: Promise<Host> | undefined
const modules = new Map<string, Promise<FunctionModule>>()

/** Runs a job. Answers with a fault for what is no outcome of it. */
export async function runJob(job: Job, port: MessagePort): Promise<Answer | { readonly fault: Fault }> {
  const link = new Link(port)
  try {
    const module = await load(job, link)
    const { params, inputs } = dagCbor.decode<Pick<RunOptions, 'params' | 'inputs'>>(job.args)
    const options: RunOptions = {
      fun: job.fun,
      params,
      inputs,
      limits: job.limits,
      get: (cid) => link.get(cid),
      put: (cid, bytes) => link.put(cid, bytes),
      suspend: link.suspended
    }
    const outcome = job.checkpoint === undefined ? await runFunction(module, options) : await resumeFunction(module, CID.parse(job.checkpoint), options)
    if ('checkpoint' in outcome) return await suspended(outcome, link)
    const { result, effects, final, fuel, memory, counts } = outcome
    return { value: dagCbor.encode({ result: plain(result), effects }), final, fuel, memory, counts }
  } catch (error) {
    return { fault: faultOf(error) }
  } finally {
    port.close()
  }
}

async function suspended({ checkpoint, blocks, fuel }: Suspended, link: Link): Promise<Answer> {
  for (const { cid, bytes } of blocks) await link.put(cid, bytes)
  return { value: dagCbor.encode({ checkpoint }), final: false, fuel, memory: 0, counts: NO_COUNTS }
}

async function load({ module, memory }: Job, link: Link): Promise<FunctionModule> {
  const key = `${module} ${memory}`
  const known = modules.get(key)
  if (known !== undefined) return known
  const loading = createdHost().then((host) => loadFunction(host, CID.parse(module), { memory, get: (cid) => link.get(cid) }))
  modules.set(key, loading)
  if (modules.size > MAX_MODULES) modules.delete(modules.keys().next().value as string)
  loading.catch(() => modules.delete(key))
  return loading
}

function createdHost(): Promise<Host> {
  return (host ??= createHost())
}

/** The port as blocks. */
class Link {
  readonly #port: MessagePort
  readonly #suspend = new AbortController()
  readonly #waiting = new Map<number, { resolve(bytes: Uint8Array | undefined): void; reject(error: unknown): void }>()
  #id = 0

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

  get suspended(): AbortSignal {
    return this.#suspend.signal
  }

  get(cid: CID): Promise<Uint8Array | undefined> {
    return this.#ask((id) => ({ get: cid.bytes, id }))
  }

  async put(cid: CID, bytes: Uint8Array): Promise<void> {
    await this.#ask((id) => ({ put: cid.bytes, bytes, id }))
  }

  #ask(message: (id: number) => Ask): Promise<Uint8Array | undefined> {
    const id = this.#id++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#port.postMessage(message(id))
    })
  }
}

/** Without what is undefined, which DAG-CBOR has not. */
function plain(result: object): object {
  return 'error' in result ? { error: Object.fromEntries(Object.entries(result.error as object).filter(([, value]) => value !== undefined)) } : result
}

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, code } = error as Error & { code?: unknown }
  return { name, message, ...(typeof code === 'string' ? { code } : {}) }
}

/** The error again, as far as it went with the message. */
export function errorOf({ name, message, code }: Fault): Error {
  return Object.assign(new Error(message), { name }, code === undefined ? {} : { code })
}
