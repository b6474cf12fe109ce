import { outcome, sameBytes, trace } from '../outcome.js'
import { refusal } from '../refusal.js'
import type { Law } from '../trial.js'

export const lax: Law = {
  name: 'lax',
  says: 'a lax decode takes what a strict one takes, as the same value, and refuses with errors of the ABI',
  async check(trial) {
    const { pinned, json } = trial.subject
    for (const { name, bytes } of [...trial.given, ...trial.mutants]) {
      await trial.check(name, bytes, () => {
        const loose = outcome(() => json.encodeTape(pinned.tape(bytes, { strict: false })))
        const strict = outcome(() => json.encodeTape(pinned.tape(bytes)))
        if (strict.ok) {
          if (!loose.ok) throw new Error(`a lax decode refuses what a strict one takes: ${loose.error.message}`)
          if (!sameBytes(strict.value, loose.value)) throw new Error('a lax decode gives another value than a strict one')
          return
        }
        // DAG-JSON may lack what the codec has, so it is the tape alone that must not fail
        const { error } = trace(pinned, 'lax decode', bytes, pinned)
        const again = error === undefined ? undefined : outcome(() => pinned.tape(bytes, { strict: false }))
        if (again !== undefined && !again.ok) refusal(again.error, bytes)
      })
    }
  }
}
