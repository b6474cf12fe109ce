/** CIDs are stable: what decodes encodes to the same bytes. */
import { hex, outcome, sameBytes } from '../outcome.js'
import type { Law, Trial } from '../trial.js'
import { restorable } from '../value.js'

const silent = ({ subject }: Trial): string | undefined => (subject.encodes ? undefined : 'the codec does not encode')

export const roundTrip: Law = {
  name: 'round trip',
  says: 'a block encodes to itself: from its tape, and from its value where JavaScript can hold it',
  without: silent,
  async check(trial) {
    const { pinned } = trial.subject
    for (const { name, bytes } of trial.vectors.valid) {
      await trial.check(name, bytes, () => same('from its tape', pinned.encodeTape(pinned.tape(bytes)), bytes))
      const value = outcome(() => pinned.decode(bytes))
      if (!value.ok || !restorable(pinned.node(bytes), value.value)) continue
      await trial.check(name, bytes, () => same('from its value', pinned.encode(value.value), bytes))
    }
  }
}

export const canonical: Law = {
  name: 'canonical',
  says: 'what a lax decode takes encodes to a block that a strict one takes, and that encodes to itself',
  without: silent,
  async check(trial) {
    const { pinned } = trial.subject
    for (const { name, bytes } of [...trial.given, ...trial.mutants]) {
      const form = outcome(() => pinned.encodeTape(pinned.tape(bytes, { strict: false })))
      // a lax decode may take what the format cannot say in its canonical form
      if (!form.ok) continue
      await trial.check(name, bytes, () => {
        const tape = outcome(() => pinned.tape(form.value))
        if (!tape.ok) throw new Error(`encodes to ${hex(form.value)}, which is refused: ${tape.error.message}`)
        same('its canonical form', pinned.encodeTape(tape.value), form.value)
      })
    }
  }
}

function same(what: string, got: Uint8Array, expected: Uint8Array): void {
  if (sameBytes(got, expected)) return
  let at = 0
  while (got[at] === expected[at]) at++
  throw new Error(`${what}: ${hex(got)}, which differs from byte ${at} on`)
}
