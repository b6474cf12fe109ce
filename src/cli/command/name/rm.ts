/** `autocodec name rm`: a name that leads nowhere any more. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import type { Act } from '../../program.js'
import { type StateOptions, withState } from '../../work-options.js'

export function rm(name: Command, act: Act): void {
  withState(name.command('rm').description('forget a name, and print the CID that it led to').argument('<name>', 'the name')).action(act(run))
}

async function run(context: Context, name: string, options: StateOptions): Promise<void> {
  const [{ Names }, { folderOf }, { plain }] = await Promise.all([import('../../names.js'), import('../../settings.js'), import('../../text.js')])
  const names = new Names(folderOf(options.state))
  const cid = await names.resolve(name)
  if (cid === undefined) throw new CliError('NOT_FOUND', EXIT.missing, `there is no name ${plain(name)}; "autocodec name ls" lists them`)
  await names.remove(name)
  await context.out.line(String(cid))
}
