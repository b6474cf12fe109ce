/** `autocodec receipt verify`: whether somebody has signed what a receipt says. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import type { Act } from '../../program.js'
import { collect } from '../../repeated.js'
import { type StateOptions, withState } from '../../work-options.js'

interface VerifyOptions extends StateOptions {
  readonly issuer?: readonly string[]
  readonly task?: string
}

export function verify(receipt: Command, act: Act): void {
  withState(
    receipt
      .command('verify')
      .description(
        'check a receipt: the signature, that it is by the executor that it names, and that its task is the one it says. "rerun" needs no trust at all'
      )
      .argument('<receipt>', 'a file, or the CID of a task or of a receipt')
      .option('--issuer <did>', 'who is trusted, as a DID or the name of a key of yours; may be repeated', collect)
      .option('--task <cid>', 'the task that it should be of')
  ).action(act(run))
}

async function run(context: Context, which: string, options: VerifyOptions): Promise<void> {
  const [{ findReceipt }, { openWorkplace }, { didFor }, { factsOf, ExecutorError }, { authorise, UcanError }, { parseCid }, { plain }] = await Promise.all([
    import('../../receipts.js'),
    import('../../executor.js'),
    import('../../identity.js'),
    import('../../../scheduler/index.js'),
    import('../../../ucan/index.js'),
    import('../../codec-name.js'),
    import('../../text.js')
  ])
  const { out } = context
  const trusted: string[] = []
  for (const text of options.issuer ?? []) trusted.push(await didFor(context, text, '--issuer'))
  const task = options.task === undefined ? undefined : parseCid(options.task)
  if (options.task !== undefined && task === undefined) throw new CliError('USAGE', EXIT.usage, `--task: ${plain(options.task)} is not a CID`)
  const receipt = await findReceipt(which, async () => (await openWorkplace(context, options)).engine)
  const fault = (what: string, cause?: unknown): CliError =>
    new CliError('NOT_HELD', EXIT.different, `receipt ${receipt.cid} does not hold: ${what}`, { cause })

  try {
    // signed by the executor that it is about, and not expired
    await authorise(receipt)
  } catch (error) {
    if (error instanceof UcanError) throw fault(plain(error.message), error)
    throw error
  }
  await out.line(`signature  right, ${receipt.type}, of ${receipt.payload.iss}`)
  if (trusted.length > 0 && !trusted.includes(receipt.executor)) throw fault(`it is by ${receipt.executor}, expected ${trusted.join(' or ')}`)
  await out.line(`executor   ${trusted.length > 0 ? 'trusted' : 'nothing to compare with; --issuer DID says who is trusted'}`)
  if (task !== undefined && !task.equals(receipt.ran)) throw fault(`it is of task ${receipt.ran}, expected ${task}`)
  try {
    const { task: said } = factsOf(receipt)
    await out.line(`task       ${receipt.ran}, ${plain(said.cmd)}${typeof said.args.fun === 'string' ? ` ${plain(said.args.fun)}` : ''}`)
  } catch (error) {
    if (!(error instanceof ExecutorError)) throw error
    if (receipt.payload.meta?.task !== undefined) throw fault(plain(error.message), error)
    await out.line(`task       ${receipt.ran}; the receipt does not say more of it`)
  }
}
