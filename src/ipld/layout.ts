/**
 * The layout of the node tape (docs/abi.md section 5), in 32-bit words.
 *
 * ```
 *  word 0                                             1        2        3
 *  ┌──────────┬───────────┬─────────┬────────────────┬────────┬────────┬────────┐
 *  │ kind 0–3 │ source 4–5│ wide 6  │ extra 8–31     │ aux    │ lo     │ hi     │
 *  └──────────┴───────────┴─────────┴────────────────┴────────┴────────┴────────┘
 * ```
 * Constants and not an enum object, so that compilers put the numbers where they are used.
 */

export const NULL = 1
export const BOOL = 2
export const UINT = 3
export const NINT = 4
export const FLOAT = 5
export const STRING = 6
export const BYTES = 7
export const LINK = 8
export const LIST = 9
export const MAP = 10

export const KIND = 15
export const SOURCE = 0x30
export const INPUT = 0x00
export const TEXT = 0x10
export const DATA = 0x20
export const WIDE = 0x40
export const EXTRA = 8

/** Words of a record. */
export const RECORD = 4
/** Most lists and maps within each other. */
export const MAX_DEPTH = 1024

/** The unit of `Tape.room`, in bytes, and the most of them. */
export const UNIT = 16
export const MAX_ROOM = 0x3fffffff
/** What a link and a view of bytes take as JavaScript objects, about, in these units. */
export const LINK_WEIGHT = 40
export const BYTES_WEIGHT = 10

/** 2^32 */
export const WORD = 0x100000000

export type NodeKind = 'null' | 'boolean' | 'integer' | 'float' | 'string' | 'bytes' | 'link' | 'list' | 'map'

/** Kind by tape kind; unsigned and negative integers are one kind of the data model. */
export const KINDS: readonly (NodeKind | undefined)[] = [undefined, 'null', 'boolean', 'integer', 'integer', 'float', 'string', 'bytes', 'link', 'list', 'map']
