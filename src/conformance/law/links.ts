import { outcome, sameLinks } from '../outcome.js'
import { refusal } from '../refusal.js'
import type { Law } from '../trial.js'

export const links: Law = {
  name: 'links',
  says: 'links are those on the tape of decode, in its order, strict and lax; a block that decode refuses they take or refuse as decode does',
  async check(trial) {
    const { pinned } = trial.subject
    for (const { name, bytes } of [...trial.given, ...trial.mutants]) {
      for (const strict of [true, false]) {
        await trial.check(strict ? name : `${name}, lax`, bytes, () => {
          const expected = outcome(() => pinned.node(bytes, { strict }).links())
          const got = outcome(() => pinned.links(bytes, { strict }))
          if (!got.ok) {
            if (expected.ok) throw new Error(`links refuses what decode takes: ${got.error.message}`)
            refusal(got.error, bytes)
          } else if (expected.ok && !sameLinks(got.value, expected.value))
            throw new Error(`links: ${got.value.join(', ') || 'none'}; on the tape: ${expected.value.join(', ') || 'none'}`)
        })
      }
    }
  }
}
