/** The info dictionary (BEP 3; BEP 47 for attributes): what is noted of it are numbers and places in the block. */
import { Code, fail } from '../sdk/fail'
import { atEnd, need, offsetOf, openInput, seek, skip } from '../sdk/input'
import { sameBytes } from '../sdk/tape'
import { at, Char, ends, expect, integer, skipValue, string, value } from './bencode'

/** Bytes of a SHA-1 digest. */
export const DIGEST: u64 = 20

const MAX_TOTAL: u64 = 0x1fffffffffffff

const enum Field { FILES = 1, LENGTH = 2, NAME = 4, PIECE_LENGTH = 8, PIECES = 16, PATH = 32, ATTRIBUTES = 64, TARGET = 128 }

/** What counts in the info dictionary, and in that of a file. */
const INFO: u32 = Field.FILES | Field.LENGTH | Field.NAME | Field.PIECE_LENGTH | Field.PIECES | Field.ATTRIBUTES | Field.TARGET
const FILE: u32 = Field.LENGTH | Field.PATH | Field.ATTRIBUTES | Field.TARGET

/** The keys that are looked at, one after the other: files, length, name, piece length, pieces, path, attr, symlink path. */
// @ts-ignore: decorator
@lazy const KEYS: usize = memory.data<u8>([
  0x66, 0x69, 0x6c, 0x65, 0x73, 0x6c, 0x65, 0x6e, 0x67, 0x74, 0x68, 0x6e, 0x61, 0x6d, 0x65, 0x70, 0x69, 0x65, 0x63, 0x65, 0x20, 0x6c, 0x65, 0x6e, 0x67, 0x74, 0x68, 0x70, 0x69, 0x65, 0x63, 0x65, 0x73,
  0x70, 0x61, 0x74, 0x68, 0x61, 0x74, 0x74, 0x72, 0x73, 0x79, 0x6d, 0x6c, 0x69, 0x6e, 0x6b, 0x20, 0x70, 0x61, 0x74, 0x68, 0, 0, 0, 0, 0, 0, 0, 0
])
// @ts-ignore: decorator
@lazy const KEY_LENGTHS: usize = memory.data<u8>([5, 6, 4, 12, 6, 4, 4, 12])

export let pieceLength: u64 = 0
/** Where the digests stand, and how many they are. */
export let pieces: u64 = 0
export let pieceCount: u64 = 0
/** Bytes of all files. */
export let total: u64 = 0
/** Where the list of files stands; 0 if the torrent is one file. */
export let files: u64 = 0
export let fileCount: u32 = 0

// of the file that `nextFile` has read, or of the only one

export let length: u64 = 0
/** Where the list of its path stands. */
export let path: u64 = 0
export let padding: bool = false
/** Where the path stands that a symbolic link leads to; 0 if it is none. */
export let target: u64 = 0

/** Where the next file stands. */
let cursor: u64 = 0

/** Reads the block that is the input. */
export function readInfo(): void {
  const p = openInput()
  const seen = dictionary(p, INFO)
  if (!atEnd(seek(ended))) fail(Code.TRAILING_BYTES, ended)
  const needed = Field.PIECE_LENGTH | Field.PIECES | Field.NAME
  if ((seen & needed) != <u32>needed) fail(Code.MISSING_FIELD, 0)
  if (seen & Field.FILES && seen & Field.LENGTH) fail(Code.UNKNOWN_FIELD, files)
  if (!(seen & Field.FILES) && !(seen & Field.LENGTH)) fail(Code.MISSING_FIELD, 0)
  if (!pieceLength) fail(Code.NUMBER_RANGE, 0)
  total = length
  if (files) {
    total = 0
    for (firstFile(); nextFile(); fileCount++) {
      total += length
      if (total > MAX_TOTAL) fail(Code.NUMBER_RANGE, path)
    }
  }
  if (pieceCount != (total + pieceLength - 1) / pieceLength) fail(Code.SIZE_MISMATCH, pieces, <u32>pieceCount)
}

/** Begins with the first file. */
export function firstFile(): void {
  const p = expect(seek(files), Char.L)
  cursor = offsetOf(p)
}

/** Reads the next file; false if there is none. */
export function nextFile(): bool {
  const p = need(seek(cursor), 1)
  if (ends(p)) return false
  length = target = path = 0
  padding = false
  const seen = dictionary(p, FILE)
  if ((seen & (Field.LENGTH | Field.PATH)) != <u32>(Field.LENGTH | Field.PATH)) fail(Code.MISSING_FIELD, cursor)
  if (target && length) fail(Code.SIZE_MISMATCH, cursor)
  cursor = ended
  return true
}

/** Where the last dictionary ended. */
let ended: u64 = 0

/** Notes the known fields of the dictionary at `p`; answers which there are. */
function dictionary(p: usize, known: u32): u32 {
  p = expect(p, Char.D)
  let seen: u32 = 0
  for (p = need(p, 1); !ends(p); p = need(p, 1)) {
    p = string(p)
    const start = offsetOf(p)
    const n = <u32>min<u64>(value, 255)
    let field: u32 = 0
    if (n <= 12) {
      p = need(p, n)
      field = fieldOf(p, n) & known
    }
    if (seen & field) fail(Code.DUPLICATE_KEY, start)
    seen |= field
    p = read(skip(p, value), field)
  }
  ended = offsetOf(p) + 1
  return seen
}

function fieldOf(p: usize, n: u32): u32 {
  let key = KEYS
  for (let i: usize = 0; i < 8; i++) {
    const length = <u32>load<u8>(KEY_LENGTHS + i)
    if (length == n && sameBytes(key, p, n)) return 1 << <u32>i
    key += length
  }
  return 0
}

function read(p: usize, field: u32): usize {
  const start = offsetOf(p)
  if (field == Field.LENGTH || field == Field.PIECE_LENGTH) {
    p = integer(p)
    if (field == Field.LENGTH) length = value
    else pieceLength = value
    return p
  }
  if (field == Field.PIECES) {
    p = string(p)
    pieces = offsetOf(p)
    pieceCount = value / DIGEST
    if (value % DIGEST) fail(Code.MALFORMED, start, <u32>value)
    return skip(p, value)
  }
  if (field == Field.ATTRIBUTES) {
    p = string(p)
    let left = value
    for (; left; left--) {
      p = need(p, 1)
      if (at(p) == 0x70) padding = true
      p++
    }
    return p
  }
  if (field == Field.FILES) files = start
  else if (field == Field.PATH) path = start
  else if (field == Field.TARGET) target = start
  return skipValue(p)
}
