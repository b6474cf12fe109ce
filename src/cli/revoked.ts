/** Delegations that have been taken back, as this machine's executor knows them: a file a revocation, under the CID of its token, in the folder of the state. */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Delegation, type Invocation, Revocations, readInvocation } from '../ucan/index.js'
import { writeSafely } from './whole-file.js'

const FOLDER = 'revocations'
const SUFFIX = '.ucan'

/** @param state the folder; undefined has none @throws UcanError for a file that is no revocation, or not signed by whom it names */
export async function revocationsIn(state: string | undefined): Promise<Revocations> {
  const revocations = new Revocations()
  if (state === undefined) return revocations
  const folder = join(state, FOLDER)
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const file of files.filter((name) => name.endsWith(SUFFIX)).sort()) await revocations.add(readInvocation(await readFile(join(folder, file))))
  return revocations
}

/** Verifies a revocation, and keeps it. @param chain the delegations that it is about, where they are known */
export async function keepRevocation(state: string, revocation: Invocation, chain?: readonly Delegation[]): Promise<void> {
  await new Revocations().add(revocation, { chain, proofs: chain })
  const folder = join(state, FOLDER)
  await mkdir(folder, { recursive: true })
  await writeSafely(join(folder, `${revocation.cid}${SUFFIX}`), revocation.bytes)
}
