/** `autocodec name set`: a name that leads somewhere from now on, without a function that publishes it. */
import type { Command } from 'commander'
import { parseCid } from '../../codec-name.js'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import type { Act } from '../../program.js'
import { plain } from '../../text.js'
import { type StateOptions, withState } from '../../work-options.js'

/** as `/name/resolve` takes them */
const MAX_NAME = 1024

export function set(name: Command, act: Act): void {
  withState(name.command('set').description('have a name lead to a CID').argument('<name>', 'the name').argument('<cid>', 'where to')).action(act(run))
}

async function run(_context: Context, name: string, text: string, options: StateOptions): Promise<void> {
  const [{ Names }, { folderOf }] = await Promise.all([import('../../names.js'), import('../../settings.js')])
  const cid = parseCid(text)
  if (cid === undefined) throw new CliError('USAGE', EXIT.usage, `${plain(text)} is not a CID`)
  if (name === '' || name.length > MAX_NAME) throw new CliError('USAGE', EXIT.usage, `a name of ${name.length} characters, expected 1 to ${MAX_NAME}`)
  await new Names(folderOf(options.state)).publish(name, cid)
}
