/** Versions of transactions, and the sizes of what they are made of (protocol specification, 7.1 to 7.5). */
export const OVERWINTER_GROUP: u32 = 0x03c48270
export const SAPLING_GROUP: u32 = 0x892f2085
export const ORCHARD_GROUP: u32 = 0x26a7270a

export const POINT: u32 = 32
export const SIGNATURE: u32 = 64
/** A Groth16 proof, and the BCTV14 proof of version 2 and 3. */
export const PROOF: u32 = 192
export const OLD_PROOF: u32 = 296
export const ENC_CIPHERTEXT: u32 = 580
export const OUT_CIPHERTEXT: u32 = 80
export const JOIN_SPLIT_CIPHERTEXT: u32 = 601

/** Version 4 has the whole of a spend or output in one place; version 5 its proof, signature and anchor elsewhere. */
export const SPEND: u32 = 384
export const SPEND_COMPACT: u32 = 96
export const OUTPUT: u32 = 948
export const OUTPUT_COMPACT: u32 = 756
export const ACTION: u32 = 820
/** A JoinSplit but for its proof. */
export const JOIN_SPLIT: u32 = 1506

/** The group that a version from 3 on must be of; 0 for none. */
export function groupOf(version: u32): u32 {
  return version == 3 ? OVERWINTER_GROUP : version == 4 ? SAPLING_GROUP : version == 5 ? ORCHARD_GROUP : 0
}
