/**
 * What a host makes of a corpus, as text that can be compared: for every block the fuel of each operation and a digest of what came out. It imports nothing of
 * Node's, so that it runs as one file in any engine.
 */
import { type Row, row } from './row.js'
import { text } from './text.js'

/** What the digest needs of a codec. */
interface Measured {
  decode(bytes: Uint8Array): unknown
  encode(value: unknown): Uint8Array
  tape(bytes: Uint8Array): { copy(): { readonly memory: Uint8Array } }
  links(bytes: Uint8Array): Iterable<{ toString(): string }>
  /** fuel that the last call used */
  readonly fuel: number
}

interface Host {
  codec(name: string): Promise<Measured>
}

/** One line for each operation on each block: `codec name operation fuel digest`. */
export async function digest(createHost: () => Promise<Host>, corpus: readonly Row[]): Promise<string[]> {
  const host = await createHost()
  const lines: string[] = []
  for (const { codec: name, name: block, bytes } of corpus.map(row)) {
    const codec = await host.codec(name)
    const operations: [string, () => unknown][] = [
      ['decode', () => codec.decode(bytes)],
      ['tape', () => codec.tape(bytes).copy().memory],
      ['links', () => Array.from(codec.links(bytes), String)],
      ['encode', () => codec.encode(codec.decode(bytes))]
    ]
    for (const [operation, work] of operations) lines.push(`${name} ${block} ${operation} ${await outcome(work, codec)}`)
  }
  return lines
}

async function outcome(work: () => unknown, codec: Measured): Promise<string> {
  try {
    const value = work()
    // before anything else: hashing must not count
    const { fuel } = codec
    return `${fuel} ${await sha256(text(value))}`
  } catch (error) {
    return `${codec.fuel} ${(error as { code?: string }).code ?? (error as Error).name}`
  }
}

/** Its first 12 bytes, in hexadecimal. */
export async function sha256(input: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(input))
  return Array.from(new Uint8Array(hash, 0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
