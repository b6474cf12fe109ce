/** Invocations: a command, asked of a subject, with the delegations that allow it. UCAN 1.0.0, "Invocation". */
import type { CID } from 'multiformats/cid'
import { checkCommand } from './command.js'
import { type Envelope, open, seal } from './envelope.js'
import { UcanError } from './errors.js'
import { bytes, did, Fields, link, links, map, nullable, seconds } from './fields.js'
import type { Signer } from './signer.js'
import { clock, didOf, newNonce, type Principal, present, Token } from './token.js'

export type Args = Readonly<Record<string, unknown>>

/** Times are Unix seconds. */
export interface InvocationPayload {
  readonly iss: string
  readonly sub: string
  /** who is to execute it; without, the subject */
  readonly aud?: string
  readonly cmd: string
  readonly args: Args
  /** the chain, from the subject's own delegation on */
  readonly prf: readonly CID[]
  readonly meta?: Readonly<Record<string, unknown>>
  readonly nonce: Uint8Array
  /** not of the specification; some libraries write it, and then it holds */
  readonly nbf?: number
  /** null is never */
  readonly exp: number | null
  readonly iat?: number
  /** the receipt that had this done */
  readonly cause?: CID
}

export class Invocation extends Token {
  readonly payload: InvocationPayload

  /** @throws UcanError `TOKEN_MALFORMED`, `COMMAND_MALFORMED` */
  constructor(envelope: Envelope) {
    super(envelope)
    const fields = new Fields(envelope.payload, 'an invocation')
    this.payload = present({
      iss: fields.need('iss', did),
      sub: fields.need('sub', did),
      aud: fields.may('aud', nullable(did)) ?? undefined,
      cmd: fields.need('cmd', checkCommand),
      args: fields.need('args', map),
      prf: fields.need('prf', links),
      meta: fields.may('meta', map),
      nonce: fields.need('nonce', bytes),
      nbf: fields.may('nbf', seconds),
      exp: fields.need('exp', nullable(seconds)),
      iat: fields.may('iat', seconds),
      cause: fields.may('cause', link)
    })
    fields.end()
  }
}

/** Seconds that an invocation is good for if nobody says otherwise. */
const LIFETIME = 300

export interface InvokeOptions {
  readonly issuer: Signer
  /** of whom the command is asked */
  readonly subject: Principal
  /** who is to execute it, if not the subject */
  readonly audience?: Principal
  readonly command: string
  readonly args?: Args
  /** the chain, from the subject's own delegation on; none if the issuer is the subject */
  readonly proofs?: readonly ({ readonly cid: CID } | CID)[]
  /** Unix seconds; null is never; default five minutes from now */
  readonly expiration?: number | null
  /** default 12 random bytes; empty, the task is the same each time, and its result may be remembered */
  readonly nonce?: Uint8Array
  readonly meta?: Readonly<Record<string, unknown>>
  readonly cause?: CID
  readonly issuedAt?: number
}

/** @throws UcanError as reading the invocation does, TypeError if a field cannot be encoded */
export async function invoke(options: InvokeOptions): Promise<Invocation> {
  return readInvocation(await sealInvocation(options))
}

export function sealInvocation(options: InvokeOptions): Promise<Uint8Array> {
  const { issuer, subject, audience, command, args = {}, proofs = [], expiration = clock() + LIFETIME, nonce = newNonce(), meta, cause, issuedAt } = options
  const payload: InvocationPayload = present({
    iss: issuer.did,
    sub: didOf(subject),
    aud: audience === undefined ? undefined : didOf(audience),
    cmd: command,
    args,
    prf: proofs.map((proof) => ('cid' in proof ? proof.cid : proof)),
    meta,
    nonce,
    exp: expiration,
    iat: issuedAt,
    cause
  })
  return seal('invocation', payload, issuer)
}

/** @throws UcanError `TOKEN_KIND` if it is a delegation, and those of `decodeToken` */
export function readInvocation(token: Uint8Array): Invocation {
  const envelope = open(token)
  if (envelope.kind !== 'invocation') throw new UcanError('TOKEN_KIND', `a ${envelope.kind}, expected an invocation`, { cid: envelope.cid })
  return new Invocation(envelope)
}
