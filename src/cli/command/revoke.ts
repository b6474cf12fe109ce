/** `autocodec revoke`: takes delegations back. */
import type { Command } from 'commander'
import type { Delegation, Signer } from '../../ucan/index.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import type { Act } from '../program.js'
import { collect } from '../repeated.js'
import { type KeyOptions, type StateOptions, withKey, withState } from '../work-options.js'

interface RevokeOptions extends StateOptions, KeyOptions {
  readonly delegation?: readonly string[]
  readonly output?: string
}

const EXAMPLES = `
Examples:
  autocodec revoke for-bob.ucan -o no-more.ucan      of one's own delegation
  autocodec revoke no-more.ucan                      what somebody else has revoked is known here from now on`

export function revoke(program: Command, act: Act): void {
  const command = program
    .command('revoke')
    .description(
      "take delegations back, and have this machine's executor know it; or have it know the revocations in a file. Prints the CIDs of the delegations"
    )
    .argument('<file>', 'delegations of which some are yours, or revocations of anybody')
    .option('--delegation <cid>', 'which one: yours, or one that stands on yours; may be repeated. Default: all that you have signed', collect)
    .option('-o, --output <file>', 'where to write the revocation, for other executors')
  withKey(withState(command), 'that signs').addHelpText('after', EXAMPLES).action(act(run))
}

async function run(context: Context, file: string, options: RevokeOptions): Promise<void> {
  const [{ readTokens }, { keepRevocation }, { statePath }, { signerFor }, ucan] = await Promise.all([
    import('../token-file.js'),
    import('../revoked.js'),
    import('../settings.js'),
    import('../identity.js'),
    import('../../ucan/index.js')
  ])
  const state = statePath(options.state)
  if (state === 'memory' && options.output === undefined)
    throw new CliError('USAGE', EXIT.usage, '--state memory would forget the revocation: -o FILE writes it, or another --state DIR keeps it')
  const { invocations, delegations } = await readTokens(file)
  const given = invocations.filter(({ payload }) => payload.cmd === ucan.REVOKE_COMMAND)
  for (const revocation of given) {
    if (state !== 'memory') await keepRevocation(state, revocation, delegations)
    await context.out.line(String(ucan.readRevocation(revocation).revoke))
  }
  if (given.length > 0) return
  const issuer = await signerFor(context, options.key)
  const tokens: { readonly bytes: Uint8Array }[] = []
  for (const { delegation, chain } of await chosen(delegations, issuer, options.delegation)) {
    const revocation = await ucan.revoke({ issuer, delegation, path: chain })
    if (state !== 'memory') await keepRevocation(state, revocation, chain)
    tokens.push(revocation, ...chain)
    await context.out.line(String(delegation.cid))
  }
  if (options.output !== undefined) await (await import('../token-output.js')).writeTokens(context, tokens, options.output)
}

/** What is to be revoked, with what it stands on, root first. */
async function chosen(
  delegations: readonly Delegation[],
  { did }: Signer,
  cids: readonly string[] | undefined
): Promise<{ delegation: Delegation; chain: readonly Delegation[] }[]> {
  const [{ chainOf }, { mayRevoke }, { plain }] = await Promise.all([import('../chain.js'), import('../../ucan/index.js'), import('../text.js')])
  const wanted = delegations.filter(({ cid, payload }) => cids?.includes(String(cid)) ?? payload.iss === did)
  const absent = cids?.find((text) => !wanted.some(({ cid }) => String(cid) === text))
  if (absent !== undefined) throw new CliError('NOT_FOUND', EXIT.missing, `--delegation: ${plain(absent)} is not in the file, which has ${list(delegations)}`)
  if (wanted.length === 0)
    throw new CliError(
      'NO_PROOF',
      EXIT.denied,
      `nothing in the file is signed by ${did}: it has ${list(delegations)}; --key NAME takes another key, --delegation CID one that stands on yours`
    )
  return wanted.map((delegation) => {
    const { iss, sub, cmd } = delegation.payload
    const before = sub === null ? [] : (chainOf(delegations, { subject: sub, by: iss, command: cmd }, 0) ?? [])
    const chain = [...before, delegation]
    if (!mayRevoke(did, delegation.cid, chain))
      throw new CliError(
        'NO_PROOF',
        EXIT.denied,
        `${did} may not revoke ${delegation.cid}: it has signed neither that nor anything that it stands on; ${iss} has`
      )
    return { delegation, chain }
  })
}

function list(delegations: readonly Delegation[]): string {
  return delegations.length === 0
    ? 'no delegations'
    : delegations
        .slice(0, 4)
        .map(({ cid, payload }) => `${cid} by ${payload.iss}`)
        .join(', ')
}
