/** A call depends on module and input alone. */
import type { Codec } from '../../codec/index.js'
import { difference, type Operation, trace } from '../outcome.js'
import { Random } from '../random.js'
import type { Law, Trial } from '../trial.js'
import type { Named } from '../vectors.js'

const OPERATIONS: readonly Operation[] = ['decode', 'lax decode', 'links', 'encode']

/** Instances are made for so many blocks. */
const FRESH = 40

const blocks = (trial: Trial, most: number): readonly Named[] => [...trial.given, ...trial.mutants.slice(0, most)]

function equal(a: Codec, b: Codec, reader: Codec, { bytes }: Named): void {
  for (const operation of OPERATIONS) {
    const found = difference(trace(a, operation, bytes, reader), trace(b, operation, bytes, reader))
    if (found !== undefined) throw new Error(`${operation}: ${found}`)
  }
}

export const deterministic: Law = {
  name: 'determinism',
  says: 'the same tape, links, output, error and fuel at the second call, with memory kept or new, and in another instance',
  async check(trial) {
    const { pinned, isolated, fresh } = trial.subject
    const other = await fresh()
    for (const block of blocks(trial, trial.runs >> 1)) {
      await trial.check(`${block.name}, twice`, block.bytes, () => equal(pinned, pinned, isolated, block))
      await trial.check(`${block.name}, pinned and isolated`, block.bytes, () => equal(pinned, isolated, isolated, block))
      await trial.check(`${block.name}, two instances`, block.bytes, () => equal(pinned, other, isolated, block))
    }
  }
}

export const isolated: Law = {
  name: 'isolation',
  says: 'nothing of a call shows in the next, whatever was called before: other blocks, refused ones, links, encode, in any order',
  async check(trial) {
    const { subject, seed } = trial
    const random = new Random(seed ^ 0x5ea1)
    const all = blocks(trial, trial.runs >> 1)
    for (let i = 0; i < Math.min(FRESH, all.length); i++) {
      const block = trial.given[i] ?? random.pick(all)
      const used = await subject.fresh()
      const before: Named[] = Array.from({ length: 4 }, () => random.pick(all))
      for (const other of before) trace(used, random.pick(OPERATIONS), other.bytes, subject.isolated)
      for (const operation of OPERATIONS) {
        const other = random.pick(all)
        trace(used, random.pick(OPERATIONS), other.bytes, subject.isolated)
        const fresh = await subject.fresh()
        await trial.check(`${block.name}, ${operation} after ${other.name}`, block.bytes, () => {
          const found = difference(trace(used, operation, block.bytes, subject.isolated), trace(fresh, operation, block.bytes, subject.isolated))
          if (found !== undefined) throw new Error(`${found}, after other calls and in an instance without any`)
        })
      }
    }
  }
}
