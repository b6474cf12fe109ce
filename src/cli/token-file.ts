/** Files of tokens: containers in all their forms, and tokens as they are. */
import { Container, type Delegation, decodeToken, type Invocation, readContainer, UcanError } from '../ucan/index.js'
import { CliError, EXIT } from './exit.js'
import { nameOf, readInput } from './input.js'
import { plain } from './text.js'

/** the first byte of a token, a list of two */
const LIST_OF_TWO = 0x82

/** @throws CliError with the file's name; UcanError has the rest */
export async function readTokens(file: string): Promise<Container> {
  const bytes = await readInput(file)
  try {
    if (bytes[0] === LIST_OF_TWO) return new Container([decodeToken(bytes)])
    return await readContainer(bytes)
  } catch (error) {
    if (!(error instanceof UcanError)) throw error
    throw new CliError('NO_TOKEN', EXIT.data, `${nameOf(file)}: ${plain(error.message)}; expected a token or a container of tokens`, { cause: error })
  }
}

/** The delegations of several files. */
export async function readProofs(files: readonly string[] = []): Promise<Delegation[]> {
  const proofs: Delegation[] = []
  for (const file of files) proofs.push(...(await readTokens(file)).delegations)
  return proofs
}

/** The one invocation of a file, and the delegations beside it. */
export async function readInvocationFile(file: string): Promise<{ invocation: Invocation; proofs: Delegation[] }> {
  const { invocations, delegations, receipts } = await readTokens(file)
  if (invocations.length === 1) return { invocation: invocations[0], proofs: delegations }
  const found = `${invocations.length} invocations, ${delegations.length} delegations and ${receipts.length} receipts`
  throw new CliError('NO_TOKEN', EXIT.data, `${nameOf(file)} has ${found}, expected one invocation; "autocodec invoke" makes one`)
}
