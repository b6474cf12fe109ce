/** Fields on the wire: a tag, number << 3 | type, and a value. */

export const enum Wire { VARINT = 0, FIXED64 = 1, LENGTH = 2, GROUP = 3, END = 4, FIXED32 = 5 }

export const MAX_NUMBER: u64 = 0x1fffffff

/** Names of a field in the data model, each after its length: number, wire, value. */
// @ts-ignore: decorator
@lazy export const NAMES: usize = memory.data<u8>([6, 0x6e, 0x75, 0x6d, 0x62, 0x65, 0x72, 4, 0x77, 0x69, 0x72, 0x65, 5, 0x76, 0x61, 0x6c, 0x75, 0x65, 0, 0, 0, 0, 0, 0, 0, 0], 16)
/** The same as indices. */
export const enum Field { NUMBER, WIRE, VALUE, COUNT }
