/** `autocodec name get`: what a name leads to. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import type { Act } from '../../program.js'
import { type StateOptions, withState } from '../../work-options.js'

export function get(name: Command, act: Act): void {
  withState(name.command('get').description('print the CID that a name leads to').argument('<name>', 'the name')).action(act(run))
}

async function run(context: Context, name: string, options: StateOptions): Promise<void> {
  const [{ Names }, { folderOf }, { plain }] = await Promise.all([import('../../names.js'), import('../../settings.js'), import('../../text.js')])
  const cid = await new Names(folderOf(options.state)).resolve(name)
  if (cid === undefined) throw new CliError('NOT_FOUND', EXIT.missing, `there is no name ${plain(name)}; "autocodec name ls" lists them`)
  await context.out.line(String(cid))
}
