/** The fields of payloads, each read into its type. */
import { CID } from 'multiformats/cid'
import { isDid } from './did.js'
import { isMap } from './envelope.js'
import { shown, UcanError } from './errors.js'

/** What a field is found to be, or why it is not. */
type Read<T> = (value: unknown) => T | Wrong

class Wrong {
  constructor(readonly expected: string) {}
}

export class Fields {
  readonly #payload: Readonly<Record<string, unknown>>
  readonly #what: string
  readonly #read = new Set<string>()

  /** @param what begins messages, such as `a delegation` */
  constructor(payload: Readonly<Record<string, unknown>>, what: string) {
    this.#payload = payload
    this.#what = what
  }

  need<T>(name: string, read: Read<T>): T {
    this.#read.add(name)
    const value = Object.hasOwn(this.#payload, name) ? this.#payload[name] : undefined
    const got = read(value)
    if (got instanceof Wrong) throw new UcanError('TOKEN_MALFORMED', `${this.#what}: ${name} is ${shown(value)}, expected ${got.expected}`)
    return got
  }

  may<T>(name: string, read: Read<T>): T | undefined {
    this.#read.add(name)
    return Object.hasOwn(this.#payload, name) ? this.need(name, read) : undefined
  }

  /** What nobody has read may be a restriction: a token that has it is refused. */
  end(): void {
    for (const name of Object.keys(this.#payload)) {
      if (!this.#read.has(name)) throw new UcanError('TOKEN_MALFORMED', `${this.#what}: a field ${shown(name)}, expected ${[...this.#read].join(', ')}`)
    }
  }
}

export const did: Read<string> = (value) => (isDid(value) ? value : new Wrong('a DID'))

export const bytes: Read<Uint8Array> = (value) => (value instanceof Uint8Array ? value : new Wrong('bytes'))

export const map: Read<Readonly<Record<string, unknown>>> = (value) => (isMap(value) ? value : new Wrong('a map'))

/** Seconds since 1970, within the 53 bits that all languages have. */
export const seconds: Read<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : new Wrong('an integer of seconds, of at most 53 bits')

export const link: Read<CID> = (value) => CID.asCID(value) ?? new Wrong('a CID')

export const links: Read<readonly CID[]> = (value) =>
  Array.isArray(value) && value.every((item) => CID.asCID(item) !== null) ? (value as CID[]) : new Wrong('a list of CIDs')

export function nullable<T>(read: Read<T>): Read<T | null> {
  return (value) => (value === null ? null : read(value))
}
