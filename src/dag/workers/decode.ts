/** A stream of blocks by workers: in order, with few batches under way. */
import { Codec } from '../../codec/index.js'
import { orAbort } from '../abort.js'
import type { Block, BlockSource } from '../batch.js'
import { BatchDecoder, type BlockFault, type DecodedBlock, type DecodeStreamOptions, faultFrom, Tally } from '../decode.js'
import { DagError } from '../errors.js'
import { AnswerReader, DONE, FAULT } from './answer.js'
import { faultIn } from './fault.js'
import type { Answer, Job, Workers } from './interface.js'
import { portions } from './jobs.js'

/** Portions under way for each worker: one that it has, and one that waits for it. */
const UNDER_WAY = 2

/** Blocks that are given at once, as a CAR does. */
const GIVEN = 64

/** A portion that a worker has. */
interface Sent {
  readonly blocks: readonly Block[]
  /** what this thread has found already, by block */
  readonly faults: readonly (BlockFault | undefined)[]
  readonly answer: Promise<Answer | DagError>
}

export async function* decodeByWorkers(
  source: BlockSource,
  options: DecodeStreamOptions,
  workers: Workers
): AsyncGenerator<readonly DecodedBlock[], void, undefined> {
  const { signal } = options
  const decoder = new BatchDecoder(options)
  const tally = new Tally(options)
  const blocks = portions(source)
  const sent: Sent[] = []
  let taking: Promise<Taken> | undefined
  let ended = false
  try {
    for (;;) {
      signal?.throwIfAborted()
      if (!ended && sent.length < UNDER_WAY * workers.size) taking ??= take(blocks)
      const first = sent[0]
      if (taking === undefined && first === undefined) return
      const turn: Promise<Taken | Answer | DagError> = taking === undefined ? first.answer : first === undefined ? taking : Promise.race([first.answer, taking])
      const came = await orAbort(turn, signal)
      if (came instanceof Taken) {
        taking = undefined
        if (came.blocks !== undefined) sent.push(await orAbort(send(came.blocks, decoder, options, workers), signal))
        else {
          ended = true
          // after all that came before it
          if (came.error !== undefined) {
            const answer = Promise.reject<Answer>(came.error)
            // it is waited for later, or not at all
            answer.catch(() => {})
            sent.push({ blocks: [], faults: [], answer })
          }
        }
        continue
      }
      sent.shift()
      const decode = reading(first, came, decoder, options)
      // few at a time, since values that live no longer than that cost the collector nothing
      for (let at = 0; at < first.blocks.length; at += GIVEN) {
        signal?.throwIfAborted()
        yield* tally.given(Math.min(GIVEN, first.blocks.length - at), (i) => decode(at + i))
      }
    }
  } finally {
    const closing = blocks.return()
    // a source that is waiting for more answers only when that comes
    if (signal?.aborted) closing.catch(() => {})
    else await closing
  }
}

/** What the source gave: blocks, an error, or neither at its end. */
class Taken {
  constructor(
    readonly blocks: readonly Block[] | undefined,
    readonly error: unknown
  ) {}
}

function take(blocks: AsyncGenerator<readonly Block[], void, undefined>): Promise<Taken> {
  return blocks.next().then(
    ({ value }) => new Taken(value || undefined, undefined),
    (error: unknown) => new Taken(undefined, error ?? new Error('the source ended with an error that is none'))
  )
}

async function send(blocks: readonly Block[], decoder: BatchDecoder, options: DecodeStreamOptions, workers: Workers): Promise<Sent> {
  const faults = typeof options.check === 'function' ? await decoder.verify(blocks) : []
  await decoder.meet(blocks, faults)
  const answer = workers.run(jobOf(blocks, decoder, options)).catch((error: unknown) => {
    const message = `a worker was lost with ${blocks.length} blocks, the first of them ${blocks[0].cid}: ${error instanceof Error ? error.message : error}`
    return new DagError('WORKER_LOST', message, { cid: blocks[0].cid, cause: error })
  })
  return { blocks, faults, answer }
}

function jobOf(blocks: readonly Block[], decoder: BatchDecoder, { check, values = true, links = true, strict = true }: DecodeStreamOptions): Job {
  let size = 0
  for (const { cid, bytes } of blocks) size += cid.bytes.length + bytes.length
  const whole = new Uint8Array(size)
  const lengths = new Uint32Array(2 * blocks.length)
  const codecs = new Map<number, string>()
  let at = 0
  for (let i = 0; i < blocks.length; i++) {
    const { cid, bytes } = blocks[i]
    whole.set(cid.bytes, at)
    whole.set(bytes, at + cid.bytes.length)
    at += cid.bytes.length + bytes.length
    lengths[2 * i] = cid.bytes.length
    lengths[2 * i + 1] = bytes.length
    const codec = codecs.has(cid.code) ? undefined : decoder.codecs.get(cid.code)
    if (codec instanceof Codec) codecs.set(cid.code, String(codec.cid))
  }
  return { bytes: whole.buffer, lengths, verify: check === undefined, want: values ? 'values' : links ? 'links' : 'nothing', strict, codecs }
}

/** The blocks of an answer, each asked for in its turn. */
function reading({ blocks, faults }: Sent, answer: Answer | DagError, decoder: BatchDecoder, options: DecodeStreamOptions): (at: number) => DecodedBlock {
  if (answer instanceof DagError) return (at) => decoder.decode(blocks[at], answer)
  const { values = true, links: wanted = true } = options
  const reader = new AnswerReader(answer)
  let fault = 0
  return (at) => {
    const block = blocks[at]
    const { cid, bytes, offset } = block
    const state = answer.states[at]
    if (state === FAULT) return decoder.decode(block, faults[at] ?? faultIn(answer.faults[fault++], cid))
    // what the workers have no codec for, or nothing to be decoded
    if (state !== DONE || !(values || wanted)) return decoder.decode(block, faults[at])
    if (!values) {
      const links = reader.links()
      return faults[at] === undefined ? { cid, bytes, offset, value: undefined, links, fault: undefined } : decoder.decode(block, faults[at])
    }
    const tape = reader.tape(bytes)
    if (faults[at] !== undefined) return decoder.decode(block, faults[at])
    const links = wanted ? [] : undefined
    try {
      return { cid, bytes, offset, value: (decoder.codecs.get(cid.code) as Codec).build(tape, links), links, fault: undefined }
    } catch (error) {
      return decoder.decode(block, faultFrom(error))
    }
  }
}
