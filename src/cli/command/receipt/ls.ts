/** `autocodec receipt ls`: the tasks that this machine has done. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { EXIT, type Exit } from '../../exit.js'
import type { Act } from '../../program.js'
import { type StateOptions, withState } from '../../work-options.js'

export function ls(receipt: Command, act: Act): void {
  withState(
    receipt
      .command('ls')
      .description('list the receipts that are kept: task, receipt, ok or error, when, and command with function, in columns that tabs separate')
  ).action(act(run))
}

async function run(context: Context, options: StateOptions): Promise<Exit> {
  const [{ allReceipts }, { openWorkplace }, { factsIn }, { dateText }, { plain }] = await Promise.all([
    import('../../receipts.js'),
    import('../../executor.js'),
    import('../../outcome.js'),
    import('../../when.js'),
    import('../../text.js')
  ])
  const { engine } = await openWorkplace(context, options)
  let exit: Exit = EXIT.ok
  for await (const found of allReceipts(engine)) {
    if ('fault' in found) {
      context.complain(`${found.task}: ${plain(found.fault.message)}`)
      exit = EXIT.data
      continue
    }
    const { task, receipt } = found
    const { cmd = '', args = {} } = factsIn(receipt)?.task ?? {}
    const what = typeof args.fun === 'string' ? `${cmd} ${args.fun}` : cmd
    const { iat } = receipt.payload
    await context.out.line([task, receipt.cid, 'ok' in receipt.out ? 'ok' : 'error', iat === undefined ? '' : dateText(iat), plain(what)].join('\t'))
  }
  return exit
}
