/**
 * One run of a function: the loop around its guest, which asks and is called again with what it asked for. The guest never waits; this does. What comes out is a function of the module,
 * the arguments and the blocks that they name.
 */
import { create as createDigest } from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Codec } from '../codec/codec.js'
import { CodecError } from '../codec/errors.js'
import type { FunctionSignature } from '../codec/manifest.js'
import { roomFor } from '../codec/material.js'
import { type Answer, DONE, MORE, type Runner } from '../codec/runner.js'
import { orAbort } from '../dag/abort.js'
import type { Blocks } from '../dag/blocks.js'
import { digestKey } from '../dag/key.js'
import { faultOf } from '../dag/verify.js'
import { Builder, CID, checkTape, linksOf, type Material, relocate, type Tape, Writer } from '../ipld/index.js'
import { find, linksOfMaterial, subtree, tapeOf } from '../ipld/subtree.js'
import { Account } from './account.js'
import { checkOutputs, structuredOf } from './answer.js'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.js'
import { later } from './clock.js'
import { Emitted } from './emitted.js'
import { type Failure, failureOf, hostFault, sourceFault, TaskError } from './errors.js'
import { type TaskLimits, taskLimits } from './limits.js'
import { MAX_INPUT, measure, sizeOf } from './measure.js'
import type { FunctionModule } from './module.js'
import type { AskedEffect, Outcome, Result, RunOptions, Suspended } from './outcome.js'
import { CODED, given, HANDED, HASHED, READ, REQUEST } from './prices.js'
import { linksOfInput, type Request, readRequest } from './request.js'
import { missing, Stream, type StreamContext } from './stream.js'

/** Bytes that a link counts in an answer, besides its own. */
const LINK_RECORD = 16
/** Bit 1 of `flags`: nothing is there. */
const NONE = 2
/** The record of the node in a request to encode one: after the list, the number and the codec. */
const NODE = 3
const DAG_CBOR = 0x71
const IDENTITY = 0x00
const SHA2_256 = 0x12

/** What they give is used before anybody else can come by. */
const builder = new Builder()
const writer = new Writer()

/**
 * Runs a function to its end, whatever that is.
 *
 * @example
 * ```ts
 * import { createHost, CID } from 'autocodec'
 * import { loadFunction, runFunction } from 'autocodec/task'
 * const host = await createHost()
 * const wordCount = await loadFunction(host, 'word-count')
 * const file = CID.parse('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')
 * const { result } = await runFunction(wordCount, { fun: 'count', params: { file }, get: () => new TextEncoder().encode('hello') })
 * if (JSON.stringify(result) !== '{"ok":{"bytes":5,"lines":0,"words":1}}') throw new Error('not the same')
 * ```
 * @throws what is no outcome: TypeError for a caller's mistake, the signal's reason, what `get` and `put` throw; TaskError UNKNOWN_FUNCTION
 */
export async function runFunction(module: FunctionModule, options: RunOptions & { readonly suspend?: undefined }): Promise<Outcome>
export async function runFunction(module: FunctionModule, options: RunOptions): Promise<Outcome | Suspended>
export async function runFunction(module: FunctionModule, options: RunOptions): Promise<Outcome | Suspended> {
  return new Run(module, options).start()
}

/** Goes on with a run that was suspended, here or elsewhere. The options must be as they were. @throws TaskError CHECKPOINT; as `runFunction` */
export async function resumeFunction(module: FunctionModule, checkpoint: CID, options: RunOptions): Promise<Outcome | Suspended> {
  return new Run(module, options).resume(checkpoint)
}

class Run {
  readonly #module: FunctionModule
  readonly #options: RunOptions
  readonly #limits: TaskLimits
  readonly #signature: FunctionSignature
  readonly #index: number
  readonly #runner: Runner
  readonly #account: Account
  readonly #streams: (Stream | undefined)[] = []
  readonly #effects: AskedEffect[] = []
  readonly #emitted = new Emitted()
  /** new blocks that nobody else takes, by CID; and their bytes by multihash, as stores have them */
  readonly #made = new Map<string, { cid: CID; bytes: Uint8Array }>()
  readonly #bytes = new Map<string, Uint8Array>()
  readonly #deadline: number
  /** the last block that came, verified */
  #last: { readonly key: string; readonly bytes: Uint8Array } | undefined
  #signal: AbortSignal | undefined
  #timer: (() => void) | undefined
  /** what is the guest's input are its own words: links in it show nothing */
  #ownInput = false

  constructor(module: FunctionModule, options: RunOptions) {
    const { index, signature } = module.function(options.fun)
    this.#module = module
    this.#options = options
    this.#index = index
    this.#signature = signature
    this.#limits = taskLimits(options.limits)
    this.#account = new Account(this.#limits)
    this.#deadline = performance.now() + this.#limits.time
    options.signal?.throwIfAborted()
    this.#runner = module.take(this.#limits)
  }

  start(): Promise<Outcome | Suspended> {
    return this.#whole(async () => {
      const { params = null, inputs = {} } = this.#options
      const size = sizeOf([params, inputs], MAX_INPUT)
      if (size > MAX_INPUT) throw new CodecError('INPUT_SIZE', this.#module.manifest.name, `parameters and inputs of more bytes than the limit, ${MAX_INPUT}`)
      // by way of DAG-CBOR, since an object's keys stand in any order, and the guest's fuel may depend on it: the same task is the same tape
      const cbor = await this.#codec(DAG_CBOR)
      const material = this.#hostly('the parameters', () => relocate(cbor.tape(cbor.encode([this.#index, params, inputs]))))
      // what the guest sees of them is shown
      this.#account.show(linksOfMaterial(material))
      return this.#runner.startTape(material)
    })
  }

  async resume(checkpoint: CID): Promise<Outcome | Suspended> {
    let answer: Answer
    try {
      const { cid: module, memory } = this.#module
      const state = await readCheckpoint(checkpoint, (cid) => this.#timed(this.#block(cid)), {
        module,
        fun: this.#options.fun,
        memory,
        fuel: this.#limits.fuel
      })
      answer = await this.#restore(state)
    } catch (thrown) {
      await this.#end()
      // a state that is none says nothing of the task: it is no outcome
      const { failure, final } = this.#failed(thrown)
      throw final || failure.code === 'STATE' ? new TaskError('CHECKPOINT', `${checkpoint}: ${failure.message}`, thrown) : thrown
    }
    return this.#whole(() => answer)
  }

  /** From the first call to the last, and what has become of it. */
  async #whole(begin: () => Answer | Promise<Answer>): Promise<Outcome | Suspended> {
    try {
      let result: Result
      let final = true
      try {
        const end = await this.#loop(await begin())
        if ('checkpoint' in end) return end
        result = end
      } catch (thrown) {
        const failed = this.#failed(thrown)
        result = { error: failed.failure }
        final = failed.final
      }
      return this.#outcome(result, final)
    } finally {
      await this.#end()
    }
  }

  async #end(): Promise<void> {
    this.#timer?.()
    await this.#close()
    this.#module.give(this.#runner)
  }

  async #loop(first: Answer): Promise<{ readonly ok: unknown } | Suspended> {
    const { suspend, signal } = this.#options
    let answer = first
    for (;;) {
      if (answer === DONE) return { ok: await this.#finish(this.#runner.tape()) }
      signal?.throwIfAborted()
      if (performance.now() > this.#deadline) throw this.#late()
      if (suspend?.aborted === true) return this.#suspend(answer)
      const step = answer === MORE ? this.#emit(this.#runner.tape()) : this.#serve(this.#runner.tape())
      answer = step instanceof Promise ? await step : step
    }
  }

  /** Does what is asked for and calls the guest again: at once where nothing has to be waited for. */
  #serve(tape: Tape | undefined): Answer | Promise<Answer> {
    this.#runner.charge(REQUEST + READ * (tape?.records ?? 0))
    const request = readRequest(tape)
    if (tape !== undefined && !this.#ownInput) {
      const links = linksOfInput(tape)
      if (links.length > 0) this.#account.show(links)
    }
    switch (request.op) {
      case 'open':
        return this.#open(request.cid)
      case 'node':
        return this.#node(request)
      case 'create':
        return this.#create(request.codec, request.bytes)
      case 'encode':
        return this.#encode(request.codec, tape as Tape)
      case 'stream':
        return this.#stream(request)
      case 'next':
        return this.#next(request.number)
      case 'effect':
        this.#effect(request.cmd, request.args, tape as Tape)
        return this.#runner.resume()
      case 'keep':
        return this.#runner.resume()
    }
  }

  async #open(cid: CID): Promise<Answer> {
    this.#account.checkShown(cid)
    return this.#give(await this.#read(cid), this.#account.isOwn(cid))
  }

  #give(bytes: Uint8Array, own: boolean, beside?: Material): Answer {
    this.#ownInput = own
    this.#runner.charge(given(bytes.length) + (beside === undefined ? 0 : HANDED * roomFor(beside)))
    return this.#runner.resume(bytes, 0, beside)
  }

  #hand(material: Material, own = false): Answer {
    this.#ownInput = own
    this.#runner.charge(HANDED * (roomFor(material) + material.outsideLength))
    return this.#runner.answerTape(material)
  }

  #handValue(value: unknown): Answer {
    return this.#hand(writer.write(value).material)
  }

  async #node({ cid: first, path }: Request & { op: 'node' }): Promise<Answer> {
    let cid = first
    let rest = path
    let own = this.#account.isOwn(cid)
    for (;;) {
      this.#account.checkShown(cid)
      const bytes = await this.#read(cid)
      this.#runner.charge(CODED * bytes.length)
      const codec = await this.#timed(this.#codec(cid.code))
      const tape = this.#readable(`block ${cid}`, () => codec.tape(bytes))
      if (!own) this.#account.show(linksOf(tape))
      const material = relocate(tape)
      const found = find(material, rest)
      if (found === undefined) return this.#runner.resume(undefined, NONE)
      if (found.kind === 'node') return this.#hand(found.record === 0 ? material : subtree(material, found.record), own)
      cid = CID.decode(found.cid)
      // a link of a block that is not its own has just been shown, unless it holds its block
      own = this.#account.isOwn(cid)
      rest = rest.slice(found.gone)
    }
  }

  #create(codec: number, bytes: Uint8Array): Answer | Promise<Answer> {
    this.#runner.charge(HASHED * bytes.length)
    // a copy: what stands in the guest's memory, or in somebody's block, is not the new block's
    return this.#keep(codec, bytes.slice())
  }

  async #encode(codec: number, tape: Tape): Promise<Answer> {
    const encoder = await this.#timed(this.#codec(codec))
    // the guest has not been called since
    const node = tapeOf(subtree(relocate(checkTape(tape)), NODE))
    const bytes = this.#readable('the node', () => encoder.encodeTape(node))
    this.#runner.charge((CODED + HASHED) * bytes.length)
    return this.#keep(codec, bytes)
  }

  /** A codec of the host's. */
  async #codec(code: number): Promise<Codec> {
    try {
      return await (this.#options.codecs ?? ((code) => this.#module.host.codec(code)))(code)
    } catch (error) {
      throw hostFault(error, `codec 0x${code.toString(16)}`)
    }
  }

  /** What is done by codecs and layouts of the host's: see `hostFault`. */
  #hostly<T>(what: string, work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw hostFault(error, what)
    }
  }

  /** As `#hostly`, where what a codec refuses is UNREADABLE. */
  #readable<T>(what: string, work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw unreadable(what, hostFault(error, what))
    }
  }

  /** A new block, and its link for the guest. */
  #keep(codec: number, bytes: Uint8Array): Answer | Promise<Answer> {
    const cid = this.#add(codec, bytes)
    return cid instanceof Promise ? cid.then((cid) => this.#handValue(cid)) : this.#handValue(cid)
  }

  #add(codec: number, bytes: Uint8Array): CID | Promise<CID> {
    this.#account.add('created')
    this.#account.add('output', bytes.length)
    const digest = sha256.encode(bytes)
    const named = (digest: Uint8Array): CID | Promise<CID> => {
      const cid = newCid(codec, digest)
      this.#account.show([cid], true)
      const put = this.#options.put
      if (put === undefined) {
        this.#made.set(cid.toString(), { cid, bytes })
        this.#bytes.set(digestKey(cid), bytes)
        return cid
      }
      const putting = put(cid, bytes)
      return putting instanceof Promise ? putting.then(() => cid) : cid
    }
    return digest instanceof Promise ? digest.then(named) : named(digest)
  }

  async #stream({ number, kind, source, offset, length }: Request & { op: 'stream' }): Promise<Answer> {
    for (const cid of source) this.#account.checkShown(cid)
    // the root of a file is read now
    if (kind === 'file') this.#account.add('blocks')
    await this.#streams[number]?.close()
    this.#streams[number] = undefined
    const { links } = this.#account
    // a root that is its own may lead to anything that somebody can name
    const since = (kind === 'file' || kind === 'dag') && this.#account.isOwn(source[0]) ? links : undefined
    const stream = await this.#streaming(Stream.open({ kind, source, offset, length, since }, this.#context()))
    this.#streams[number] = stream
    return this.#handValue(stream.size ?? null)
  }

  async #next(number: number): Promise<Answer> {
    const stream = this.#streams[number]
    if (stream === undefined) throw new TaskError('INVALID_REQUEST', `request: got the next chunk of stream ${number}, which is not open`)
    const chunk = await this.#streaming(stream.next())
    if (chunk === undefined) return this.#runner.resume(undefined, NONE)
    this.#account.add('blocks')
    const withLink = chunk.cid !== undefined && stream.of.kind !== 'bytes'
    if (withLink && !chunk.own) this.#account.show([chunk.cid as CID])
    return this.#give(chunk.bytes, chunk.own, withLink ? writer.write(chunk.cid).material : undefined)
  }

  #effect(cmd: string, args: unknown, tape: Tape): void {
    this.#account.add('effects')
    // it stands in the receipt, and twice: what is queued is a task of the receipt's as well
    this.#record(2 * measure(tape, `arguments of ${cmd}`))
    // an effect hands blocks to the world
    for (const cid of linksOf(tape)) this.#account.checkShown(cid)
    this.#effects.push({ cmd, args: structuredOf(args) })
  }

  /** So many bytes more that go into the receipt. */
  #record(size: number): void {
    this.#account.add('recorded', size)
    this.#account.add('output', size)
  }

  async #emit(tape: Tape | undefined): Promise<Answer> {
    if (this.#signature.emits !== true) throw new TaskError('INVALID_ANSWER', `${this.#options.fun} emits a node, and its manifest does not say that it does`)
    if (tape === undefined) throw new TaskError('INVALID_ANSWER', 'nothing is emitted, expected a node')
    this.#runner.charge(REQUEST + READ * tape.records)
    const value = builder.build(tape) as unknown
    const link = CID.asCID(value)
    if (link !== null) this.#account.checkShown(link)
    const cid = link ?? (await this.#emitBlock(tape))
    this.#options.onEmit?.(cid, value)
    const full = this.#emitted.add(cid)
    if (full !== undefined) await this.#addIndex(full)
    return this.#runner.resume()
  }

  async #emitBlock(tape: Tape): Promise<CID> {
    const encoder = await this.#codec(DAG_CBOR)
    const node = checkTape(tape)
    const bytes = this.#readable('the node', () => encoder.encodeTape(node))
    this.#runner.charge((CODED + HASHED) * bytes.length)
    return this.#add(DAG_CBOR, bytes)
  }

  async #addIndex(links: readonly CID[]): Promise<void> {
    const encoder = await this.#codec(DAG_CBOR)
    const cid = await this.#add(
      DAG_CBOR,
      this.#hostly('a list of links', () => encoder.encode(links))
    )
    // it stands in the receipt, as a link
    this.#record(LINK_RECORD + cid.bytes.length)
    this.#emitted.index.push(cid)
  }

  /** The answer, checked. */
  async #finish(tape: Tape | undefined): Promise<unknown> {
    if (tape === undefined) throw new TaskError('INVALID_ANSWER', 'the function ends without an answer')
    this.#record(measure(tape, 'the answer'))
    const answer = structuredOf(builder.build(tape))
    const { outputs, emits } = this.#signature
    if (outputs !== undefined) checkOutputs(answer, outputs)
    if (emits !== true) return answer
    const rest = this.#emitted.rest()
    if (rest !== undefined) await this.#addIndex(rest)
    return { answer, stream: { count: this.#emitted.count, index: this.#emitted.index } }
  }

  async #suspend(answer: Answer): Promise<Suspended> {
    const { checkpoint, blocks } = await writeCheckpoint({
      module: this.#module.cid,
      fun: this.#options.fun,
      runner: this.#runner.save(),
      input: this.#runner.input,
      streams: this.#streams.map((stream) => stream && { of: stream.of, chunks: stream.chunks }),
      ownInput: this.#ownInput,
      shown: this.#account.shown,
      counts: { ...this.#account.counts },
      effects: this.#effects,
      emitted: { count: this.#emitted.count, index: this.#emitted.index, links: this.#emitted.links },
      made: [...this.#made.values()],
      answer
    })
    return { checkpoint, blocks, fuel: this.#runner.fuel }
  }

  async #restore(state: Checkpoint): Promise<Answer> {
    for (const { cid, own } of state.shown) this.#account.show([cid], own)
    this.#ownInput = state.ownInput
    for (const [name, count] of Object.entries(state.counts)) this.#account.add(name as keyof typeof state.counts, count)
    this.#effects.push(...state.effects)
    this.#emitted.count = state.emitted.count
    this.#emitted.index.push(...state.emitted.index)
    this.#emitted.links.push(...state.emitted.links)
    for (const block of state.made) {
      this.#made.set(block.cid.toString(), block)
      this.#bytes.set(digestKey(block.cid), block.bytes)
    }
    for (const [number, stream] of state.streams.entries()) {
      if (stream === undefined) continue
      const opened = await this.#streaming(Stream.open(stream.of, this.#context()))
      this.#streams[number] = opened
      await this.#streaming(opened.skip(stream.chunks))
    }
    return this.#runner.restore(state.runner, state.input)
  }

  /** A block that the guest asks for. */
  async #read(cid: CID): Promise<Uint8Array> {
    this.#account.add('blocks')
    const bytes = await this.#timed(this.#blocks.get(cid, { signal: this.#waiting() }))
    if (bytes === undefined) throw missing(cid)
    return bytes
  }

  /** Verified. */
  readonly #blocks: Blocks = { name: 'blocks of the run', get: (cid) => this.#block(cid) }

  async #block(cid: CID): Promise<Uint8Array | undefined> {
    if (cid.multihash.code === IDENTITY) return cid.multihash.digest
    const made = this.#bytes.get(digestKey(cid))
    if (made !== undefined) return made
    // a file of one block is opened, and then read
    const key = digestKey(cid)
    if (key === this.#last?.key) return this.#last.bytes
    const bytes = await this.#verified(cid)
    this.#last = bytes && { key, bytes }
    return bytes
  }

  async #verified(cid: CID): Promise<Uint8Array | undefined> {
    const bytes = await this.#got(cid)
    if (bytes === undefined || this.#options.trusted === true || (await faultOf(cid, bytes)) === undefined) return bytes
    const other = await this.#got(cid, true)
    const fault = other && (await faultOf(cid, other))
    if (other === undefined || fault !== undefined)
      throw new TaskError('BLOCK_NOT_FOUND', `nobody has the right block ${cid}${fault === undefined ? '' : `: ${fault.message}`}`, fault)
    return other
  }

  async #got(cid: CID, again?: boolean): Promise<Uint8Array | undefined> {
    try {
      return await this.#options.get?.(cid, { signal: this.#waiting(), again })
    } catch (error) {
      throw sourceFault(error, cid)
    }
  }

  #context(): StreamContext {
    return { host: this.#module.host, blocks: this.#blocks, signal: this.#waiting(), codec: (code) => this.#codec(code), account: this.#account }
  }

  /** The caller's signal and the clock as one: made when something is first waited for. */
  #waiting(): AbortSignal {
    if (this.#signal === undefined) {
      const clock = new AbortController()
      this.#timer = later(this.#deadline - performance.now(), () => clock.abort(this.#late()))
      const { signal } = this.#options
      this.#signal = signal === undefined ? clock.signal : AbortSignal.any([signal, clock.signal])
    }
    return this.#signal
  }

  /** Waits no longer than the run may last, whether or not what is waited for minds signals. */
  #timed<T>(work: Promise<T>): Promise<T> {
    return orAbort(work, this.#waiting())
  }

  async #streaming<T>(work: Promise<T>): Promise<T> {
    try {
      return await this.#timed(work)
    } catch (error) {
      throw hostFault(error, 'a stream')
    }
  }

  #late(): TaskError {
    return new TaskError('TIME', `the run takes longer than ${this.#limits.time} ms`)
  }

  #failed(thrown: unknown): { readonly failure: Failure; readonly final: boolean } {
    const { signal } = this.#options
    if (signal?.aborted === true) throw signal.reason
    const failed = failureOf(thrown)
    if (failed === undefined) throw thrown
    return failed
  }

  #outcome(result: Result, final: boolean): Outcome {
    const { blocks, created, output } = this.#account.counts
    return {
      result,
      final,
      // what is over the limit has not been used
      fuel: Math.min(this.#runner.fuel, this.#limits.fuel),
      memory: this.#runner.peakPages * 65536,
      effects: 'ok' in result ? this.#effects : [],
      counts: { blocks, created, output },
      blocks: 'ok' in result ? [...this.#made.values()] : []
    }
  }

  async #close(): Promise<void> {
    for (const stream of this.#streams) {
      // one that waits for a block that never comes cannot be closed
      stream?.close().catch(() => {})
    }
  }
}

function newCid(codec: number, digest: Uint8Array): CID {
  return CID.createV1(codec, createDigest(SHA2_256, digest as Uint8Array<ArrayBuffer>))
}

function unreadable(what: string, cause: unknown): unknown {
  const { name, message } = cause as Error
  return name === 'CodecError' || name === 'IpldError' ? new TaskError('UNREADABLE', `${what}: ${message}`, cause) : cause
}
