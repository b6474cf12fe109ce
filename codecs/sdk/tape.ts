/**
 * The node tape, writing (ABI section 5). Decoders call one function here for each value that they meet.
 *
 * ```
 *  heap  ┌───────────┬───────────┬───────────┬──────────────────────▶ grows
 *        │ text      │ wide      │ data      │ tape
 *        └───────────┴───────────┴───────────┴──────────────────────▶
 * ```
 * The arenas are sized once, for the whole input up to ARENA bytes; only the tape grows. A string that finds no room in an arena goes on the tape as a range of the input,
 * which is always right and only slower for the reader. A format whose strings are not ranges of the input asks for a data arena for the whole of it.
 */
import { handTape, inputSize } from './control'
import { Code, fail } from './fail'
import { allocate, limit, reach, reachWith, rest } from './heap'
import { atHand, copyInput, need, offsetOf, refill, skip } from './input'
import { openAt } from './node'
import { copyAscii, nonAscii16, stopped, transcode, written } from './utf8'

export const enum Kind { NULL = 1, BOOL = 2, UINT = 3, NINT = 4, FLOAT = 5, STRING = 6, BYTES = 7, LINK = 8, LIST = 9, MAP = 10 }
export const enum Source { INPUT = 0, TEXT = 0x10, DATA = 0x20 }
export const WIDE: u32 = 0x40
/** Bytes of a record. */
export const RECORD: usize = 16

const ARENA: u64 = 4 << 20
/** Strings of this length that begin in ASCII are left to the host, whose native decoder is faster on long ASCII than a look and a copy here. */
const LONG: u32 = 2048

let text: usize = 0
let textTop: usize = 0
let textEnd: usize = 0
let wide: usize = 0
let wideTop: usize = 0
let wideEnd: usize = 0
let data: usize = 0
let dataTop: usize = 0
let dataEnd: usize = 0
let tape: usize = 0
let top: usize = 0
let end: usize = 0

/**
 * Opens a tape for strings of the input.
 * @param decoded whether all of them may have to stand in the data arena, in at most as many bytes as in the input
 * @param names bytes that the codec puts into the text arena by itself, beyond the few that there is always room for
 * @param spare bytes that the data arena may need beyond the input's
 */
export function openTape(decoded: bool = false, names: usize = 0, spare: usize = 0): void {
  const cap = <usize>min<u64>(inputSize(), ARENA)
  layOut(cap + names, cap, (decoded ? <usize>min<u64>(inputSize(), 1 << 30) : cap) + spare)
}

/** Opens a tape for an input all of which may come out as text, in up to one and a half times as many bytes. */
export function openLongTape(): void {
  const cap = <usize>min<u64>(inputSize(), ARENA)
  layOut(<usize>min<u64>(inputSize(), 1 << 29) * 3 >> 1, cap, cap)
}

/** Opens a tape without strings of the input. @param names bytes that the codec puts into the text arena @param dataCap bytes of the data arena */
export function openTapeFor(names: usize, dataCap: usize): void { layOut(names, 0, dataCap) }

function layOut(textCap: usize, wideCap: usize, dataCap: usize): void {
  text = textTop = allocate(textCap + 2 * wideCap + dataCap + 160)
  textEnd = text + textCap + 16
  wide = wideTop = (textEnd + 47) & ~15
  wideEnd = wide + 2 * wideCap
  data = dataTop = wideEnd + 64
  dataEnd = data + dataCap
  tape = top = rest()
  reach(tape + RECORD)
  end = limit()
  forgetMaps()
}

/** As `openTape`, for a format whose text is its own names alone, which the codec has written at `names`: no wide arena, and a data arena of `room` bytes. */
export function openNamed(names: usize, length: u32, room: usize): void {
  text = names
  textTop = textEnd = names + length
  wide = wideTop = wideEnd = data = dataTop = allocate(room)
  dataEnd = data + room
  tape = top = rest()
  reach(tape + RECORD)
  end = limit()
}

/** Hands the tape to the host. */
export function closeTape(): void {
  handTape(tape, <u32>((top - tape) / RECORD), text, <u32>(textTop - text), wide, <u32>((wideTop - wide) >> 1), data, <u32>(dataTop - data))
}

/** As `closeTape`, for `links`: of all records only the links, as one list. */
export function closeLinks(): void {
  // a link alone makes way for the list
  if (top == tape + RECORD) {
    const room = roomFor(1)
    v128.store(room, v128.load(tape))
    took(1)
  }
  let to = tape + RECORD
  for (let record = to; record < top; record += RECORD) {
    if ((<u32>load<u8>(record) & 15) != <u32>Kind.LINK) continue
    v128.store(to, v128.load(record))
    to += RECORD
  }
  store<u64>(tape, <u64>Kind.LIST | <u64>(indexOf(to) - 1) << 32)
  store<u64>(tape, <u64>indexOf(to), 8)
  top = to
  closeTape()
}

/** Makes a record the first: those before it were placeholders. The caller corrects the indices that are in the records after it. */
export function startAt(record: usize): void { tape = record }

/** Address of the first record. */
// @ts-ignore: decorator
@inline export function root(): usize { return tape }
/** Address of the next record. */
// @ts-ignore: decorator
@inline export function here(): usize { return top }
/** Index of the record at an address. */
// @ts-ignore: decorator
@inline export function indexOf(record: usize): u32 { return <u32>((record - tape) / RECORD) }
/** Forgets all records from this address on. */
// @ts-ignore: decorator
@inline export function rewind(record: usize): void { top = record }

// asks again in the end: a recursive function is not copied to every place that writes
function more(): void {
  // doubling keeps the number of growths, and so their fuel, small
  reachWith(top + 2 * RECORD, (top - tape) >> 1)
  end = limit()
  if (top + RECORD > end) more()
}

function moreFor(n: usize): void {
  reach(top + n)
  more()
}

/** Room for `n` records that the caller writes by itself, at the answered address, and takes with `took`: for loops in which each check counts. */
// @ts-ignore: decorator
@inline export function roomFor(n: usize): usize {
  if (top + n * RECORD > end) moreFor(n * RECORD)
  return top
}
// @ts-ignore: decorator
@inline export function took(n: usize): void { top += n * RECORD }

// @ts-ignore: decorator
@inline function put(head: u32, aux: u32, payload: u64): void {
  if (top + RECORD > end) more()
  store<u64>(top, <u64>head | <u64>aux << 32)
  store<u64>(top, payload, 8)
  top += RECORD
}

/** As `put`, where it is not worth its size in every place. */
function putSmall(head: u32, aux: u32, payload: u64): void { put(head, aux, payload) }

// @ts-ignore: decorator
@inline export function nil(): void { putSmall(Kind.NULL, 0, 0) }
// @ts-ignore: decorator
@inline export function boolean(value: bool): void { putSmall(Kind.BOOL, <u32>value, 0) }
// @ts-ignore: decorator
@inline export function uint(value: u64): void { put(Kind.UINT, 0, value) }
/** The integer −1 − n. */
// @ts-ignore: decorator
@inline export function negative(n: u64): void { put(Kind.NINT, 0, n) }
/** An integer as one of the two says, where both are one's case. */
// @ts-ignore: decorator
@inline export function integer(kind: Kind, n: u64): void { put(kind, 0, n) }
// @ts-ignore: decorator
@inline export function float(value: f64): void { put(Kind.FLOAT, 0, reinterpret<u64>(value)) }

/** `n` input bytes at `p` as bytes; they are not read. Answers the position after them. */
export function bytes(p: usize, n: u32): usize {
  const offset = offsetOf(p)
  p = skip(p, n)
  put(Kind.BYTES, n, offset)
  return p
}

/** `n` input bytes from `offset` on as bytes. */
// @ts-ignore: decorator
@inline export function bytesAt(offset: u64, n: u32): void { put(Kind.BYTES, n, offset) }

/** `n` input bytes from `offset` on as text; the host checks that they are UTF-8. */
export function stringAt(offset: u64, n: u32): void { putSmall(Kind.STRING | Source.INPUT, n, offset) }

/** `n` input bytes from `offset` on as a link; the caller has checked them. */
// @ts-ignore: decorator
@inline export function link(offset: u64, n: u32): void { put(Kind.LINK, n, offset) }

/** Takes the `n` bytes at `p`, all in memory, as ASCII text if they are ASCII and there is room. */
// @ts-ignore: decorator
@inline function ascii(p: usize, n: u32): bool {
  if (textTop + n > textEnd || !copyAscii(p, textTop, n)) return false
  put(Kind.STRING | Source.TEXT, n, <u64>(textTop - text))
  textTop += n
  return true
}

/** Copies the `n` bytes at `p`, all in memory, into the text arena if they are ASCII and there is room, without a record; answers their offset there, or −1. */
// @ts-ignore: decorator
@inline export function asciiText(p: usize, n: u32): i32 {
  if (textTop + n > textEnd || !copyAscii(p, textTop, n)) return -1
  const offset = <i32>(textTop - text)
  textTop += n
  return offset
}
/** Address of an offset in the text arena. */
// @ts-ignore: decorator
@inline export function textAt(offset: u32): usize { return text + <usize>offset }

/** `n` input bytes at `p` as text; checked to be UTF-8, here or by the host. Answers the position after them. */
// @ts-ignore: decorator
@inline export function string(p: usize, n: u32): usize {
  return <usize>n <= atHand(p) && ascii(p, n) ? p + n : otherString(p, n)
}

function otherString(p: usize, n: u32): usize {
  const offset = offsetOf(p)
  if (<u64>n > inputSize() - offset) fail(Code.UNEXPECTED_END, inputSize())
  if (n >= LONG) {
    p = need(p, 256)
    if (asciiAhead(p)) return raw(p, n, offset)
  } else if (<usize>n > atHand(p)) {
    p = refill(p, n)
    if (ascii(p, n)) return p + n
  }
  if (<u64>wideTop + 2 * <u64>n > <u64>wideEnd || offset >> 32) return raw(p, n, offset)
  const start = wideTop
  let left = n
  while (left) {
    p = need(p, min<u32>(left, 4))
    transcode(p, p + <usize>min<u64>(left, atHand(p)), wideTop)
    if (stopped == p) fail(Code.INVALID_UTF8, offsetOf(p), load<u8>(p))
    left -= <u32>(stopped - p)
    p = stopped
    wideTop = written
  }
  putWide(Source.INPUT, n, <u32>offset, start)
  return p
}

function asciiAhead(p: usize): bool {
  for (let i: usize = 0; i < 256; i += 16) if (nonAscii16(p + i)) return false
  return true
}

function raw(p: usize, n: u32, offset: u64): usize {
  p = skip(p, n)
  putSmall(Kind.STRING | Source.INPUT, n, offset)
  return p
}

/** Text whose UTF-8 stands at `offset` of `source` and whose UTF-16 runs from `start` to the wide arena's top. */
function putWide(source: u32, n: u32, offset: u32, start: usize): void {
  const extra = n - <u32>((wideTop - start) >> 1)
  if (extra >> 24) {
    wideTop = start
    putSmall(Kind.STRING | source, n, offset)
  } else {
    putSmall(Kind.STRING | source | WIDE | extra << 8, n, <u64>offset | <u64>((start - wide) >> 1) << 32)
  }
}

/** Puts up to 16 ASCII characters of the codec's own, as the names of a schema's fields, into the text arena; answers where they stand, for `literal`. */
export function putLiteral(characters: usize, n: u32): u32 {
  v128.store(textTop, v128.load(characters))
  const offset = <u32>(textTop - text)
  textTop += n
  return offset
}

/** Text that `putLiteral` has put, or a part of it: as often as it is wanted. */
// @ts-ignore: decorator
@inline export function literal(offset: u32, n: u32): void { put(Kind.STRING | Source.TEXT, n, offset) }

/** As `string`, for a key: its bytes stay in the guest, so that keys can be compared. */
// @ts-ignore: decorator
@inline export function key(p: usize, n: u32): usize {
  return <usize>n <= atHand(p) && ascii(p, n) ? p + n : otherKey(p, n)
}

function otherKey(p: usize, n: u32): usize {
  const offset = offsetOf(p)
  if (<u64>n > inputSize() - offset) fail(Code.UNEXPECTED_END, inputSize())
  const to = dataRoom(n, offset)
  p = copyInput(p, to, n)
  dataString(n, offset)
  return p
}

/** Top of the text arena, if what follows at `p` in the window fits there with 16 bytes to spare; otherwise 0. ASCII written there is taken with `takeText`. */
// @ts-ignore: decorator
@inline export function textRoom(p: usize): usize { return textEnd - textTop >= atHand(p) ? textTop : 0 }

/** Where the next text goes: for one who knows that there is room. */
// @ts-ignore: decorator
@inline export function textHere(): usize { return textTop }

/** Takes the next `n` bytes of the text arena, which the caller has written. */
// @ts-ignore: decorator
@inline export function takeText(n: u32): void {
  put(Kind.STRING | Source.TEXT, n, <u64>(textTop - text))
  textTop += n
}

/** Where the data arena ends: up to 16 bytes may be written there. */
// @ts-ignore: decorator
@inline export function dataLimit(): usize { return dataEnd }

/** Where `dataRoom` is, for one who minds `dataLimit`. */
// @ts-ignore: decorator
@inline export function dataHere(): usize { return dataTop }

/** Room for `n` bytes at the top of the data arena, not yet taken. Fails with TOO_LARGE. @param offset where in the input to point on failure */
export function dataRoom(n: u32, offset: u64): usize {
  if (<u64>dataTop + <u64>n > <u64>dataEnd) fail(Code.TOO_LARGE, offset)
  return dataTop
}

/** Takes the next `n` bytes of the data arena, which the caller has written, as text. @param offset where that text stands in the input, for INVALID_UTF8 */
export function dataString(n: u32, offset: u64): void {
  const at = dataTop
  dataTop += n
  // where it is ASCII, it stands in the text arena now
  if (ascii(at, n)) dataTop = at
  else transcoded(at, n, offset)
}

/** Text in the data arena. @param offset where to point on failure */
function transcoded(p: usize, n: u32, offset: u64): void {
  if (<u64>wideTop + 2 * <u64>n > <u64>wideEnd) {
    putSmall(Kind.STRING | Source.DATA, n, <u64>(p - data))
    return
  }
  const start = wideTop
  transcode(p, p + n, start)
  if (stopped != p + n) fail(Code.INVALID_UTF8, offset + <u64>(stopped - p), load<u8>(stopped))
  wideTop = written
  putWide(Source.DATA, n, <u32>(p - data), start)
}

/** Takes the next `n` bytes of the data arena, which the caller has written, as bytes. */
export function dataBytes(n: u32): void {
  putSmall(Kind.BYTES | Source.DATA, n, <u64>(dataTop - data))
  dataTop += n
}

/** Takes the next `n` bytes of the data arena, which the caller has written, as a link. */
export function dataLink(n: u32): void {
  putSmall(Kind.LINK | Source.DATA, n, <u64>(dataTop - data))
  dataTop += n
}

/** Opens a list or map: its items follow. Answers its record, for `close`. */
// @ts-ignore: decorator
@inline export function open(kind: Kind): usize {
  const record = top
  put(kind, 0, 0)
  return record
}

/** @param count items or entries since `open` */
// @ts-ignore: decorator
@inline export function close(record: usize, count: u32): void {
  store<u32>(record, count, 4)
  store<u32>(record, indexOf(top), 8)
}

/** Closes a map whose first `shared` entries have the keys of the map at record `like`, and stand without theirs. */
// @ts-ignore: decorator
@inline export function closeShared(record: usize, count: u32, like: usize, shared: u32): void {
  close(record, count)
  store<u32>(record, Kind.MAP | shared << 8)
  store<u32>(record, indexOf(like), 12)
}

/** The record after the value at `record`. */
// @ts-ignore: decorator
@inline export function after(record: usize): usize {
  return (<u32>load<u8>(record) & 15) < <u32>Kind.LIST ? record + RECORD : tape + <usize>load<u32>(record, 8) * RECORD
}

/** Address of the bytes of a key record. */
// @ts-ignore: decorator
@inline export function keyBytes(record: usize): usize {
  return (load<u8>(record) & <u8>Source.TEXT ? text : data) + <usize>load<u32>(record, 8)
}
// @ts-ignore: decorator
@inline export function keyLength(record: usize): u32 { return load<u32>(record, 4) }

/** `n` bytes after the tape, until the next record is written. */
export function scratch(n: usize): usize {
  reach(top + n)
  end = limit()
  return top
}

/** Lets node.ts read what has been written so far. */
export function openForReading(): void { openAt(tape, text, data) }

// --- shared keys -----------------------------------------------------------------------------------------------------------------------------------------

/** 64 slots of map records that were written with all their keys, by hash of their first key: the candidates for sharing. */
// @ts-ignore: decorator
@lazy const RECENT: usize = memory.data(64 * 4, 16)

function forgetMaps(): void {
  memory.fill(RECENT, 0, 256)
}

/** The slot for a map whose first key is the `n` bytes at `p`. May read up to 3 bytes past them. @param salt what else tells maps apart beforehand, as their number of entries */
// @ts-ignore: decorator
@inline export function recentSlot(p: usize, n: u32, salt: u32): usize {
  return slotOf((load<u32>(p) & (n < 4 ? (1 << (n << 3)) - 1 : -1)) + n * 0x9e37 + salt * 0x79b9)
}

/** The slot for maps of which `hash` is known beforehand. */
// @ts-ignore: decorator
@inline export function slotOf(hash: u32): usize {
  return RECENT + <usize>((hash * 0x9e3779b1) >>> 26 << 2)
}

/** The map last remembered in a slot, or 0. */
// @ts-ignore: decorator
@inline export function recentMap(slot: usize): usize { return load<u32>(slot) }
/** Remembers a map that has all its keys. */
// @ts-ignore: decorator
@inline export function remember(slot: usize, record: usize): void { store<u32>(slot, <u32>record) }

/** Whether a key record is an ASCII key. */
// @ts-ignore: decorator
@inline export function asciiKey(record: usize): bool { return load<u8>(record) == <u8>(Kind.STRING | Source.TEXT) }

/** Whether a key record is an ASCII key and equals the `n` bytes at hand at `p`. */
// @ts-ignore: decorator
@inline export function sameKey(record: usize, p: usize, n: u32): bool {
  if (load<u8>(record) != <u8>(Kind.STRING | Source.TEXT) || load<u32>(record, 4) != n) return false
  return sameBytes(text + <usize>load<u32>(record, 8), p, n)
}

/** Words, not vectors, which would make the frames of recursive decoders larger. May read up to 7 bytes past the ends. */
// @ts-ignore: decorator
@inline export function sameBytes(a: usize, b: usize, n: u32): bool {
  if (n <= 8) return n == 0 || (load<u64>(a) ^ load<u64>(b)) << (64 - (<u64>n << 3)) == 0
  return sameLong(a, b, n - 8)
}

function sameLong(a: usize, b: usize, last: u32): bool {
  for (let i: u32 = 0; i < last; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false
  return load<u64>(a + last) == load<u64>(b + last)
}
