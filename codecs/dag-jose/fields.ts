/** The fields of the structs in https://ipld.io/specs/codecs/dag-jose/spec/, as numbers in the order in which DAG-CBOR sorts their names. A set of fields is a word with their bits. */

export const enum Field { IV, AAD, TAG, LINK, HEADER, PAYLOAD, PROTECTED, SIGNATURE, CIPHERTEXT, RECIPIENTS, SIGNATURES, UNPROTECTED, ENCRYPTED_KEY, COUNT }

export const enum Struct {
  JWS = (1 << Field.PAYLOAD) | (1 << Field.SIGNATURES),
  JWE = (1 << Field.IV) |
    (1 << Field.AAD) |
    (1 << Field.TAG) |
    (1 << Field.PROTECTED) |
    (1 << Field.CIPHERTEXT) |
    (1 << Field.RECIPIENTS) |
    (1 << Field.UNPROTECTED),
  SIGNATURE = (1 << Field.HEADER) | (1 << Field.PROTECTED) | (1 << Field.SIGNATURE),
  RECIPIENT = (1 << Field.HEADER) | (1 << Field.ENCRYPTED_KEY)
}

/** Fields of any value of the data model, by name; and of structs. The others are bytes, and as text base64url. */
export const MAPS: u32 = (1 << Field.HEADER) | (1 << Field.UNPROTECTED)
export const LISTS: u32 = (1 << Field.RECIPIENTS) | (1 << Field.SIGNATURES)

/** Each name in 16 bytes, with zeros after it. */
// @ts-ignore: decorator
@lazy const NAMES: usize = memory.data<u64>([
  0x7669, 0x0, // iv
  0x646161, 0x0, // aad
  0x676174, 0x0, // tag
  0x6b6e696c, 0x0, // link
  0x726564616568, 0x0, // header
  0x64616f6c796170, 0x0, // payload
  0x65746365746f7270, 0x64, // protected
  0x727574616e676973, 0x65, // signature
  0x6574726568706963, 0x7478, // ciphertext
  0x6e65697069636572, 0x7374, // recipients
  0x727574616e676973, 0x7365, // signatures
  0x6365746f72706e75, 0x646574, // unprotected
  0x6574707972636e65, 0x79656b5f64 // encrypted_key
], 16)

// @ts-ignore: decorator
@lazy const LENGTHS: usize = memory.data<u8>([2, 3, 3, 4, 6, 7, 9, 9, 10, 10, 10, 11, 13, 0, 0, 0], 16)

// @ts-ignore: decorator
@inline export function nameOf(field: u32): usize { return NAMES + (<usize>field << 4) }
// @ts-ignore: decorator
@inline export function nameLength(field: u32): u32 { return load<u8>(LENGTHS + field) }

/** The field of which the `n` bytes at `p` are the name, or COUNT. May read up to 15 bytes past them. */
export function fieldOf(p: usize, n: u32): u32 {
  let field: u32 = 0
  for (; field < <u32>Field.COUNT; field++) {
    if (nameLength(field) != n) continue
    const differ = i8x16.bitmask(i8x16.ne(v128.load(p), v128.load(nameOf(field))))
    if ((differ & ((1 << n) - 1)) == 0) break
  }
  return field
}
