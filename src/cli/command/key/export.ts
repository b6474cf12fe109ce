/** `autocodec key export`: a private key, to be taken elsewhere. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import type { Act } from '../../program.js'

interface ExportOptions {
  readonly output?: string
  readonly force?: boolean
}

export function export_(key: Command, act: Act): void {
  key
    .command('export')
    .description('write a private key as a line of text: whoever has it can sign in its name')
    .argument('<name>', 'its name')
    .option('-o, --output <file>', 'where to write it, with mode 0600; default standard output')
    .option('--force', 'also to a terminal')
    .action(act(run))
}

async function run({ out }: Context, name: string, { output, force = false }: ExportOptions): Promise<void> {
  const { Keyring, secretText } = await import('../../keyring.js')
  const text = `${secretText(await new Keyring().get(name))}\n`
  if (output !== undefined) {
    const { writeSafely } = await import('../../whole-file.js')
    return writeSafely(output, text, 0o600)
  }
  if (out.isTerminal && !force)
    throw new CliError('TERMINAL', EXIT.usage, 'a private key is not for the screen: write it to a file with -o FILE, or give --force')
  await out.write(text)
}
