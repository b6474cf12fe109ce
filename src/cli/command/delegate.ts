/** `autocodec delegate`: somebody else may do something from now on. */
import type { Command } from 'commander'
import type { Policy } from '../../ucan/index.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import type { Act } from '../program.js'
import { collect } from '../repeated.js'
import { type KeyOptions, withKey } from '../work-options.js'

interface DelegateOptions extends KeyOptions {
  readonly to: string
  readonly command: string
  readonly subject: string
  readonly policy?: string
  readonly expires: string
  readonly notBefore?: string
  readonly proof?: readonly string[]
  readonly output?: string
}

const EXAMPLES = `
Examples:
  autocodec delegate --to did:key:z6Mk… --command /wasm/run --expires 30d -o for-bob.ucan
  autocodec delegate --to carol --command /wasm/run --policy '[["==",".fun","count"]]' --subject did:key:z6Mk… --proof for-bob.ucan

A policy is a list of statements about the arguments of what is done: for /wasm/run these are mod, fun, params and inputs.`

export function delegate(program: Command, act: Act): void {
  const command = program
    .command('delegate')
    .description('sign a delegation: somebody may have a command done, of a subject, for a time. Writes a container with it and the chain that it stands on')
    .requiredOption('--to <did>', 'who may: a DID, or the name of a key of yours')
    .requiredOption('--command <command>', 'what: /wasm/run, or /wasm for all below it; / is everything')
    .option('--subject <did>', 'of whom it may be asked: a DID, self, or any, which is whatever one has been or will be given', 'self')
    .option('--policy <json>', 'what the arguments must be, as DAG-JSON, or a file with it')
    .option('--expires <when>', 'a span such as 1h or 30d, a date, or never', '24h')
    .option('--not-before <when>', 'from when on: a span or a date')
    .option('--proof <file>', 'delegations that give one the right; may be repeated', collect)
    .option('-o, --output <file>', 'where to write it; default standard output, as text')
  withKey(command, 'that signs').addHelpText('after', EXAMPLES).action(act(run))
}

async function run(context: Context, options: DelegateOptions): Promise<void> {
  const [{ signerFor, didFor }, { readProofs }, { needChain }, { whenOf, dateText }, { writeTokens }, ucan] = await Promise.all([
    import('../identity.js'),
    import('../token-file.js'),
    import('../chain.js'),
    import('../when.js'),
    import('../token-output.js'),
    import('../../ucan/index.js')
  ])
  const expiration = whenOf(options.expires, '--expires')
  if (expiration !== null && expiration <= Date.now() / 1000)
    throw new CliError('USAGE', EXIT.usage, `--expires: got ${dateText(expiration)}, which has passed`)
  const notBefore = options.notBefore === undefined ? undefined : whenOf(options.notBefore, '--not-before')
  if (notBefore === null) throw new CliError('USAGE', EXIT.usage, '--not-before: got never, expected a span or a date')
  if (notBefore !== undefined && expiration !== null && notBefore >= expiration)
    throw new CliError('USAGE', EXIT.usage, `--not-before: got ${dateText(notBefore)}, expected a time before it expires, ${dateText(expiration)}`)
  const policy = options.policy === undefined ? [] : await (await import('../dag-json.js')).readValue(await context.host(), options.policy, '--policy')
  const audience = await didFor(context, options.to, '--to')
  const issuer = await signerFor(context, options.key)
  const proofs = await readProofs(options.proof)
  const subject = options.subject === 'any' ? null : options.subject === 'self' ? issuer.did : await didFor(context, options.subject, '--subject')
  const delegation = await ucan.delegate({ issuer, audience, subject, command: options.command, policy: policy as Policy, expiration, notBefore })
  // what nobody would accept is not handed out
  const chain = subject === null ? proofs : needChain(proofs, { subject, by: issuer.did, command: options.command })
  await writeTokens(context, [...chain, delegation], options.output)
  if (options.output !== undefined) await context.out.line(String(delegation.cid))
  context.complain(
    `${audience} may ask ${subject ?? 'any subject that one has a delegation of'} for ${options.command} until ${expiration === null ? 'it is revoked' : dateText(expiration)}`
  )
}
