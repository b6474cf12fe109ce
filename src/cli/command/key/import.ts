/** `autocodec key import`: a private key from elsewhere. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { nameOf, readInput } from '../../input.js'
import type { Act } from '../../program.js'

export function import_(key: Command, act: Act): void {
  key
    .command('import')
    .description('keep a private key that "key export" has written, and print the DID of its public one')
    .argument('<name>', 'what to call it')
    .argument('<file>', 'the key; - for standard input')
    .action(act(run))
}

async function run(context: Context, name: string, file: string): Promise<void> {
  const { Keyring, signerOf } = await import('../../keyring.js')
  const signer = await signerOf(new TextDecoder().decode(await readInput(file)), nameOf(file))
  await new Keyring().add(name, signer)
  await context.out.line(signer.did)
}
