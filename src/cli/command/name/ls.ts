/** `autocodec name ls`: the names of this machine. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { EXIT, type Exit, exitOf, worse } from '../../exit.js'
import type { Act } from '../../program.js'
import { type StateOptions, withState } from '../../work-options.js'

export function ls(name: Command, act: Act): void {
  withState(
    name.command('ls').description('list the names: name, the CID that it leads to, and the task that has published it, in columns that tabs separate')
  ).action(act(run))
}

async function run(context: Context, options: StateOptions): Promise<Exit> {
  const [{ Names }, { folderOf }, { plain }] = await Promise.all([import('../../names.js'), import('../../settings.js'), import('../../text.js')])
  let exit: Exit = EXIT.ok
  for await (const found of new Names(folderOf(options.state)).all()) {
    if (found instanceof Error) {
      context.complain(plain(found.message))
      exit = worse(exit, exitOf(found))
    } else await context.out.line([plain(found.name), found.cid, found.task ?? ''].join('\t'))
  }
  return exit
}
