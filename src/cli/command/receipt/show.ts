/** `autocodec receipt show`: what a receipt says. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'
import { type StateOptions, withState } from '../../work-options.js'

interface ShowOptions extends StateOptions {
  readonly json?: boolean
}

export function show(receipt: Command, act: Act): void {
  withState(
    receipt
      .command('show')
      .description('show what a receipt says; it verifies nothing')
      .argument('<receipt>', 'a file, or the CID of a task or of a receipt')
      .option('--json', 'all of it as one line of DAG-JSON')
  ).action(act(run))
}

async function run(context: Context, which: string, options: ShowOptions): Promise<void> {
  const [{ findReceipt }, { openWorkplace }, { tokenLines, tokenValue }, { jsonOf }] = await Promise.all([
    import('../../receipts.js'),
    import('../../executor.js'),
    import('../../token-text.js'),
    import('../../dag-json.js')
  ])
  const receipt = await findReceipt(which, async () => (await openWorkplace(context, options)).engine)
  const host = await context.host()
  if (options.json === true) return context.out.line(await jsonOf(host, tokenValue(receipt)))
  for await (const line of tokenLines(host, receipt)) await context.out.line(line)
}
