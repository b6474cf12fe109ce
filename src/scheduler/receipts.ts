/** The receipts of an executor: signed, and found by task. */
import type { CID } from 'multiformats/cid'
import type { Engine } from '../engine/interface.js'
import { type Effect, issueReceipt, type Receipt, type Result, readReceipt, type Signer } from '../ucan/index.js'
import { ExecutorError } from './errors.js'
import { type Facts, factsMeta } from './facts.js'

export class Receipts {
  readonly #engine: Engine
  readonly #signer: Signer
  readonly #now: () => number

  constructor(engine: Engine, signer: Signer, now: () => number) {
    this.#engine = engine
    this.#signer = signer
    this.#now = now
  }

  async of(task: CID, signal?: AbortSignal): Promise<Receipt | undefined> {
    const entry = await this.#engine.receipts.get(task, { signal })
    return entry && readReceipt(entry.value)
  }

  sign(ran: CID, out: Result, facts: Facts, cause?: CID, run?: readonly Effect[]): Promise<Receipt> {
    return issueReceipt({ issuer: this.#signer, ran, out, run, meta: factsMeta(facts), cause, issuedAt: this.#now() })
  }

  /**
   * Keeps a receipt, unless there is one of its task.
   *
   * @param makesWay whether the one that is there goes
   * @returns the one that stands
   */
  async keep(receipt: Receipt, makesWay: (there: Receipt) => Promise<boolean> = async () => false, sync = false): Promise<Receipt> {
    const { receipts } = this.#engine
    const { ran, bytes } = receipt
    for (;;) {
      if ((await receipts.put(ran, bytes, { revision: null, sync })) !== undefined) return receipt
      const there = await receipts.get(ran)
      if (there === undefined) continue
      const other = readReceipt(there.value)
      if (!(await makesWay(other))) return other
      if ((await receipts.put(ran, bytes, { revision: there.revision, sync })) !== undefined) return receipt
    }
  }

  /** Keeps it in place of any other. */
  async replace(receipt: Receipt): Promise<void> {
    if ((await this.#engine.receipts.put(receipt.ran, receipt.bytes, { sync: true })) === undefined)
      throw new ExecutorError('STATE', `the receipt of task ${receipt.ran} could not be kept`, { cid: receipt.ran })
  }
}
