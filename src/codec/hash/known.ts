/**
 * The hash functions that blocks are verified with, by multicodec: each is loaded when a digest of it is first met, since most who read blocks meet sha2-256 alone.
 */
import { sha256, sha512 } from 'multiformats/hashes/sha2'

/** A digest of `size` bytes, where the function has digests of any length; otherwise of the function's own. */
type Hash = (bytes: Uint8Array, size: number) => Uint8Array | Promise<Uint8Array>

interface HashFunction {
  /** of the multicodec table */
  readonly name: string
  readonly code: number
  /** bytes of a whole digest */
  readonly size: number
  /** it gives as many bytes as one asks for, and `size` is what is usual */
  readonly extendable?: boolean
  load(): Promise<Hash>
}

const sha2 = () => import('@noble/hashes/sha2.js')
const sha3 = () => import('@noble/hashes/sha3.js')
const blake2 = () => import('@noble/hashes/blake2.js')

const fixed = (code: number, name: string, size: number, load: () => Promise<Hash>): HashFunction => ({ code, name, size, load })

/** A function that is told how many bytes to give. */
const extendable = (
  code: number,
  name: string,
  size: number,
  load: () => Promise<(bytes: Uint8Array, options: { dkLen: number }) => Uint8Array>
): HashFunction => ({
  code,
  name,
  size,
  extendable: true,
  load: async () => {
    const hash = await load()
    return (bytes, length) => hash(bytes, { dkLen: length })
  }
})

/** `blake2b-8` to `blake2b-512` are functions of their own, not cuts of one; their codes follow each other by the byte. */
const sizes = (first: number, name: 'blake2b' | 'blake2s', most: number): HashFunction[] =>
  Array.from({ length: most }, (_, i) =>
    fixed(first + i, `${name}-${8 * (i + 1)}`, i + 1, async () => {
      const { [name]: hash } = await blake2()
      return (bytes) => hash(bytes, { dkLen: i + 1 })
    })
  )

const ALL: readonly HashFunction[] = [
  fixed(0x11, 'sha1', 20, async () => (await import('@noble/hashes/legacy.js')).sha1),
  fixed(0x12, 'sha2-256', 32, async () => (bytes) => sha256.encode(bytes)),
  fixed(0x13, 'sha2-512', 64, async () => (bytes) => sha512.encode(bytes)),
  fixed(0x14, 'sha3-512', 64, async () => (await sha3()).sha3_512),
  fixed(0x15, 'sha3-384', 48, async () => (await sha3()).sha3_384),
  fixed(0x16, 'sha3-256', 32, async () => (await sha3()).sha3_256),
  fixed(0x17, 'sha3-224', 28, async () => (await sha3()).sha3_224),
  extendable(0x18, 'shake-128', 32, async () => (await sha3()).shake128),
  extendable(0x19, 'shake-256', 64, async () => (await sha3()).shake256),
  fixed(0x1a, 'keccak-224', 28, async () => (await sha3()).keccak_224),
  fixed(0x1b, 'keccak-256', 32, async () => (await sha3()).keccak_256),
  fixed(0x1c, 'keccak-384', 48, async () => (await sha3()).keccak_384),
  fixed(0x1d, 'keccak-512', 64, async () => (await sha3()).keccak_512),
  extendable(0x1e, 'blake3', 32, async () => (await import('@noble/hashes/blake3.js')).blake3),
  fixed(0x20, 'sha2-384', 48, async () => (await sha2()).sha384),
  fixed(0x56, 'dbl-sha2-256', 32, async () => async (bytes) => sha256.encode(await sha256.encode(bytes))),
  fixed(0x1013, 'sha2-224', 28, async () => (await sha2()).sha224),
  fixed(0x1014, 'sha2-512-224', 28, async () => (await sha2()).sha512_224),
  fixed(0x1015, 'sha2-512-256', 32, async () => (await sha2()).sha512_256),
  fixed(0x1053, 'ripemd-160', 20, async () => (await import('@noble/hashes/legacy.js')).ripemd160),
  ...sizes(0xb201, 'blake2b', 64),
  ...sizes(0xb241, 'blake2s', 32)
]

export const HASHES: ReadonlyMap<number, HashFunction> = new Map(ALL.map((hash) => [hash.code, hash]))

/** What is known, for a message: families by their first and last. */
export const KNOWN =
  'identity, sha1, sha2-224 to -512, sha2-512-224, sha2-512-256, dbl-sha2-256, sha3-224 to -512, shake-128, shake-256, keccak-224 to -512, blake2b-8 to -512, blake2s-8 to -256, blake3, ripemd-160'
