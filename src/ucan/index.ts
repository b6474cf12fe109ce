/**
 * UCAN 1.0.0: delegations, invocations and receipts, written, read and verified. It knows no engine and executes nothing.
 *
 * @example
 * ```ts
 * import { authorise, delegate, generateSigner, invoke, issueReceipt, taskCid, taskOf } from 'autocodec/ucan'
 *
 * const [alice, bob] = [await generateSigner(), await generateSigner('P-256')]
 * const delegation = await delegate({ issuer: alice, audience: bob, subject: alice, command: '/wasm', expiration: null })
 * const invocation = await invoke({ issuer: bob, subject: alice, command: '/wasm/run', args: { n: 1 }, proofs: [delegation] })
 *
 * await authorise(invocation, { proofs: [delegation], audience: alice })
 * const receipt = await issueReceipt({ issuer: alice, ran: taskCid(taskOf(invocation)), out: { ok: 42 } })
 * ```
 *
 * @packageDocumentation
 */
export { type Authorised, type AuthoriseOptions, authorise, authoriseClaim, type Claim, type Proofs } from './authorise.js'
export { type Await, type AwaitFault, type AwaitOptions, awaitsIn, type Branch, type Fulfilled, fulfil, type Settled } from './await.js'
export { covers } from './command.js'
export { Container, type ReadContainerOptions, readContainer, type WriteContainerOptions, writeContainer } from './container.js'
export type { KeyType } from './curve.js'
export { type AnyToken, type DecodeTokenOptions, decodeToken } from './decode.js'
export { type DelegateOptions, Delegation, type DelegationPayload, delegate, readDelegation } from './delegation.js'
export { UcanError, type UcanErrorCode } from './errors.js'
export { type Args, Invocation, type InvocationPayload, type InvokeOptions, invoke, readInvocation } from './invocation.js'
export { matches, type Policy, type Statement } from './policy.js'
export { type Effect, issueReceipt, RECEIPT_COMMAND, Receipt, type ReceiptOptions, type Result, readReceipt } from './receipt.js'
export { Replay } from './replay.js'
export { mayRevoke, REVOKE_COMMAND, type Revocation, Revocations, type RevokeOptions, readRevocation, revoke } from './revocation.js'
export { exportSigner, generateSigner, importSigner, type Signer, signerFrom } from './signer.js'
export { encodeTask, type Task, taskCid, taskOf } from './task.js'
export type { Principal } from './token.js'
export { type Verifier, verifierOf } from './verifier.js'
export { Verified, type VerifyOptions, verifySignature } from './verify.js'
