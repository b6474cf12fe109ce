/** Whether an invocation may do what it asks for: UCAN 1.0.0, "Token Validation". What is cheap is looked at before what is not. */
import type { CID } from 'multiformats/cid'
import { covers } from './command.js'
import type { Delegation } from './delegation.js'
import { principal } from './did.js'
import { UcanError } from './errors.js'
import type { Args, Invocation } from './invocation.js'
import { Steps } from './policy.js'
import type { Replay } from './replay.js'
import { clock, didOf, type Principal } from './token.js'
import { type VerifyOptions, verifySignature } from './verify.js'

/** Where proofs are found, by CID. */
export type Proofs = Iterable<Delegation> | ((cid: CID, signal?: AbortSignal) => Delegation | undefined | Promise<Delegation | undefined>)

export interface AuthoriseOptions extends VerifyOptions {
  /** default none, which is enough where the issuer is the subject */
  readonly proofs?: Proofs
  /** who executes: the invocation must be for it. Left out, that is not looked at */
  readonly audience?: Principal
  /** Unix seconds; default now */
  readonly now?: number
  /** seconds by which clocks may differ; default 60 */
  readonly skew?: number
  /** longest chain; default 64 */
  readonly maxProofs?: number
  /** steps that the policies may take together; default 1,000,000 */
  readonly maxSteps?: number
  /** what policies are held against, if not the invocation's own arguments: these, with promises fulfilled. A function is called once the signature has been verified */
  readonly args?: Args | (() => Args | Promise<Args>)
  /** whether a delegation has been revoked by somebody who may; it is told the whole chain, root first */
  readonly isRevoked?: (cid: CID, chain: readonly Delegation[], signal?: AbortSignal) => boolean | Promise<boolean>
  /** refuses what it has been told of before */
  readonly replay?: Replay
}

/** What an invocation may do, and by which chain. */
export interface Authorised {
  readonly invocation: Invocation
  /** root first */
  readonly chain: readonly Delegation[]
  /** from when until when it all holds, in Unix seconds; null is for ever */
  readonly notBefore: number | null
  readonly expiration: number | null
}

const SKEW = 60
const MAX_PROOFS = 64

/**
 * @throws UcanError with the code, and the specification's name in `claim`, of the first thing that is wrong
 */
export async function authorise(invocation: Invocation, options: AuthoriseOptions = {}): Promise<Authorised> {
  const { audience, now = clock(), skew = SKEW, maxProofs = MAX_PROOFS, args = invocation.payload.args, replay, signal } = options
  signal?.throwIfAborted()
  checkAudience(invocation, audience)
  checkLength(invocation, maxProofs)
  checkTime(invocation, now, skew)
  // before proofs are looked up: nobody unknown makes us fetch anything
  await verifySignature(invocation, options)
  const chain = await checkChain(invocation, typeof args === 'function' ? await args() : args, options)
  replay?.claim(invocation, now, skew)
  return { invocation, chain, ...span([invocation, ...chain]) }
}

/** What somebody asks for on account of proofs. Whoever makes one of it knows that the issuer does ask: an invocation's signature says so of itself. */
export interface Claim {
  /** of the token on account of which it is asked, for messages */
  readonly cid: CID
  readonly issuer: string
  readonly subject: string
  readonly command: string
  readonly args: Args
  /** the chain, root first */
  readonly proofs: readonly CID[]
}

/**
 * Whether proofs allow something beyond the command of the invocation that they came with, such as an effect of its task.
 *
 * @returns the chain @throws as `authorise`
 */
export async function authoriseClaim({ cid, issuer, subject, command, args, proofs }: Claim, options: AuthoriseOptions = {}): Promise<readonly Delegation[]> {
  const claim: Asked = { cid, payload: { iss: issuer, sub: subject, cmd: command, prf: proofs } }
  checkLength(claim, options.maxProofs ?? MAX_PROOFS)
  return checkChain(claim, args, options)
}

/** What of an invocation its proofs are held against. */
interface Asked {
  readonly cid: CID
  readonly payload: Pick<Invocation['payload'], 'iss' | 'sub' | 'cmd' | 'prf'>
}

async function checkChain(asked: Asked, args: Args, options: AuthoriseOptions): Promise<Delegation[]> {
  const { now = clock(), skew = SKEW, maxSteps, isRevoked, signal } = options
  const chain = await findProofs(asked, options)
  checkLinks(asked, chain)
  const steps = new Steps(maxSteps)
  for (const delegation of chain) {
    checkTime(delegation, now, skew)
    checkCapability(asked, delegation, args, steps)
  }
  // together, since engines verify in threads of their own; what is thrown is the first in the chain all the same
  for (const verified of await Promise.allSettled(chain.map((delegation) => verifySignature(delegation, options)))) {
    if (verified.status === 'rejected') throw verified.reason
  }
  if (isRevoked !== undefined) {
    for (const delegation of chain) {
      const { cid, payload } = delegation
      if (await isRevoked(cid, chain, signal)) throw new UcanError('REVOKED', `${cid}: the delegation by ${payload.iss} has been revoked`, { cid })
      signal?.throwIfAborted()
    }
  }
  return chain
}

function checkAudience({ cid, payload: { aud, sub } }: Invocation, audience: Principal | undefined): void {
  if (audience === undefined) return
  const wanted = aud ?? sub
  if (principal(wanted) !== principal(didOf(audience))) {
    throw new UcanError('AUDIENCE_MISMATCH', `${cid}: the invocation is for ${wanted}, and this is ${didOf(audience)}`, { cid })
  }
}

function checkLength({ cid, payload: { prf } }: Asked, maxProofs: number): void {
  if (prf.length > maxProofs) throw new UcanError('CHAIN_LENGTH', `${cid}: a chain of ${prf.length} proofs, expected at most ${maxProofs}`, { cid })
  const seen = new Set<string>()
  for (const proof of prf) {
    const key = proof.toString()
    if (seen.has(key)) throw new UcanError('CHAIN_CYCLE', `${cid}: the proof ${key} twice in one chain`, { cid })
    seen.add(key)
  }
}

async function findProofs({ cid, payload: { prf } }: Asked, { proofs = [], signal }: AuthoriseOptions): Promise<Delegation[]> {
  const find = typeof proofs === 'function' ? proofs : lookup(proofs)
  const chain: Delegation[] = []
  for (const proof of prf) {
    const found = await find(proof, signal)
    signal?.throwIfAborted()
    // whoever looks proofs up may be wrong about them, and the chain hangs on CIDs
    if (found === undefined || !found.cid.equals(proof)) throw new UcanError('PROOF_UNAVAILABLE', `${cid}: the proof ${proof} cannot be had`, { cid: proof })
    chain.push(found)
  }
  return chain
}

function lookup(proofs: Iterable<Delegation>): (cid: CID) => Delegation | undefined {
  const byCid = new Map<string, Delegation>()
  for (const delegation of proofs) byCid.set(delegation.cid.toString(), delegation)
  return (cid) => byCid.get(cid.toString())
}

/** From the subject to the issuer, each delegation by the one to whom the last was given. */
function checkLinks(invocation: Asked, chain: readonly Delegation[]): void {
  const { cid, payload } = invocation
  const subject = principal(payload.sub)
  const [root] = chain
  if (root === undefined) {
    if (principal(payload.iss) === subject) return
    throw new UcanError('PROOF_MISSING', `${cid}: ${payload.iss} asks ${payload.sub} for ${payload.cmd} without a proof`, { cid })
  }
  if (root.payload.sub === null) throw new UcanError('ROOT_INVALID', `${root.cid}: the chain begins with a delegation that names no subject`, { cid: root.cid })
  let holder = subject
  for (const delegation of chain) {
    const { iss, aud, sub } = delegation.payload
    const { cid } = delegation
    if (sub !== null && principal(sub) !== subject) {
      throw new UcanError('SUBJECT_MISMATCH', `${cid}: a delegation about ${sub}, expected ${subject}`, { cid })
    }
    if (principal(iss) !== holder) {
      if (delegation === root)
        throw new UcanError('ROOT_INVALID', `${cid}: the chain begins with a delegation by ${iss}, expected the subject ${subject}`, { cid })
      throw new UcanError('AUDIENCE_MISMATCH', `${cid}: a delegation by ${iss}, and the one before it is to ${holder}`, { cid })
    }
    holder = principal(aud)
  }
  if (principal(payload.iss) !== holder)
    throw new UcanError('AUDIENCE_MISMATCH', `${cid}: an invocation by ${payload.iss}, and its last proof is to ${holder}`, { cid })
}

function checkTime(token: Invocation | Delegation, now: number, skew: number): void {
  const { cid } = token
  const { exp, nbf } = token.payload
  if (exp !== null && now > exp + skew) throw new UcanError('EXPIRED', `${cid}: expired at ${exp}, and now is ${now}`, { cid })
  if (nbf !== undefined && now < nbf - skew) throw new UcanError('TOO_EARLY', `${cid}: not before ${nbf}, and now is ${now}`, { cid })
}

/**
 * Every delegation of a chain must cover the invocation. That they narrow from one to the next is not asked: one that is wider than the one before it, as a powerline is, gives nothing
 * that the one before has not given.
 */
function checkCapability({ payload }: Asked, delegation: Delegation, args: Args, steps: Steps): void {
  const { cid } = delegation
  const { cmd } = delegation.payload
  if (!covers(cmd, payload.cmd)) throw new UcanError('COMMAND_MISMATCH', `${cid}: a delegation of ${cmd} does not cover ${payload.cmd}`, { cid })
  if (!delegation.allows(args, steps))
    throw new UcanError('POLICY_MISMATCH', `${cid}: the policy of ${delegation.payload.iss} does not allow these arguments`, { cid })
}

function span(tokens: readonly (Invocation | Delegation)[]): Pick<Authorised, 'notBefore' | 'expiration'> {
  const begins = tokens.flatMap(({ payload: { nbf } }) => (nbf === undefined ? [] : [nbf]))
  const ends = tokens.flatMap(({ payload: { exp } }) => (exp === null ? [] : [exp]))
  return { notBefore: begins.length === 0 ? null : Math.max(...begins), expiration: ends.length === 0 ? null : Math.min(...ends) }
}
