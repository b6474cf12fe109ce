/**
 * UCAN 1.0.0: delegations, invocations and receipts, written, read and verified. It knows no engine and executes nothing.
 *
 * @packageDocumentation
 */
export { type Authorised, type AuthoriseOptions, authorise, type Proofs } from './authorise.js'
export { covers } from './command.js'
export type { KeyType } from './curve.js'
export { type AnyToken, type DecodeTokenOptions, decodeToken } from './decode.js'
export { type DelegateOptions, Delegation, type DelegationPayload, delegate, readDelegation } from './delegation.js'
export { UcanError, type UcanErrorCode } from './errors.js'
export { type Args, Invocation, type InvocationPayload, type InvokeOptions, invoke, readInvocation } from './invocation.js'
export { matches, type Policy, type Statement } from './policy.js'
export { type Effect, issueReceipt, RECEIPT_COMMAND, Receipt, type ReceiptOptions, type Result, readReceipt } from './receipt.js'
export { Replay } from './replay.js'
export { exportSigner, generateSigner, importSigner, type Signer, signerFrom } from './signer.js'
export { encodeTask, type Task, taskCid, taskOf } from './task.js'
export type { Principal } from './token.js'
export { type Verifier, verifierOf } from './verifier.js'
export { Verified, type VerifyOptions, verifySignature } from './verify.js'
