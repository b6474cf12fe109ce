/** Delegations: who may do what for whom, with which arguments, and when. UCAN 1.0.0, "Delegation". */
import { checkCommand } from './command.js'
import { type Envelope, open, seal } from './envelope.js'
import { UcanError } from './errors.js'
import { bytes, did, Fields, map, nullable, seconds } from './fields.js'
import { type Policy, readPolicy, type Steps } from './policy.js'
import type { Signer } from './signer.js'
import { didOf, newNonce, type Principal, present, Token } from './token.js'

/** Times are Unix seconds. */
export interface DelegationPayload {
  readonly iss: string
  readonly aud: string
  /** null is any that the issuer has been given, before or after: a powerline */
  readonly sub: string | null
  readonly cmd: string
  readonly pol: Policy
  readonly nonce: Uint8Array
  readonly meta?: Readonly<Record<string, unknown>>
  readonly nbf?: number
  /** null is never */
  readonly exp: number | null
}

export class Delegation extends Token {
  readonly payload: DelegationPayload
  readonly #test: (args: unknown, steps: Steps) => boolean

  /** @throws UcanError `TOKEN_MALFORMED`, `COMMAND_MALFORMED`, `POLICY_MALFORMED` */
  constructor(envelope: Envelope) {
    super(envelope)
    const fields = new Fields(envelope.payload, 'a delegation')
    this.payload = present({
      iss: fields.need('iss', did),
      aud: fields.need('aud', did),
      sub: fields.need('sub', nullable(did)),
      cmd: fields.need('cmd', checkCommand),
      pol: fields.need('pol', (value) => value as Policy),
      nonce: fields.need('nonce', bytes),
      meta: fields.may('meta', map),
      nbf: fields.may('nbf', seconds),
      exp: fields.need('exp', nullable(seconds))
    })
    fields.end()
    this.#test = readPolicy(this.payload.pol)
  }

  /** Whether arguments are as the policy demands. @throws UcanError `POLICY_LIMIT` */
  allows(args: unknown, steps: Steps): boolean {
    return this.#test(args, steps)
  }
}

export interface DelegateOptions {
  readonly issuer: Signer
  readonly audience: Principal
  /** whom the command is asked of; null for a powerline */
  readonly subject: Principal | null
  readonly command: string
  /** what arguments must be; default: anything */
  readonly policy?: Policy
  /** Unix seconds; null is never, and has to be said */
  readonly expiration: number | null
  readonly notBefore?: number
  /** default 12 random bytes */
  readonly nonce?: Uint8Array
  /** what the issuer wants to say besides; it restricts nothing */
  readonly meta?: Readonly<Record<string, unknown>>
}

/** @throws UcanError as reading the delegation does, TypeError if a field cannot be encoded */
export async function delegate(options: DelegateOptions): Promise<Delegation> {
  const { issuer, audience, subject, command, policy = [], expiration, notBefore, nonce = newNonce(), meta } = options
  const payload: DelegationPayload = present({
    iss: issuer.did,
    aud: didOf(audience),
    sub: subject === null ? null : didOf(subject),
    cmd: command,
    pol: policy,
    nonce,
    meta,
    nbf: notBefore,
    exp: expiration
  })
  if (expiration === undefined) throw new TypeError('expiration: expected Unix seconds, or null for never')
  return readDelegation(await seal('delegation', payload, issuer))
}

/** @throws UcanError `TOKEN_KIND` if it is an invocation, and those of `decodeToken` */
export function readDelegation(token: Uint8Array): Delegation {
  const envelope = open(token)
  if (envelope.kind !== 'delegation') throw new UcanError('TOKEN_KIND', `an ${envelope.kind}, expected a delegation`, { cid: envelope.cid })
  return new Delegation(envelope)
}
