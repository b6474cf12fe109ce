/** Where tokens go: into a file as a container, or as text to standard output, which can be pasted. */
import { writeContainer } from '../ucan/index.js'
import type { Context } from './context.js'
import { writeSafely } from './whole-file.js'

export async function writeTokens({ out }: Context, tokens: readonly { readonly bytes: Uint8Array }[], file: string | undefined): Promise<void> {
  if (file !== undefined) return writeSafely(file, await writeContainer(tokens))
  await out.line(new TextDecoder().decode(await writeContainer(tokens, { form: 'base64url', gzip: true })))
}
