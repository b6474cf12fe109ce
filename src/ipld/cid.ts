/** CIDs from their binary form. The common form needs no varint parsing; a CID is a view of the bytes that it was found in. */
import { CID } from 'multiformats/cid'
import { Digest } from 'multiformats/hashes/digest'

export { CID }

const SHA2_256 = 0x12

/** @throws whatever `CID.decode` throws if the bytes are not a CID */
export function cidAt(bytes: Uint8Array, start: number, length: number): CID {
  const { buffer } = bytes as Uint8Array<ArrayBuffer>
  const at = bytes.byteOffset + start
  // version 1, a codec of one byte, sha2-256 with 32 bytes
  if (length === 36 && bytes[start] === 1 && bytes[start + 1] < 0x80 && bytes[start + 2] === SHA2_256 && bytes[start + 3] === 32) {
    const digest = new Digest(SHA2_256, 32, new Uint8Array(buffer, at + 4, 32), new Uint8Array(buffer, at + 2, 34))
    return new CID(1, bytes[start + 1], digest, new Uint8Array(buffer, at, 36))
  }
  return CID.decode(new Uint8Array(buffer, at, length))
}
