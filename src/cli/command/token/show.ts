/** `autocodec token show`: what tokens say. */
import type { Command } from 'commander'
import type { AnyToken, Container } from '../../../ucan/index.js'
import type { Context } from '../../context.js'
import { EXIT, type Exit } from '../../exit.js'
import type { Act } from '../../program.js'

interface ShowOptions {
  readonly json?: boolean
}

export function show(token: Command, act: Act): void {
  token
    .command('show')
    .description(
      'show the tokens of a file: delegations, invocations and receipts, alone or in a container; whether they are signed as they say, and what they allow'
    )
    .argument('<file>', 'the file; - for standard input, which may be the text form')
    .option('--json', 'a line of DAG-JSON a token')
    .action(act(run))
}

async function run(context: Context, file: string, { json = false }: ShowOptions): Promise<Exit> {
  const [{ readTokens }, { tokenLines, tokenValue, row }, { jsonOf }, { verifySignature, UcanError }] = await Promise.all([
    import('../../token-file.js'),
    import('../../token-text.js'),
    import('../../dag-json.js'),
    import('../../../ucan/index.js')
  ])
  const { out } = context
  const host = await context.host()
  const container = await readTokens(file)
  let exit: Exit = EXIT.ok
  for (const [i, token] of container.tokens.entries()) {
    const fault = await verifySignature(token).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof UcanError) return error
        throw error
      }
    )
    if (fault !== undefined) exit = EXIT.data
    if (json) {
      await out.line(await jsonOf(host, { ...tokenValue(token), signed: fault === undefined }))
      continue
    }
    if (i > 0) await out.line('')
    for await (const line of tokenLines(host, token)) await out.line(line)
    const signature = row('signature', fault === undefined ? `right, ${token.type}` : `WRONG: ${fault.message}`)
    await out.line(fault === undefined ? signature : out.paint.red(signature))
    const allowed = await verdict(token, container)
    if (allowed !== undefined) await out.line(row('allowed', allowed))
  }
  return exit
}

/** Whether the proofs beside an invocation allow it, as far as that can be known without the executor. */
async function verdict(token: AnyToken, container: Container): Promise<string | undefined> {
  const { authorise, Invocation, Receipt, UcanError } = await import('../../../ucan/index.js')
  const { dateText } = await import('../../when.js')
  if (!(token instanceof Invocation) || token instanceof Receipt) return undefined
  try {
    const { chain, expiration } = await authorise(token, { proofs: container.delegation })
    const by = chain.length === 0 ? 'the issuer is the subject' : `by a chain of ${chain.length}`
    return `yes, ${by}${expiration === null ? '' : `, until ${dateText(expiration)}`}`
  } catch (error) {
    if (error instanceof UcanError) return `no: ${error.message}`
    throw error
  }
}
