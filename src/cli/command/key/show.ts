/** `autocodec key show`: the DID of a key. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'

export function show(key: Command, act: Act): void {
  key
    .command('show')
    .description('print the DID of a key, which is what others need of it')
    .argument('[name]', 'its name; without one the default key, which is made if there is none')
    .action(act(run))
}

async function run(context: Context, name: string | undefined): Promise<void> {
  const { signerFor } = await import('../../identity.js')
  await context.out.line((await signerFor(context, name)).did)
}
