/** Headers of CARs: of version 1 a dag-cbor map of `roots` and `version`, of version 2 a fixed text before numbers. */

/** What stands before and after the roots: a map of two, "roots"; "version", 1. */
// @ts-ignore: decorator
@lazy export const BEFORE: usize = memory.data<u8>([0xa2, 0x65, 0x72, 0x6f, 0x6f, 0x74, 0x73, 0], 8)
export const BEFORE_LENGTH: u32 = 7
// @ts-ignore: decorator
@lazy export const AFTER: usize = memory.data<u8>([0x67, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x01, 0, 0, 0, 0, 0, 0, 0], 16)
export const AFTER_LENGTH: u32 = 9

/** The pragma of version 2: a header that says so. */
// @ts-ignore: decorator
@lazy export const PRAGMA: usize = memory.data<u8>([0x0a, 0xa1, 0x67, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x02, 0, 0, 0, 0, 0], 16)
export const PRAGMA_LENGTH: u32 = 11
/** The pragma, 16 bytes of characteristics, and the offset and size of the data and the offset of the index, a u64 each. */
export const HEADER2: u32 = 51

/** Names in the data model, each after its length: version, roots, blocks, characteristics, padding, indexPadding, index; cid, bytes. */
// @ts-ignore: decorator
@lazy export const NAMES: usize = memory.data<u8>([
  7, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 5, 0x72, 0x6f, 0x6f, 0x74, 0x73, 6, 0x62, 0x6c, 0x6f, 0x63, 0x6b, 0x73, 15, 0x63, 0x68, 0x61, 0x72, 0x61, 0x63,
  0x74, 0x65, 0x72, 0x69, 0x73, 0x74, 0x69, 0x63, 0x73, 7, 0x70, 0x61, 0x64, 0x64, 0x69, 0x6e, 0x67, 12, 0x69, 0x6e, 0x64, 0x65, 0x78, 0x50, 0x61, 0x64, 0x64,
  0x69, 0x6e, 0x67, 5, 0x69, 0x6e, 0x64, 0x65, 0x78, 0, 3, 0x63, 0x69, 0x64, 5, 0x62, 0x79, 0x74, 0x65, 0x73, 0, 0, 0, 0, 0, 0, 0, 0, 0
], 16)
export const NAMES_LENGTH: u32 = 75
/** Where the characters of each begin. */
export const enum Name { VERSION = 1, ROOTS = 9, BLOCKS = 15, CHARACTERISTICS = 22, PADDING = 38, INDEX_PADDING = 46, INDEX = 59, CID = 66, BYTES = 70 }
/** Where those of a block begin. */
export const BLOCK: u32 = 65
export const enum Field { VERSION, ROOTS, BLOCKS, CHARACTERISTICS, PADDING, INDEX_PADDING, INDEX, COUNT }
export const enum BlockField { CID, BYTES, COUNT }
