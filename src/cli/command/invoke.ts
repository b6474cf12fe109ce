/** `autocodec invoke`: asks somebody else's executor for a run of a function, by right. */
import type { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import type { Delegation } from '../../ucan/index.js'
import { type CallOptions, withCall } from '../call-options.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import type { Act } from '../program.js'
import { collect } from '../repeated.js'
import { type KeyOptions, type LimitOptions, type StateOptions, withKey, withLimits, withState } from '../work-options.js'

interface InvokeOptions extends CallOptions, StateOptions, KeyOptions, LimitOptions {
  readonly on: string
  readonly subject?: string
  readonly proof?: readonly string[]
  readonly expires: string
  readonly carOut?: string
  readonly output?: string
}

const RUN = '/wasm/run'
const EXAMPLES = `
Examples:
  autocodec invoke word-count --on did:key:z6Mk… --proof for-bob.ucan --args '{"file":{"/":"bafy…"}}' -o ask.ucan
  autocodec invoke ./mine.wasm --on did:key:z6Mk… --proof for-bob.ucan --file file=big.txt --car-out big.car -o ask.ucan

Whoever has that DID does it with: autocodec run --invocation ask.ucan --car big.car`

export function invoke(program: Command, act: Act): void {
  const command = program
    .command('invoke')
    .description("sign an invocation of a function on somebody's executor, and write it with its proofs; print the CID of the task")
    .argument('<function>', 'a module: the CID, the name of one that is shipped, or a FILE.wasm')
    .requiredOption('--on <did>', 'whose executor is to do it: a DID, or the name of a key of yours')
    .option('--subject <did>', 'of whom it is asked, if not of the executor itself')
    .option('--proof <file>', 'delegations that allow it; may be repeated', collect)
    .option('--expires <when>', 'a span such as 1h, a date, or never', '24h')
    .option('--car-out <file>', 'write the module, unless it is shipped, and the blocks of --file as a CAR, for the executor')
    .option('-o, --output <file>', 'where to write it; default standard output, as text')
  withKey(withState(withLimits(withCall(command))), 'that signs')
    .addHelpText('after', EXAMPLES)
    .action(act(run))
}

async function run(context: Context, which: string, options: InvokeOptions): Promise<void> {
  const [
    { signerFor, didFor },
    { readProofs },
    { needChain, chainOf },
    { whenOf, dateText },
    { writeTokens },
    { openWorkplace, limitsOf },
    { readCall },
    ucan,
    { callArgs }
  ] = await Promise.all([
    import('../identity.js'),
    import('../token-file.js'),
    import('../chain.js'),
    import('../when.js'),
    import('../token-output.js'),
    import('../executor.js'),
    import('../call.js'),
    import('../../ucan/index.js'),
    import('../../scheduler/index.js')
  ])
  const expiration = whenOf(options.expires, '--expires')
  if (expiration !== null && expiration <= Date.now() / 1000)
    throw new CliError('USAGE', EXIT.usage, `--expires: got ${dateText(expiration)}, which has passed`)
  const limits = limitsOf(context.takeLimits(), options)
  const audience = await didFor(context, options.on, '--on')
  const subject = options.subject === undefined ? audience : await didFor(context, options.subject, '--subject')
  const issuer = await signerFor(context, options.key)
  const proofs = await readProofs(options.proof)
  const chain = needChain(proofs, { subject, by: issuer.did, command: RUN })
  const place = await openWorkplace(context, options)
  const { module, mod, fun, params, inputs, nonce, blocks } = await readCall(which, options, place.host, place.engine, place.get)

  // what the function asks of the world is allowed by chains of their own
  const others = new Map<string, Delegation[]>()
  const commands = new Set([
    ...Object.values(inputs).map(({ cmd }) => cmd),
    ...proofs.map(({ payload }) => payload.cmd).filter((cmd) => !ucan.covers(cmd, RUN))
  ])
  for (const command of commands) {
    const other = chainOf(proofs, { subject, by: issuer.did, command })
    if (other !== undefined && other.length > 0) others.set(command, other)
  }
  const meta: Record<string, unknown> = {}
  if (Object.keys(limits).length > 0) meta.limits = limits
  if (others.size > 0) meta.proofs = Object.fromEntries([...others].map(([command, links]) => [command, links.map(({ cid }) => cid)]))

  const invocation = await ucan.invoke({
    issuer,
    subject,
    audience: subject === audience ? undefined : audience,
    command: RUN,
    args: callArgs({ mod, fun, params, inputs }),
    proofs: chain,
    nonce,
    expiration,
    meta: Object.keys(meta).length === 0 ? undefined : meta
  })
  // what will be refused there is told here
  await ucan.authorise(invocation, { audience, proofs: chain })
  await writeTokens(context, [invocation, ...chain, ...[...others.values()].flat()], options.output)
  if (options.carOut !== undefined) {
    const { writeCarOf } = await import('../result-blocks.js')
    await writeCarOf(context, options.carOut, blocks as CID[], place)
  }
  if (options.output !== undefined) await context.out.line(String(ucan.taskCid(ucan.taskOf(invocation))))
  const left = [...(module.shipped ? [] : ['the module']), ...((options.file ?? []).length === 0 ? [] : ['the blocks of --file'])]
  if (left.length > 0 && options.carOut === undefined) context.complain(`the executor needs ${left.join(' and ')}: --car-out FILE.car writes them`)
}
