/** What others have said of the blocks: their values, or why they are no blocks. */
import { verify } from '../../codec/verify.js'
import { outcome, refusalText } from '../outcome.js'
import { refusal } from '../refusal.js'
import type { Law, Trial } from '../trial.js'
import { differ } from '../value.js'
import type { Invalid, Valid } from '../vectors.js'

export const vectors: Law = {
  name: 'vectors',
  says: 'valid blocks decode to their values; invalid ones are refused with their code and offset, or taken by a lax decode as they say',
  without: ({ given }) => (given.length === 0 ? 'there are no vectors' : undefined),
  async check(trial) {
    for (const row of trial.vectors.valid) await trial.check(row.name, row.bytes, () => valid(trial, row))
    for (const row of trial.vectors.invalid) await trial.check(row.name, row.bytes, () => invalid(trial, row))
  }
}

async function valid({ subject }: Trial, { bytes, json, cid }: Valid): Promise<void> {
  const { pinned } = subject
  if (cid !== undefined) {
    if (cid.code !== pinned.code) throw new Error(`named by a CID of multicodec 0x${cid.code.toString(16)}, the codec is 0x${pinned.code.toString(16)}`)
    await verify(cid, bytes)
  }
  pinned.decode(bytes)
  if (json !== undefined) expectJson(subject, subject.json.encodeTape(pinned.tape(bytes)), json)
}

function invalid({ subject }: Trial, { bytes, code, offset, lax }: Invalid): void {
  const { pinned } = subject
  const strict = outcome(() => pinned.decode(bytes))
  if (strict.ok) throw new Error('decodes, and is to be refused')
  expectRefusal(strict.error, bytes, code, offset)
  if (lax === undefined) return
  if (lax !== 'same' && 'json' in lax) {
    expectJson(subject, subject.json.encodeTape(pinned.tape(bytes, { strict: false })), lax.json)
    return
  }
  const loose = outcome(() => pinned.decode(bytes, { strict: false }))
  if (loose.ok) throw new Error('a lax decode takes it, and is to refuse it')
  const expected = lax === 'same' ? { code, offset } : lax
  expectRefusal(loose.error, bytes, expected.code, expected.offset)
}

function expectRefusal(error: Error, bytes: Uint8Array, code: string | undefined, offset: number | undefined): void {
  const got = refusal(error, bytes)
  if ((code !== undefined && got.code !== code) || (offset !== undefined && got.offset !== offset))
    throw new Error(`refused as ${refusalText(error)}; expected ${code ?? 'any code'} at byte ${offset ?? 'any'}`)
}

/** The vector's text need not have its keys in order. */
function expectJson({ json }: Trial['subject'], got: Uint8Array, expected: string): void {
  const text = new TextDecoder()
  const canonical = text.decode(json.encodeTape(json.tape(new TextEncoder().encode(expected), { strict: false })))
  const found = text.decode(got)
  if (found === canonical) return
  const where = differ(json.decode(got), json.decode(new TextEncoder().encode(canonical)))
  throw new Error(`decodes to ${cut(found)}, expected ${cut(canonical)}${where === undefined ? '' : `; at ${where}`}`)
}

function cut(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}
