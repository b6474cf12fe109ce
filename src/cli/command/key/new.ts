/** `autocodec key new`: a private key of one's own. */
import type { Command } from 'commander'
import type { KeyType } from '../../../ucan/index.js'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import type { Act } from '../../program.js'
import { plain } from '../../text.js'

interface NewOptions {
  readonly type: string
}

const DEFAULT = 'default'

export function create(key: Command, act: Act): void {
  key
    .command('new')
    .description('make a private key, keep it in the folder of keys, and print the DID of its public one')
    .argument('[name]', `what to call it; default ${DEFAULT}, which is the key that commands take where --key names none`)
    .option('--type <t>', 'Ed25519, P-256 or secp256k1', 'Ed25519')
    .action(act(run))
}

async function run(context: Context, name: string | undefined, { type }: NewOptions): Promise<void> {
  const { KEY_TYPES, Keyring } = await import('../../keyring.js')
  const { generateSigner } = await import('../../../ucan/index.js')
  const kind = KEY_TYPES.find((each) => each.toLowerCase() === type.toLowerCase())
  if (kind === undefined) throw new CliError('USAGE', EXIT.usage, `--type: got ${plain(type)}, expected one of ${KEY_TYPES.join(', ')}`)
  const signer = await generateSigner(kind satisfies KeyType)
  await new Keyring().add(name ?? DEFAULT, signer)
  await context.out.line(signer.did)
}
