/** `autocodec key ls`: the keys at hand. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'

export function ls(key: Command, act: Act): void {
  key.command('ls').description('list the private keys: name, kind and DID, in columns that tabs separate').action(act(run))
}

async function run(context: Context): Promise<void> {
  const { Keyring } = await import('../../keyring.js')
  const keys = new Keyring()
  for (const name of await keys.names()) {
    const { type, did } = await keys.get(name)
    await context.out.line([name, type, did].join('\t'))
  }
}
