/** Tokens from bytes, of whichever kind they are. */
import { Delegation } from './delegation.js'
import { open } from './envelope.js'
import { Invocation } from './invocation.js'
import { isReceipt, Receipt } from './receipt.js'

export type AnyToken = Delegation | Invocation | Receipt

export interface DecodeTokenOptions {
  /** default 2 MiB */
  readonly maxBytes?: number
}

/**
 * Reads a token. Its form is checked, its signature is not: see `verifySignature` and `authorise`. A receipt is an `Invocation` too.
 *
 * @throws UcanError `TOKEN_MALFORMED`, `TOKEN_NOT_CANONICAL`, `TOKEN_SIZE`, `TOKEN_VERSION`, `COMMAND_MALFORMED`, `POLICY_MALFORMED`, `RECEIPT_MALFORMED`
 */
export function decodeToken(bytes: Uint8Array, options: DecodeTokenOptions = {}): AnyToken {
  const envelope = open(bytes, options.maxBytes)
  if (envelope.kind === 'delegation') return new Delegation(envelope)
  return isReceipt(envelope) ? new Receipt(envelope) : new Invocation(envelope)
}
