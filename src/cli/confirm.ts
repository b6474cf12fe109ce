/** Asks the person at the terminal whether a codec may run that only data names. */
import { createInterface } from 'node:readline/promises'
import type { DataCodec } from '../codec/index.js'
import { codeText, plain, size } from './text.js'

/** No, where nobody is there to be asked. */
export async function confirm({ cid, manifest, size: bytes, namedBy }: DataCodec): Promise<boolean> {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return false
  const prompt = createInterface({ input: stdin, output: stderr })
  try {
    stderr.write(`The block ${namedBy} names a codec of its own: ${plain(manifest.name)}, ${codeText(manifest.code)}, ${size(bytes)}, ${cid}\n`)
    return /^y(es)?$/i.test((await prompt.question('Run it in the sandbox? [y/N] ')).trim())
  } finally {
    prompt.close()
  }
}
