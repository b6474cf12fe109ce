/**
 * Revocations: invocations of `/ucan/revoke` that take a delegation back (UCAN 1.0.0, "Revocation"). Whoever has issued a delegation may revoke it, and so may those before them in the chain;
 * nobody can take a revocation back.
 */
import { CID } from 'multiformats/cid'
import { type AuthoriseOptions, authorise } from './authorise.js'
import type { Delegation } from './delegation.js'
import { principal } from './did.js'
import { shown, UcanError } from './errors.js'
import { type Args, type Invocation, type InvokeOptions, invoke } from './invocation.js'
import { didOf } from './token.js'

export const REVOKE_COMMAND = '/ucan/revoke'

/** What a revocation says. */
export interface Revocation {
  readonly revoke: CID
  /** whose right it is exercised by: the subject of the invocation */
  readonly revoker: string
  /** delegations from the root to the revoked, which show that the revoker has part in it */
  readonly path: readonly CID[]
}

export interface RevokeOptions extends Pick<InvokeOptions, 'issuer' | 'audience' | 'proofs' | 'expiration' | 'meta' | 'cause' | 'issuedAt'> {
  /** what is revoked */
  readonly delegation: { readonly cid: CID } | CID
  /** whose right it is, if the issuer has it from somebody; default the issuer */
  readonly subject?: InvokeOptions['subject']
  /** delegations from the root to the revoked */
  readonly path?: readonly ({ readonly cid: CID } | CID)[]
}

/** A revocation. It does not expire unless that is asked for, and has no nonce: twice is the same as once. */
export function revoke({ delegation, subject, path, expiration = null, ...options }: RevokeOptions): Promise<Invocation> {
  const cidOf = (token: { readonly cid: CID } | CID): CID => ('cid' in token ? token.cid : token)
  const args: Args = path === undefined ? { revoke: cidOf(delegation) } : { revoke: cidOf(delegation), path: path.map(cidOf) }
  return invoke({ ...options, subject: didOf(subject ?? options.issuer), command: REVOKE_COMMAND, args, expiration, nonce: new Uint8Array(0) })
}

/** @throws UcanError `REVOCATION_INVALID` */
export function readRevocation({ cid, payload: { cmd, args, sub } }: Invocation): Revocation {
  const wrong = (why: string): UcanError => new UcanError('REVOCATION_INVALID', `${cid}: ${why}`, { cid })
  if (cmd !== REVOKE_COMMAND) throw wrong(`the command is ${shown(cmd)}, expected ${shown(REVOKE_COMMAND)}`)
  const revoke = CID.asCID(args.revoke)
  if (revoke === null) throw wrong(`revoke is ${shown(args.revoke)}, expected the CID of a delegation`)
  const path = args.path ?? []
  if (!Array.isArray(path) || path.some((item) => CID.asCID(item) === null)) throw wrong(`path is ${shown(path)}, expected a list of CIDs`)
  return { revoke, revoker: sub, path: path as CID[] }
}

/** Whether somebody may revoke a delegation of a chain, root first: they have issued it, or one before it. */
export function mayRevoke(revoker: string, cid: CID, chain: readonly Delegation[]): boolean {
  const index = chain.findIndex((delegation) => delegation.cid.equals(cid))
  return chain.slice(0, index + 1).some(({ payload }) => principal(payload.iss) === principal(revoker))
}

/**
 * Revocations that have been verified, in memory. They only ever become more.
 *
 * @example `authorise(invocation, { isRevoked: revocations.isRevoked })`
 */
export class Revocations {
  /** who has revoked each delegation */
  readonly #revokers = new Map<string, Set<string>>()
  readonly #limit: number
  #size = 0

  /** @param limit most revocations; default 100,000 */
  constructor(limit = 100_000) {
    this.#limit = limit
  }

  get size(): number {
    return this.#size
  }

  /**
   * Verifies a revocation and keeps it. It may come before the delegation has been seen; whether the revoker has part in a chain is decided with the chain. With `chain` it is decided now too,
   * so that nobody fills the store with revocations of what is not theirs.
   *
   * @throws UcanError `REVOCATION_INVALID`, `STORE_FULL`, and those of `authorise`
   */
  async add(invocation: Invocation, options: Omit<AuthoriseOptions, 'isRevoked'> & { readonly chain?: readonly Delegation[] } = {}): Promise<Revocation> {
    const revocation = readRevocation(invocation)
    await authorise(invocation, options)
    const { chain } = options
    if (chain !== undefined && !mayRevoke(revocation.revoker, revocation.revoke, chain)) {
      const why = `${revocation.revoker} has issued neither ${revocation.revoke} nor a delegation before it`
      throw new UcanError('REVOCATION_INVALID', `${invocation.cid}: ${why}`, { cid: invocation.cid })
    }
    const key = revocation.revoke.toString()
    const revokers = this.#revokers.get(key) ?? new Set()
    const revoker = principal(revocation.revoker)
    if (revokers.has(revoker)) return revocation
    if (this.#size >= this.#limit)
      throw new UcanError('STORE_FULL', `${invocation.cid}: ${this.#limit} revocations, which is as many as are kept`, { cid: invocation.cid })
    this.#revokers.set(key, revokers.add(revoker))
    this.#size++
    return revocation
  }

  /** Whether somebody who may has revoked a delegation of a chain. */
  readonly isRevoked = (cid: CID, chain: readonly Delegation[]): boolean => {
    const revokers = this.#revokers.get(cid.toString())
    return revokers !== undefined && [...revokers].some((revoker) => mayRevoke(revoker, cid, chain))
  }
}
