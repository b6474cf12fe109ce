/** `autocodec receipt rerun`: the task once more, and whether it comes to what the receipt says. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { CliError, EXIT, type Exit } from '../../exit.js'
import type { Act } from '../../program.js'
import { type LimitOptions, type StateOptions, withLimits, withState } from '../../work-options.js'

interface RerunOptions extends StateOptions, LimitOptions {
  readonly json?: boolean
}

export function rerun(receipt: Command, act: Act): void {
  withState(
    withLimits(
      receipt
        .command('rerun')
        .description(
          'run the task of a receipt again, with what was observed then, and compare result, fuel, memory and effects bit for bit. Nothing outside happens, and nobody needs to be trusted'
        )
        .argument('<receipt>', 'a file, or the CID of a task or of a receipt')
        .option('--json', 'the comparison as one line of DAG-JSON')
    )
  ).action(act(run))
}

async function run(context: Context, which: string, options: RerunOptions): Promise<Exit> {
  const [{ findReceipt }, { openWorkplace, openExecutor, limitsOf }, { jsonOf }, { interruption }, { figure, plain, size }, { errorText, factsIn, isAbsence }] =
    await Promise.all([
      import('../../receipts.js'),
      import('../../executor.js'),
      import('../../dag-json.js'),
      import('../../ending.js'),
      import('../../text.js'),
      import('../../outcome.js')
    ])
  const { out } = context
  const limits = limitsOf(context.takeLimits(), options)
  const place = await openWorkplace(context, options)
  const receipt = await findReceipt(which, async () => place.engine)
  // what says nothing of its task is told by the executor
  if (receipt.payload.meta?.task !== undefined && factsIn(receipt) === undefined)
    throw new CliError('NOT_HELD', EXIT.different, `receipt ${receipt.cid} does not hold: its meta is not what an executor writes, or is of another task`)
  const { executor } = await openExecutor(context, place, { anonymous: true })
  const { same, differences, facts } = await executor.rerun(receipt, { signal: interruption(), limits })
  // what was not done here says nothing of the receipt
  const undone = differences.some(({ what, rerun }) => what === 'final' && rerun === false) ? differences.find(({ what }) => what === 'out') : undefined
  if (undone !== undefined) {
    const { error } = undone.rerun as { error?: unknown }
    const absent = isAbsence(error)
    context.complain(`receipt ${receipt.cid} was not compared: ${errorText(error)}${absent ? `; ${(await context.places()).advice}` : ''}`)
    return absent ? EXIT.missing : EXIT.failure
  }
  if (options.json === true) {
    // what one of them does not say is null, since DAG-JSON has no undefined
    const told = differences.map(({ what, receipt, rerun }) => ({ what, receipt: receipt ?? null, rerun: rerun ?? null }))
    await out.line(await jsonOf(place.host, { receipt: receipt.cid, task: receipt.ran, same, differences: told }))
  } else if (same) {
    const figures = [facts.fuel === undefined ? [] : `${figure(facts.fuel)} fuel`, facts.memory === undefined ? [] : `${size(facts.memory)} of memory`].flat()
    await out.line(`same       ${['result', ...figures].join(', ')}`)
  } else {
    for (const { what, receipt, rerun } of differences) {
      await out.line(`${out.paint.red(what.padEnd(9))}  receipt  ${plain(await jsonOf(place.host, receipt ?? null))}`)
      await out.line(`           rerun    ${plain(await jsonOf(place.host, rerun ?? null))}`)
    }
  }
  if (!same) context.complain(`receipt ${receipt.cid} does not say what the task comes to`)
  return same ? EXIT.ok : EXIT.different
}
