/**
 * The tape of one block for as long as it is wanted. It stands in the guest's memory until the next call. Most nodes are looked at before that; for the others the block is decoded
 * once more, which gives the same tape, and that is copied.
 */
import { IpldError, type Tape, type TapeHolder } from '../ipld/index.js'

export class LiveTape implements TapeHolder {
  readonly #decode: () => Tape
  readonly #records: number
  #tape: Tape
  #call: number

  constructor(decode: () => Tape) {
    this.#decode = decode
    this.#tape = decode()
    this.#call = this.#tape.call
    this.#records = this.#tape.records
  }

  get tape(): Tape {
    return this.#tape.call === this.#call ? this.#tape : this.#again()
  }

  #again(): Tape {
    const tape = this.#decode().copy()
    if (tape.records !== this.#records) throw new IpldError('INVALID_TAPE', `the block has changed: ${tape.records} records, expected ${this.#records}`)
    this.#call = tape.call
    return (this.#tape = tape)
  }
}
