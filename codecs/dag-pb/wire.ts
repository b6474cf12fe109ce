/** Protobuf as DAG-PB uses it: a field is a tag, number << 3 | wire type, and its value. Wire type 0 is a varint, 2 a length and so many bytes. */

/** PBNode: Links before Data, against their numbers. */
export const enum NodeTag { DATA = 1 << 3 | 2, LINKS = 2 << 3 | 2 }
/** PBLink: in the order of their numbers. */
export const enum LinkTag { HASH = 1 << 3 | 2, NAME = 2 << 3 | 2, TSIZE = 3 << 3 | 0 }
