/** A strict decode takes one form of a value, and says what is wrong with any other. */
import { hex, outcome, sameBytes } from '../outcome.js'
import { refusal } from '../refusal.js'
import type { Law, Trial } from '../trial.js'
import type { Named } from '../vectors.js'

/** Prefixes of one block that are tried. */
const PREFIXES = 256

export const strict: Law = {
  name: 'strictness',
  says: 'a damaged block decodes and encodes to itself, or is refused with an error of the ABI inside of the block; never a trap, a limit or a lie',
  without: ({ given }) => (given.length === 0 ? 'there are no vectors' : undefined),
  async check(trial) {
    for (const block of [...trial.mutants, ...trial.given]) await trial.check(block.name, block.bytes, () => holds(trial, block))
  }
}

export const errors: Law = {
  name: 'errors',
  says: 'what is cut short, empty or nothing at all is refused with a code and an offset inside of it, by decode, lax decode and links',
  async check(trial) {
    for (const block of [...trial.vectors.valid.flatMap(prefixes), ...nothing()]) {
      await trial.check(block.name, block.bytes, () => {
        holds(trial, block)
        for (const call of ['lax', 'links'] as const) {
          const { pinned } = trial.subject
          const ended = outcome(() => (call === 'lax' ? void pinned.tape(block.bytes, { strict: false }) : void pinned.links(block.bytes)))
          if (!ended.ok) refusal(ended.error, block.bytes)
        }
      })
    }
  }
}

function holds({ subject: { pinned, encodes } }: Trial, { bytes }: Named): void {
  const tape = outcome(() => pinned.tape(bytes))
  if (!tape.ok) {
    refusal(tape.error, bytes)
    return
  }
  if (!encodes) return
  const again = outcome(() => pinned.encodeTape(tape.value))
  // text that the host finds not to be UTF-8 when it looks at it is a refusal like any other
  if (!again.ok) refusal(again.error, bytes)
  else if (!sameBytes(again.value, bytes)) throw new Error(`decodes, and encodes to ${hex(again.value)}: two blocks of one value`)
}

/** Every prefix of a short block, and some of a long one. */
function prefixes({ name, bytes }: Named): Named[] {
  const step = Math.max(1, Math.floor(bytes.length / PREFIXES))
  const found: Named[] = []
  for (let length = 0; length < bytes.length; length += step) found.push({ name: `${name}, cut at ${length}`, bytes: bytes.subarray(0, length) })
  return found
}

/** Bytes of no format: one byte of each value, alone and many. */
function nothing(): Named[] {
  const found: Named[] = [{ name: 'no bytes', bytes: new Uint8Array(0) }]
  for (let byte = 0; byte < 256; byte++) {
    for (const length of [1, 9, 100]) found.push({ name: `${length} × 0x${byte.toString(16).padStart(2, '0')}`, bytes: new Uint8Array(length).fill(byte) })
  }
  return found
}
