/**
 * What a worker answers, written there and read here.
 *
 * ```
 *  values  words   where the tape is: `tape records text textLength wide wideLength data dataLength`, as `Extent` has them, and its `room`
 *          bytes   the tape
 *  links   words   how many, and the length of each
 *          bytes   their CIDs
 * ```
 */
import type { CID } from 'multiformats/cid'
import { cidAt, type Extent, Tape } from '../../ipld/index.js'
import type { BlockFault } from '../decode.js'
import { faultOut } from './fault.js'
import type { Answer, Fault } from './interface.js'

/** The states of a block: verified and decoded as asked; not so, with a fault; verified, but the worker has no such codec. */
export const DONE = 0
export const FAULT = 1
const NO_CODEC = 2

/** Reused from job to job, so that its buffers have grown. */
export class AnswerWriter {
  #bytes = new Uint8Array(1 << 16)
  #length = 0
  #words = new Uint32Array(1 << 12)
  #count = 0
  #states = new Uint8Array(0)
  #blocks = 0
  #faults: Fault[] = []

  /** @param blocks that it will have */
  begin(blocks: number): void {
    this.#length = 0
    this.#count = 0
    this.#states = new Uint8Array(blocks)
    this.#blocks = 0
    this.#faults = []
  }

  done(): void {
    this.#states[this.#blocks++] = DONE
  }

  noCodec(): void {
    this.#states[this.#blocks++] = NO_CODEC
  }

  fault(error: BlockFault): void {
    this.#states[this.#blocks++] = FAULT
    this.#faults.push(faultOut(error))
  }

  links(links: readonly CID[]): void {
    this.#word(links.length)
    for (const { bytes } of links) {
      this.#word(bytes.length)
      this.#room(bytes.length)
      this.#bytes.set(bytes, this.#length)
      this.#length += bytes.length
    }
    this.done()
  }

  tape(tape: Tape): void {
    const { size } = tape
    this.#room(size)
    const { tape: at, records, text, textLength, wide, wideLength, data, dataLength } = tape.copyTo(this.#bytes, this.#length)
    this.#length += size
    for (const word of [at, records, text, textLength, wide, wideLength, data, dataLength, tape.room]) this.#word(word)
    this.done()
  }

  end(): Answer {
    const length = Math.ceil(this.#length / 8) * 8
    return { bytes: this.#bytes.buffer.slice(0, length), words: this.#words.slice(0, this.#count), states: this.#states, faults: this.#faults }
  }

  #word(word: number): void {
    if (this.#count === this.#words.length) {
      const more = new Uint32Array(this.#count * 2)
      more.set(this.#words)
      this.#words = more
    }
    this.#words[this.#count++] = word
  }

  #room(length: number): void {
    if (this.#length + length + 8 <= this.#bytes.length) return
    const more = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + length + 8))
    more.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = more
  }
}

/** Reads the blocks in their order. */
export class AnswerReader {
  readonly #bytes: Uint8Array
  readonly #integers: Int32Array
  readonly #doubles: Float64Array
  readonly #words: Uint32Array
  readonly #tape = new Tape()
  #word = 0
  #at = 0

  constructor({ bytes, words }: Answer) {
    this.#bytes = new Uint8Array(bytes)
    this.#integers = new Int32Array(bytes)
    this.#doubles = new Float64Array(bytes)
    this.#words = words
  }

  links(): CID[] {
    const links: CID[] = []
    for (let left = this.#words[this.#word++]; left > 0; left--) {
      const length = this.#words[this.#word++]
      links.push(cidAt(this.#bytes, this.#at, length))
      this.#at += length
    }
    return links
  }

  /** Good until the next one. @param input the block */
  tape(input: Uint8Array): Tape {
    const words = this.#words
    const w = this.#word
    this.#word = w + 9
    const extent: Extent = {
      tape: words[w],
      records: words[w + 1],
      text: words[w + 2],
      textLength: words[w + 3],
      wide: words[w + 4],
      wideLength: words[w + 5],
      data: words[w + 6],
      dataLength: words[w + 7]
    }
    this.#tape.place(this.#bytes, this.#integers, this.#doubles, extent, input)
    this.#tape.room = words[w + 8]
    return this.#tape
  }
}
