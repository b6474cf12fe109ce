/** A chain of delegations among many: from the subject to whoever wants to act. */

import { principal } from '../ucan/did.js'
import { covers, type Delegation } from '../ucan/index.js'
import { CliError, EXIT } from './exit.js'
import { dateText } from './when.js'

export interface Wanted {
  readonly subject: string
  /** who acts */
  readonly by: string
  readonly command: string
}

const MAX_CHAIN = 64

/** The shortest chain, root first; empty where the subject acts itself. What has expired is no part of it. Whether arguments are allowed is not looked at. */
export function chainOf(delegations: readonly Delegation[], { subject, by, command }: Wanted, now = Math.floor(Date.now() / 1000)): Delegation[] | undefined {
  if (principal(subject) === principal(by)) return []
  const usable = delegations.filter(
    ({ payload: { sub, cmd, exp } }) => (sub === null || principal(sub) === principal(subject)) && covers(cmd, command) && (exp === null || exp >= now)
  )
  // back from who acts, breadth first, so that each issuer is come to once
  const reached = new Set([principal(by)])
  let ends: Delegation[][] = [[]]
  for (let length = 0; length < MAX_CHAIN && ends.length > 0; length++) {
    const next: Delegation[][] = []
    for (const chain of ends) {
      const audience = chain[0]?.payload.iss ?? by
      for (const delegation of usable) {
        const { iss, aud, sub } = delegation.payload
        if (principal(aud) !== principal(audience)) continue
        const longer = [delegation, ...chain]
        // the root is about its own issuer
        if (principal(iss) === principal(subject) && sub !== null) return longer
        if (reached.has(principal(iss))) continue
        reached.add(principal(iss))
        next.push(longer)
      }
    }
    ends = next
  }
  return undefined
}

/** @throws CliError `NO_PROOF` that says what there was */
export function needChain(delegations: readonly Delegation[], wanted: Wanted): Delegation[] {
  const chain = chainOf(delegations, wanted)
  if (chain !== undefined) return chain
  const found = delegations
    .slice(0, 4)
    .map(
      ({ payload: { iss, aud, sub, cmd, exp } }) => `${cmd} of ${sub ?? 'any subject'} from ${iss} to ${aud}${exp === null ? '' : ` until ${dateText(exp)}`}`
    )
  const what =
    delegations.length === 0 ? 'no delegation was given: --proof FILE gives some' : `there is ${found.join('; ')}${delegations.length > 4 ? '; and more' : ''}`
  throw new CliError('NO_PROOF', EXIT.denied, `no chain of delegations leads from ${wanted.subject} to ${wanted.by} for ${wanted.command}; ${what}`)
}
