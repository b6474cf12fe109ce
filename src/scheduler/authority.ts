/** By which right something is asked of the executor: what its owner asks, and what an invocation with its proofs allows. */
import { CID } from 'multiformats/cid'
import {
  type Args,
  type AuthoriseOptions,
  authorise,
  authoriseClaim,
  Delegation,
  decodeToken,
  Invocation,
  type Task,
  taskOf,
  UcanError
} from '../ucan/index.js'
import { ExecutorError } from './errors.js'

/** What stands in a record of a task that is to be done later. */
export type AuthorityRecord = 'owner' | { readonly invocation: Uint8Array; readonly proofs: readonly Uint8Array[] }

export interface Authority {
  readonly issuer: string
  readonly subject: string
  readonly record: AuthorityRecord
  /** why the command may not be done on account of it; undefined if it may */
  refuses(command: string, args: Args): Promise<string | undefined>
}

/** The executor's own: it is the subject. */
export function ownerAuthority(did: string): Authority {
  return { issuer: did, subject: did, record: 'owner', refuses: async () => undefined }
}

/**
 * Of an invocation that has been authorised for its own command. For others it names proofs in `meta.proofs`, a map from the command to a chain; without, its own chain counts.
 */
export function invocationAuthority(invocation: Invocation, proofs: readonly Delegation[], options: AuthoriseOptions): Authority {
  const { iss, sub, prf, meta } = invocation.payload
  return {
    issuer: iss,
    subject: sub,
    record: { invocation: invocation.bytes, proofs: proofs.map(({ bytes }) => bytes) },
    async refuses(command, args) {
      try {
        const chain = chainFor(meta, command) ?? prf
        await authoriseClaim({ cid: invocation.cid, issuer: iss, subject: sub, command, args, proofs: chain }, { ...options, proofs })
        return undefined
      } catch (error) {
        if (error instanceof UcanError) return `${error.code}: ${error.message}`
        throw error
      }
    }
  }
}

/** The authority in a record, verified again: it may have expired or been revoked. Policies are held against its arguments with promises `fulfilled`. @throws UcanError, ExecutorError STATE */
export async function recordedAuthority(
  record: AuthorityRecord,
  did: string,
  options: AuthoriseOptions,
  fulfilled: (task: Task) => Promise<Args>
): Promise<Authority> {
  if (record === 'owner') return ownerAuthority(did)
  const invocation = decodeToken(record.invocation)
  const proofs = record.proofs.map((bytes) => decodeToken(bytes))
  if (!(invocation instanceof Invocation) || !proofs.every((proof) => proof instanceof Delegation))
    throw new ExecutorError('STATE', 'the record of a task names tokens that are not an invocation and delegations')
  const delegations = proofs as Delegation[]
  const args = await fulfilled(taskOf(invocation))
  await authorise(invocation, { ...options, args, proofs: delegations, replay: undefined })
  return invocationAuthority(invocation, delegations, options)
}

function chainFor(meta: Invocation['payload']['meta'], command: string): readonly CID[] | undefined {
  const chains = meta?.proofs
  if (typeof chains !== 'object' || chains === null || !Object.hasOwn(chains, command)) return undefined
  const chain = (chains as Record<string, unknown>)[command]
  if (!Array.isArray(chain)) return undefined
  const cids = chain.map((link) => CID.asCID(link))
  return cids.every((cid) => cid !== null) ? (cids as CID[]) : undefined
}
