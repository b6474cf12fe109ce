/** CIDs from their binary form. The common forms need no varint parsing; a CID is a view of the bytes that it was found in. */
import { CID } from 'multiformats/cid'
import { Digest } from 'multiformats/hashes/digest'

export { CID }

/** @throws whatever `CID.decode` throws if the bytes are not a CID */
export function cidAt(bytes: Uint8Array, start: number, length: number): CID {
  const { buffer } = bytes as Uint8Array<ArrayBuffer>
  const at = bytes.byteOffset + start
  const first = bytes[start + 1]
  const prefix = first < 0x80 ? 2 : 3
  const last = bytes[start + prefix - 1]
  const size = length - prefix - 2
  // version 1, a codec of one or two bytes, and a hash whose code and size are one byte each
  if (bytes[start] === 1 && last > 0 && last < 0x80 && bytes[start + prefix] < 0x80 && size < 0x80 && bytes[start + prefix + 1] === size) {
    const multihash = new Uint8Array(buffer, at + prefix, size + 2)
    const digest = new Uint8Array(buffer, at + prefix + 2, size)
    return makeCid(prefix === 2 ? first : (first & 0x7f) | (last << 7), new Uint8Array(buffer, at, length), multihash, digest)
  }
  return CID.decode(new Uint8Array(buffer, at, length))
}

type MakeCid = (code: number, bytes: Uint8Array<ArrayBuffer>, multihash: Uint8Array<ArrayBuffer>, digest: Uint8Array<ArrayBuffer>) => CID

const byConstructor: MakeCid = (code, bytes, multihash, digest) => new CID(1, code, new Digest(multihash[0], digest.length, digest, multihash), bytes)

/**
 * Objects with the fields and the prototype of CID and Digest, which is all that there is to tell a CID by. Their own constructors look at each array's buffer once more, and that is a
 * third of the cost of a link.
 */
function DirectDigest(this: Record<string, unknown>, digest: Uint8Array, bytes: Uint8Array) {
  this.code = bytes[0]
  this.size = digest.length
  this.digest = digest
  this.bytes = bytes
}

function DirectCid(this: Record<string, unknown>, code: number, multihash: unknown, bytes: Uint8Array) {
  this.code = code
  this.version = 1
  this.multihash = multihash
  this.bytes = bytes
  this['/'] = bytes
}

const NewDigest = DirectDigest as unknown as new (digest: Uint8Array, bytes: Uint8Array) => Digest<number, number>
const NewCid = DirectCid as unknown as new (code: number, multihash: unknown, bytes: Uint8Array) => CID
DirectDigest.prototype = Digest.prototype
DirectCid.prototype = CID.prototype

const direct: MakeCid = (code, bytes, multihash, digest) => new NewCid(code, new NewDigest(digest, multihash), bytes)

/** Another version of multiformats may have other fields: then its constructors it is. */
const makeCid: MakeCid = sameFields() ? direct : byConstructor

function sameFields(): boolean {
  // an array that CID and Digest would have taken as it is
  const bytes = new Uint8Array(36)
  const views = [bytes, new Uint8Array(bytes.buffer, 2, 34), new Uint8Array(bytes.buffer, 4, 32)] as const
  const real = byConstructor(0x71, ...views)
  const made = direct(0x71, ...views)
  return sameOwn(real, made, 'multihash') && sameOwn(real.multihash, made.multihash)
}

/** Whether two objects have the same own fields in the same order, with the same values but for one. */
function sameOwn(a: object, b: object, but?: string): boolean {
  const fields = Reflect.ownKeys(a)
  return (
    fields.length === Reflect.ownKeys(b).length &&
    fields.every((field, i) => field === Reflect.ownKeys(b)[i] && (field === but || Reflect.get(a, field) === Reflect.get(b, field)))
  )
}
