/** Tokens for people: a field a line. */
import type { Host } from '../codec/index.js'
import { type AnyToken, Delegation, Receipt, taskCid, taskOf } from '../ucan/index.js'
import { jsonOf } from './dag-json.js'
import { effectText, errorText, factsIn } from './outcome.js'
import { figure, hex, plain, shorten, size } from './text.js'
import { dateText } from './when.js'

/** characters of a value */
const LONGEST = 2000

export function kindOf(token: AnyToken): 'delegation' | 'invocation' | 'receipt' {
  return token instanceof Delegation ? 'delegation' : token instanceof Receipt ? 'receipt' : 'invocation'
}

export async function* tokenLines(host: Host, token: AnyToken): AsyncGenerator<string> {
  yield row(kindOf(token), String(token.cid))
  const fields = token instanceof Delegation ? ofDelegation(host, token) : token instanceof Receipt ? ofReceipt(host, token) : ofInvocation(host, token)
  for await (const [name, value] of fields) yield row(name, value)
}

/** All that a token says, for machines. */
export function tokenValue(token: AnyToken): Record<string, unknown> {
  const { cid, version, type, payload, signature } = token
  return { kind: kindOf(token), cid, version, type, signature, payload: { ...payload } }
}

export function row(name: string, value: string): string {
  return `${name.padEnd(13)}${plain(value)}`
}

type Rows = AsyncGenerator<[string, string]>

async function* ofDelegation(host: Host, { payload: { iss, aud, sub, cmd, pol, nbf, exp, meta } }: Delegation): Rows {
  yield ['issuer', iss]
  yield ['audience', aud]
  yield ['subject', sub ?? 'any that the issuer has been given']
  yield ['command', cmd]
  if (pol.length > 0) yield ['policy', await json(host, pol)]
  if (nbf !== undefined) yield ['not before', dateText(nbf)]
  yield ['expires', dateText(exp)]
  if (meta !== undefined) yield ['meta', await json(host, meta)]
}

async function* ofInvocation(host: Host, invocation: Exclude<AnyToken, Delegation>): Rows {
  const { iss, sub, aud, cmd, args, prf, nonce, nbf, exp, iat, cause, meta } = invocation.payload
  yield ['task', String(taskCid(taskOf(invocation)))]
  yield ['issuer', iss]
  yield ['subject', sub]
  if (aud !== undefined) yield ['audience', aud]
  yield ['command', cmd]
  yield ['arguments', await json(host, args)]
  if (nonce.length > 0) yield ['nonce', hex(nonce)]
  for (const proof of prf) yield ['proof', String(proof)]
  if (nbf !== undefined) yield ['not before', dateText(nbf)]
  yield ['expires', dateText(exp)]
  if (iat !== undefined) yield ['issued', dateText(iat)]
  if (cause !== undefined) yield ['cause', String(cause)]
  if (meta !== undefined) yield ['meta', await json(host, meta)]
}

async function* ofReceipt(host: Host, receipt: Receipt): Rows {
  const { iat, exp, cause } = receipt.payload
  const { out, run } = receipt
  const facts = factsIn(receipt)
  yield ['task', String(receipt.ran)]
  yield ['executor', receipt.executor]
  if (iat !== undefined) yield ['issued', dateText(iat)]
  if (exp !== null) yield ['expires', dateText(exp)]
  if (facts === undefined)
    yield ['meta', receipt.payload.meta === undefined ? 'none: it does not say which task it is of' : await json(host, receipt.payload.meta)]
  else {
    const { cmd, args, sub } = facts.task
    yield ['subject', sub]
    yield ['command', cmd]
    yield ['arguments', await json(host, args)]
  }
  if ('ok' in out) yield ['result', await json(host, out.ok)]
  else yield ['error', errorText(out.error)]
  if (facts?.fuel !== undefined) yield ['fuel', figure(Number(facts.fuel))]
  if (facts?.memory !== undefined) yield ['memory', size(Number(facts.memory))]
  for (const [name, { cmd, value }] of Object.entries(facts?.inputs ?? {})) yield ['input', `${name}, ${cmd}: ${await json(host, value)}`]
  for (const effect of facts?.effects ?? []) yield ['effect', `${effect.cmd} ${await json(host, effect.args)}: ${effectText(effect)}`]
  for (const effect of run) yield ['queued', `${effect.cmd} ${await json(host, effect.args)}`]
  if (cause !== undefined) yield ['cause', String(cause)]
}

async function json(host: Host, value: unknown): Promise<string> {
  return shorten(await jsonOf(host, value), LONGEST)
}
