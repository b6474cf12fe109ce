import type { CID } from '../../ipld/index.js'
import { outcome, sameLinks } from '../outcome.js'
import { refusal } from '../refusal.js'
import type { Law } from '../trial.js'
import type { Valid } from '../vectors.js'

export const links: Law = {
  name: 'links',
  says: 'links has all that are on the tape of decode, in its order, strict and lax, and those of the vectors exactly; what decode takes it takes',
  async check(trial) {
    const { pinned, findsLinks } = trial.subject
    for (const { name, bytes, links: told } of [...trial.given, ...trial.mutants] as readonly Valid[]) {
      for (const strict of [true, false]) {
        await trial.check(strict ? name : `${name}, lax`, bytes, () => {
          const expected = outcome(() => pinned.node(bytes, { strict }).links())
          const got = outcome(() => pinned.links(bytes, { strict }))
          if (!got.ok) {
            if (expected.ok) throw new Error(`links refuses what decode takes: ${got.error.message}`)
            refusal(got.error, bytes)
            return
          }
          if (told !== undefined && got.value.join() !== told.join()) throw new Error(`links: ${list(got.value)}; the vector says ${told.join(', ') || 'none'}`)
          if (!expected.ok) return
          // a codec that looks for them itself may find more: hashes that the data model has as bytes
          const right = findsLinks ? within(expected.value, got.value) : sameLinks(got.value, expected.value)
          if (!right) throw new Error(`links: ${list(got.value)}; on the tape: ${list(expected.value)}`)
        })
      }
    }
  }
}

/** Whether `all` has `some`, in that order. */
function within(some: readonly CID[], all: readonly CID[]): boolean {
  let i = 0
  for (const cid of all) if (i < some.length && some[i].equals(cid)) i++
  return i === some.length
}

function list(cids: readonly CID[]): string {
  return cids.join(', ') || 'none'
}
