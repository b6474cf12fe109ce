/** The worker's side: verifies and decodes what it is given, with a host of its own. */
import { type Codec, createHost, type Host } from '../../codec/index.js'
import { CID, cidAt } from '../../ipld/index.js'
import { faultFrom } from '../decode.js'
import { faultOf } from '../verify.js'
import { AnswerWriter } from './answer.js'
import type { Answer, Job, WorkersOptions } from './interface.js'

/** What a worker is started with. */
export type TaskOptions = Pick<WorkersOptions, 'modules' | 'limits'>

export type Task = (job: Job) => Promise<Answer>

/** One job at a time, in turn. */
export function createTask({ modules = [], limits }: TaskOptions): Task {
  const writer = new AnswerWriter()
  const starting = hostOf(modules, limits)
  // whoever asks first is told
  starting.catch(() => {})
  let last: Promise<unknown> = starting
  return (job) => {
    const run = async (): Promise<Answer> => perform(job, await codecsOf(await starting, job), writer)
    const mine = last.then(run, run)
    last = mine
    return mine
  }
}

async function hostOf(modules: readonly Uint8Array[], limits: TaskOptions['limits']): Promise<Host> {
  const host = await createHost({ limits })
  for (const module of modules) await host.add(module, 'workers')
  return host
}

/** Those of the job's codecs that this host has: nothing is fetched from here. */
async function codecsOf(host: Host, { codecs }: Job): Promise<Map<number, Codec>> {
  const known = new Set(host.codecs().map(({ cid }) => String(cid)))
  const found = new Map<number, Codec>()
  for (const [code, cid] of codecs) if (known.has(cid)) found.set(code, await host.codec(CID.parse(cid)))
  return found
}

async function perform({ bytes, lengths, verify, want, strict }: Job, codecs: ReadonlyMap<number, Codec>, writer: AnswerWriter): Promise<Answer> {
  const whole = new Uint8Array(bytes)
  writer.begin(lengths.length / 2)
  for (let i = 0, at = 0; i < lengths.length; i += 2) {
    const cid = cidAt(whole, at, lengths[i])
    at += lengths[i]
    const block = whole.subarray(at, at + lengths[i + 1])
    at += block.length
    const verifying = verify ? faultOf(cid, block) : undefined
    const fault = verifying instanceof Promise ? await verifying : verifying
    const codec = codecs.get(cid.code)
    if (fault !== undefined) writer.fault(fault)
    else if (want === 'nothing') writer.done()
    else if (codec === undefined) writer.noCodec()
    else {
      try {
        if (want === 'links') writer.links(codec.links(block, { strict }))
        else writer.tape(codec.tape(block, { strict }))
      } catch (error) {
        writer.fault(faultFrom(error))
      }
    }
  }
  return writer.end()
}
