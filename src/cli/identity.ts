/** Who the user is, and whom he names. */
import type { Signer } from '../ucan/index.js'
import type { Context } from './context.js'
import { CliError, EXIT } from './exit.js'
import { DEFAULT_KEY, Keyring } from './keyring.js'
import { plain } from './text.js'

/** The key of a name, or the default one, which is made at first need. */
export function signerFor(context: Context, name: string = DEFAULT_KEY): Promise<Signer> {
  return new Keyring().need(name, ({ did }, file) => context.complain(`made a key, ${did}, in ${plain(file)}`))
}

/** A DID, or that of a key by its name. @param option for the message */
export async function didFor(context: Context, text: string, option: string): Promise<string> {
  if (text.startsWith('did:')) {
    const { isDid, isDidKey, principal } = await import('../ucan/did.js')
    if (!isDid(text)) throw new CliError('USAGE', EXIT.usage, `${option}: ${plain(text)} is no DID`)
    // a did:key is its key: a slip in typing is found here, and not when nobody can use what was given to it
    if (isDidKey(text)) await checkKey(principal(text), option)
    return text
  }
  if (text === DEFAULT_KEY) return (await signerFor(context)).did
  const found = await new Keyring().find(text)
  if (found === undefined) throw new CliError('USAGE', EXIT.usage, `${option}: got ${plain(text)}, expected a DID, or the name of a key of yours`)
  return found.did
}

async function checkKey(did: string, option: string): Promise<void> {
  const { UcanError, verifierOf } = await import('../ucan/index.js')
  try {
    await verifierOf(did)
  } catch (error) {
    if (error instanceof UcanError) throw new CliError('USAGE', EXIT.usage, `${option}: ${plain(error.message)}`)
    throw error
  }
}
