/** `autocodec key rm`: a key that is given up. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import type { Act } from '../../program.js'
import { plain } from '../../text.js'

interface RmOptions {
  readonly force?: boolean
}

export function rm(key: Command, act: Act): void {
  key
    .command('rm')
    .description('delete a private key, for good: nobody can sign with it, or revoke what it has signed, any more')
    .argument('<name>', 'its name')
    .option('--force', 'without being asked to repeat it')
    .action(act(run))
}

async function run(context: Context, name: string, { force = false }: RmOptions): Promise<void> {
  const { Keyring } = await import('../../keyring.js')
  const keys = new Keyring()
  const { did } = await keys.get(name)
  if (!force && !(await repeated(name, did))) throw new CliError('USAGE', EXIT.usage, `${plain(name)} was not deleted: --force does it without asking`)
  await keys.remove(name)
  await context.out.line([name, did].join('\t'))
}

/** Whether somebody at the terminal has written the name again. */
async function repeated(name: string, did: string): Promise<boolean> {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return false
  const { createInterface } = await import('node:readline/promises')
  const prompt = createInterface({ input: stdin, output: stderr })
  try {
    return (await prompt.question(`${did} cannot be made again. Write ${name} to delete it: `)).trim() === name
  } finally {
    prompt.close()
  }
}
