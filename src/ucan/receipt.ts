/**
 * Receipts: an executor's word on what came of a task. A receipt is an invocation of `/ucan/assert/receipt` by the executor, of itself, with arguments `{ran, out, run?}`.
 *
 * Older forms are read too: `/ucan/assert` with `{about, facts: {out, run}}` (ucan-wg/receipt), and results as a list of branch and value (IPVM).
 */
import { CID } from 'multiformats/cid'
import { type Envelope, isMap, open } from './envelope.js'
import { shown, UcanError } from './errors.js'
import { type Args, Invocation, sealInvocation } from './invocation.js'
import type { Signer } from './signer.js'
import { clock, present } from './token.js'

export const RECEIPT_COMMAND = '/ucan/assert/receipt'
const OLD_COMMAND = '/ucan/assert'

export type Result = { readonly ok: unknown } | { readonly error: unknown }

/** A task that is to be done on account of another's result. */
export interface Effect {
  readonly cmd: string
  readonly sub: string
  readonly args: Args
  readonly nonce: Uint8Array
  readonly iss?: string
  readonly aud?: string
  readonly meta?: Readonly<Record<string, unknown>>
  readonly prf?: readonly CID[]
  readonly exp?: number | null
}

export class Receipt extends Invocation {
  /** the task */
  readonly ran: CID
  readonly out: Result
  /** what is to be done next */
  readonly run: readonly Effect[]

  /** @throws UcanError `RECEIPT_MALFORMED` */
  constructor(envelope: Envelope) {
    super(envelope)
    const { cmd, args } = this.payload
    const facts = isMap(args.facts) ? args.facts : args
    const ran = CID.asCID(args.ran ?? args.about)
    if (cmd !== RECEIPT_COMMAND && cmd !== OLD_COMMAND) throw malformed(envelope, `the command is ${shown(cmd)}, expected ${shown(RECEIPT_COMMAND)}`)
    if (ran === null) throw malformed(envelope, `ran is ${shown(args.ran)}, expected the CID of a task`)
    this.ran = ran
    this.out = readResult(envelope, facts.out)
    this.run = readEffects(envelope, facts.run ?? [])
  }

  /** the DID of whom the receipt is by */
  get executor(): string {
    return this.payload.sub
  }
}

export interface ReceiptOptions {
  /** the executor */
  readonly issuer: Signer
  /** the task */
  readonly ran: CID
  readonly out: Result
  /** what is to be done next; left out where there is nothing */
  readonly run?: readonly Effect[]
  /** of the run, such as fuel and memory */
  readonly meta?: Readonly<Record<string, unknown>>
  readonly cause?: CID
  /** Unix seconds; default now */
  readonly issuedAt?: number
  /** Unix seconds until which the result holds; default null, for ever */
  readonly expiration?: number | null
  /** default empty */
  readonly nonce?: Uint8Array
}

/** @throws TypeError if the result cannot be encoded */
export async function issueReceipt(options: ReceiptOptions): Promise<Receipt> {
  const { issuer, ran, out, run = [], meta, cause, issuedAt = clock(), expiration = null, nonce = new Uint8Array(0) } = options
  const effects = run.length === 0 ? undefined : run.map((effect) => present({ ...effect }))
  const args = present({ ran, out, run: effects })
  const sealed = await sealInvocation({ issuer, subject: issuer, command: RECEIPT_COMMAND, args, meta, cause, issuedAt, expiration, nonce })
  return new Receipt(open(sealed, undefined, true))
}

/** @throws UcanError `TOKEN_KIND` if it is a delegation, `RECEIPT_MALFORMED`, and those of `decodeToken` */
export function readReceipt(token: Uint8Array): Receipt {
  const envelope = open(token)
  if (envelope.kind !== 'invocation') throw new UcanError('TOKEN_KIND', `a ${envelope.kind}, expected a receipt`, { cid: envelope.cid })
  return new Receipt(envelope)
}

/** Whether an envelope is meant to be a receipt. Of the old command some invocations are not. */
export function isReceipt({ payload: { cmd, args } }: Envelope): boolean {
  return cmd === RECEIPT_COMMAND || (cmd === OLD_COMMAND && isMap(args) && 'about' in args && isMap(args.facts) && 'out' in args.facts)
}

function readResult(envelope: Envelope, out: unknown): Result {
  if (isMap(out)) {
    const keys = Object.keys(out)
    if (keys.length === 1 && (keys[0] === 'ok' || keys[0] === 'error')) return out as Result
  } else if (Array.isArray(out) && out.length === 2) {
    if (out[0] === 'ok') return { ok: out[1] }
    if (out[0] === 'error') return { error: out[1] }
  }
  const got = isMap(out) ? `a map of ${Object.keys(out).slice(0, 4).map(shown).join(', ') || 'nothing'}` : shown(out)
  throw malformed(envelope, `out is ${got}, expected a map of "ok" or "error"`)
}

function readEffects(envelope: Envelope, run: unknown): readonly Effect[] {
  if (!Array.isArray(run)) throw malformed(envelope, `run is ${shown(run)}, expected a list of effects`)
  for (const [i, effect] of run.entries()) {
    if (!isMap(effect) || typeof effect.cmd !== 'string' || typeof effect.sub !== 'string' || !isMap(effect.args)) {
      throw malformed(envelope, `run/${i} is ${shown(effect)}, expected a map with cmd, sub and args`)
    }
  }
  return (run as Effect[]).map((effect) => (effect.nonce instanceof Uint8Array ? effect : { ...effect, nonce: oldNonce(effect.nonce) }))
}

/** Older forms have text. */
function oldNonce(nonce: unknown): Uint8Array {
  return new TextEncoder().encode(typeof nonce === 'string' ? nonce : '')
}

function malformed({ cid }: Envelope, why: string): UcanError {
  return new UcanError('RECEIPT_MALFORMED', `a receipt: ${why}`, { cid })
}
