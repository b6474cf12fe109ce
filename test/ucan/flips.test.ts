/** Every bit of every fixture's token, flipped: none of them may be a token of its issuer any more. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as dagJson from '@ipld/dag-json'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import receipts from '../../fixtures/ucan/receipts.json' with { type: 'json' }
import tokens from '../../fixtures/ucan/tokens.json' with { type: 'json' }
import { root } from '../../scripts/run.js'
import { decodeToken, UcanError, verifySignature } from '../../src/ucan/index.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { fromHex } from './hex.js'

const counted = { flips: 0, read: 0 }

/** Verified at a time: engines do that on threads of their own. */
const BATCH = 64

async function flips(token: Uint8Array, every = 1): Promise<void> {
  await verifySignature(decodeToken(token))
  let batch: Promise<void>[] = []
  for (let bit = 0; bit < token.length * 8; bit += every) {
    batch.push(refused(token, bit))
    if (batch.length < BATCH) continue
    await Promise.all(batch)
    batch = []
  }
  await Promise.all(batch)
}

async function refused(token: Uint8Array, bit: number): Promise<void> {
  const flipped = new Uint8Array(token)
  flipped[bit >> 3] ^= 1 << (bit & 7)
  counted.flips++
  try {
    const read = decodeToken(flipped)
    counted.read++
    await verifySignature(read)
  } catch (error) {
    assert.instance(error, UcanError, `bit ${bit}: ${error}`)
    return
  }
  assert.unreachable(`bit ${bit & 7} of byte ${bit >> 3} flipped, and the token is accepted`)
}

for (const { name, kind, type, token } of [...tokens, ...receipts.map((row) => ({ ...row, kind: 'receipt', type: 'Ed25519' }))]) {
  // a signature of secp256k1 takes ten times as long, and one in three bits meets each byte all the same
  test(`${kind}: ${name}`, () => flips(fromHex(token), type === 'secp256k1' ? 3 : 1))
}

const VECTORS = join(process.env.AUTOCODEC_VECTORS ?? join(root, '../shared/vectors'), 'ucan/invocation.json')
if (!existsSync(VECTORS)) skip('flips of the specification’s tokens', `${VECTORS} is not there`)
else {
  const { valid, invalid } = dagJson.decode<Record<'valid' | 'invalid', { name: string; invocation: Uint8Array; proofs: Uint8Array[] }[]>>(
    readFileSync(VECTORS)
  )
  const seen = new Set<string>()
  for (const { name, invocation, proofs } of [...valid, ...invalid]) {
    for (const [i, token] of [invocation, ...proofs].entries()) {
      const key = Buffer.from(token).toString('hex')
      // some come in several rows; some are refused as they are
      if (seen.has(key) || token[1] === 0x43) continue
      seen.add(key)
      test(`${name}, ${i === 0 ? 'invocation' : `proof ${i}`}`, () => flips(token))
    }
  }
}

test.after(() => note(`${counted.flips} bits flipped; ${counted.read} of the tokens could be read, and none verified`))
test.run()
