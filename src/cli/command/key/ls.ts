/** `autocodec key ls`: the keys at hand. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { EXIT, type Exit, exitOf, worse } from '../../exit.js'
import type { Act } from '../../program.js'
import { plain } from '../../text.js'

export function ls(key: Command, act: Act): void {
  key.command('ls').description('list the private keys: name, kind and DID, in columns that tabs separate').action(act(run))
}

async function run(context: Context): Promise<Exit> {
  const { Keyring } = await import('../../keyring.js')
  const keys = new Keyring()
  let exit: Exit = EXIT.ok
  for (const name of await keys.names()) {
    try {
      const { type, did } = await keys.get(name)
      await context.out.line([name, type, did].join('\t'))
    } catch (error) {
      context.complain(`${name}: ${plain((error as Error).message)}`)
      exit = worse(exit, exitOf(error))
    }
  }
  return exit
}
