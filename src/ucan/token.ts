/** What delegations and invocations have in common. */
import type { CID } from 'multiformats/cid'
import type { KeyType } from './curve.js'
import type { Envelope } from './envelope.js'

/** A token that has been read. Nothing has been verified yet: see `verifySignature` and `authorise`. */
export abstract class Token {
  readonly #envelope: Envelope

  constructor(envelope: Envelope) {
    this.#envelope = envelope
  }

  /** of the bytes as they came */
  get cid(): CID {
    return this.#envelope.cid
  }

  get bytes(): Uint8Array {
    return this.#envelope.bytes
  }

  /** of the specification: `1.0.0` or `1.0.0-rc.1` */
  get version(): string {
    return this.#envelope.version
  }

  /** the kind of key that has signed, as the header says */
  get type(): KeyType {
    return this.#envelope.curve.type
  }

  get signature(): Uint8Array {
    return this.#envelope.signature
  }

  /** the bytes that are signed */
  get signed(): Uint8Array {
    return this.#envelope.signed
  }
}

/** Whoever has a DID, or the DID. */
export type Principal = string | { readonly did: string }

export function didOf(principal: Principal): string {
  return typeof principal === 'string' ? principal : principal.did
}

/** Random bytes of a nonce; 12 are what the specification recommends. */
export function newNonce(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(12))
}

/** Now, in Unix seconds. */
export function clock(): number {
  return Math.floor(Date.now() / 1000)
}

/** Without what is undefined, which DAG-CBOR has not. */
export function present<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
