/**
 * Delegations that have been taken back, as this machine's executor knows them: `STATE/revocations/DELEGATION/REVOCATION.cbor`. Nobody can take a revocation back, so one that was right
 * when it came stays in force, though it or its proofs expire: beside it stand its proofs and the time at which it came, and it is verified as of then.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import * as dagCbor from '@ipld/dag-cbor'
import type { CID } from 'multiformats/cid'
import { Delegation, decodeToken, type Invocation, type Revocation, Revocations, readInvocation, readRevocation } from '../ucan/index.js'
import { CliError, EXIT } from './exit.js'
import { plain } from './text.js'
import { writeSafely } from './whole-file.js'

const FOLDER = 'revocations'
const SUFFIX = '.cbor'

/** What stands in a file. */
interface Kept {
  /** Unix seconds */
  readonly accepted: number
  /** tokens */
  readonly revocation: Uint8Array
  readonly proofs: readonly Uint8Array[]
}

/** For `authorise`. Reads only what is kept of the delegation that is asked about, so that nothing of this is in the way of who acts by his own right. @param state undefined has none */
export function revokedIn(state: string | undefined): (cid: CID, chain: readonly Delegation[]) => Promise<boolean> {
  return async (cid, chain) => {
    if (state === undefined) return false
    const revocations = new Revocations()
    for (const file of await filesOf(join(state, FOLDER, String(cid)))) {
      try {
        await addKept(file, revocations)
      } catch (error) {
        // a revocation stood here, of this very delegation: to go on would give somebody what has been taken from him. Nobody else is concerned, and nothing else refused
        const why = plain((error as Error).message)
        const remedy = 'whether it has been revoked cannot be said; "autocodec revoke" of the same revocation writes the file again'
        throw new CliError('REVOCATION', EXIT.data, `${plain(file)}: a revocation of ${cid} that cannot be read: ${why}; ${remedy}`, { cause: error })
      }
    }
    return revocations.isRevoked(cid, chain)
  }
}

/**
 * Verifies a revocation, and keeps it.
 *
 * @param delegations those that it came with: its proofs, and what it is about, as far as that is known @param now Unix seconds @throws UcanError of `Revocations.add`
 */
export async function keepRevocation(state: string, revocation: Invocation, delegations: readonly Delegation[] = [], now = clock()): Promise<Revocation> {
  const said = readRevocation(revocation)
  const file = join(state, FOLDER, String(said.revoke), `${revocation.cid}${SUFFIX}`)
  // what is in force already stays so
  if (await inForce(file)) return said
  const find = (cids: readonly { toString(): string }[]): Delegation[] =>
    cids.flatMap((cid) => delegations.find((delegation) => String(delegation.cid) === String(cid)) ?? [])
  const [proofs, chain] = [find(revocation.payload.prf), find(said.path)]
  // the whole way, or it says nothing of who has part in it
  const whole = chain.length > 0 && chain.length === said.path.length && chain.at(-1)?.cid.equals(said.revoke)
  await new Revocations().add(revocation, { proofs, now, ...(whole ? { chain } : {}) })
  const kept: Kept = { accepted: now, revocation: revocation.bytes, proofs: proofs.map(({ bytes }) => bytes) }
  await mkdir(dirname(file), { recursive: true })
  await writeSafely(file, dagCbor.encode(kept))
  return said
}

async function inForce(file: string): Promise<boolean> {
  return addKept(file, new Revocations()).then(
    () => true,
    () => false
  )
}

async function addKept(file: string, revocations: Revocations): Promise<void> {
  const { accepted, revocation, proofs } = readKept(await readFile(file))
  const token = readInvocation(revocation)
  const name = `${token.cid}${SUFFIX}`
  if (name !== basename(file) || String(readRevocation(token).revoke) !== basename(dirname(file)))
    throw new Error('it is another revocation than its name says')
  await revocations.add(token, { now: accepted, proofs: proofs.map((bytes) => decodeToken(bytes)).filter((proof) => proof instanceof Delegation) })
}

function readKept(bytes: Uint8Array): Kept {
  const { accepted, revocation, proofs } = dagCbor.decode<Partial<Kept> & object>(bytes)
  const right =
    Number.isSafeInteger(accepted) && revocation instanceof Uint8Array && Array.isArray(proofs) && proofs.every((proof) => proof instanceof Uint8Array)
  if (!right) throw new Error('it is not in the form of one')
  return { accepted, revocation, proofs } as Kept
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => name.endsWith(SUFFIX)).map((name) => join(folder, name))
}

function clock(): number {
  return Math.floor(Date.now() / 1000)
}
