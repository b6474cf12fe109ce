/**
 * The hash functions that blocks are verified with, by multicodec. Each is the ecosystem's own, loaded when a digest of it is first met: most who read blocks meet sha2-256 alone.
 */
import type { MultihashHasher } from 'multiformats/hashes/interface'

/** A digest of `size` bytes, where the function has digests of any length; otherwise of the function's own. */
type Hash = (bytes: Uint8Array, size: number) => Uint8Array | Promise<Uint8Array>

export interface HashFunction {
  /** of the multicodec table */
  readonly name: string
  readonly code: number
  /** bytes of a whole digest */
  readonly size: number
  /** it gives as many bytes as one asks for, and `size` is what is usual */
  readonly extendable?: boolean
  load(): Promise<Hash>
}

type Hashers = Readonly<Record<string, unknown>>

/** One of a module's hashers, which go by names of their own: by code. */
const pick = (code: number, module: Promise<Hashers>) => async (): Promise<Hash> => {
  const hasher = Object.values(await module).find((value): value is MultihashHasher => (value as Partial<MultihashHasher> | undefined)?.code === code)
  if (hasher === undefined) throw new TypeError(`no hasher 0x${code.toString(16)} in its module`)
  return (bytes) => hasher.encode(bytes)
}

const one = (code: number, name: string, size: number, load: () => Promise<Hashers>): HashFunction => ({ code, name, size, load: () => pick(code, load())() })

const sha2 = () => import('multiformats/hashes/sha2')
const sha3 = () => import('@multiformats/sha3')

/** `blake2b-8` to `blake2b-512` are functions of their own, not cuts of one; they follow each other by the byte. */
const blake2 = (first: number, name: string, sizes: number, load: () => Promise<Hashers>): HashFunction[] =>
  Array.from({ length: sizes }, (_, i) => one(first + i, `${name}-${8 * (i + 1)}`, i + 1, load))

const ALL: readonly HashFunction[] = [
  one(0x12, 'sha2-256', 32, sha2),
  one(0x13, 'sha2-512', 64, sha2),
  one(0x11, 'sha1', 20, () => import('multiformats/hashes/sha1')),
  {
    code: 0x56,
    name: 'dbl-sha2-256',
    size: 32,
    load: async () => {
      const { sha256 } = await sha2()
      return async (bytes) => sha256.encode(await sha256.encode(bytes))
    }
  },
  one(0x14, 'sha3-512', 64, sha3),
  one(0x15, 'sha3-384', 48, sha3),
  one(0x16, 'sha3-256', 32, sha3),
  one(0x17, 'sha3-224', 28, sha3),
  { code: 0x18, name: 'shake-128', size: 32, extendable: true, load: async () => extendable((await import('@noble/hashes/sha3.js')).shake128) },
  { code: 0x19, name: 'shake-256', size: 64, extendable: true, load: async () => extendable((await import('@noble/hashes/sha3.js')).shake256) },
  one(0x1a, 'keccak-224', 28, sha3),
  one(0x1b, 'keccak-256', 32, sha3),
  one(0x1c, 'keccak-384', 48, sha3),
  one(0x1d, 'keccak-512', 64, sha3),
  { code: 0x1e, name: 'blake3', size: 32, extendable: true, load: async () => extendable((await import('@noble/hashes/blake3.js')).blake3) },
  ...blake2(0xb201, 'blake2b', 64, () => import('@multiformats/blake2/blake2b')),
  ...blake2(0xb241, 'blake2s', 32, () => import('@multiformats/blake2/blake2s'))
]

function extendable(hash: (bytes: Uint8Array, options: { dkLen: number }) => Uint8Array): Hash {
  return (bytes, size) => hash(bytes, { dkLen: size })
}

export const HASHES: ReadonlyMap<number, HashFunction> = new Map(ALL.map((hash) => [hash.code, hash]))

/** What is known, for a message: families by their first and last. */
export const KNOWN =
  'identity, sha1, sha2-256, sha2-512, dbl-sha2-256, sha3-224 to -512, shake-128, shake-256, keccak-224 to -512, blake2b-8 to -512, blake2s-8 to -256, blake3'
