/** Commits and tags to the node tape: headers, an empty line, and a message. Both stand in memory as a whole. */
import { Code, fail } from '../sdk/fail'
import { allocate } from '../sdk/heap'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { CommitName, NAMES_LENGTH, PersonName, TagName, Word, wordLength } from './names'
import { dateEnd, dateStart, emailEnd, emailStart, nameEnd, parsePerson, zoneStart } from './person'
import { beginUnfolded, checkHashLine, endUnfolded, hashLine, headerEnd, headerValue, lineEnd, name, offsetAt, putNames, starts, text, unfold } from './text'

/** What the headers after a commit's committer are, in the order in which git writes them. */
const enum Extra { ENCODING, MERGETAG, OTHER, SIGNATURE, COUNT }

/** How many there are of each. */
// @ts-ignore: decorator
@lazy const COUNTS: usize = memory.data(4 * 4, 16)

// @ts-ignore: decorator
@inline function countOf(extra: Extra): u32 { return load<u32>(COUNTS + (<usize>extra << 2)) }

/** Opens the tape for commits and tags. */
function open(): void {
  tape.openTape(true, NAMES_LENGTH + 16, 64)
  putNames(NAMES_LENGTH)
}

// --- commits ---------------------------------------------------------------------------------------------------------------------------------------------

export function decodeCommit(start: usize, end: usize): void {
  let p = checkHashLine(start, end, Word.TREE)
  let parents: u32 = 0
  while (starts(p, end, Word.PARENT)) {
    p = checkHashLine(p, end, Word.PARENT)
    parents++
  }
  const author = starts(p, end, Word.AUTHOR) ? p : 0
  if (author) p = headerEnd(p, end) + 1
  const committer = starts(p, end, Word.COMMITTER) ? p : 0
  if (committer) p = headerEnd(p, end) + 1
  const extras = p
  p = survey(p, end)
  const unfolded = countOf(Extra.MERGETAG) ? allocate(largest + 32) : 0

  open()
  const root = tape.open(Kind.MAP)
  name(CommitName.TREE)
  let at = hashLine(start, end, Word.TREE)
  name(CommitName.PARENTS)
  const list = tape.open(Kind.LIST)
  for (let i: u32 = 0; i < parents; i++) at = hashLine(at, end, Word.PARENT)
  tape.close(list, parents)
  let count: u32 = 4
  if (author) {
    name(CommitName.AUTHOR)
    person(author + wordLength(Word.AUTHOR), headerEnd(author, end))
    count++
  }
  if (committer) {
    name(CommitName.COMMITTER)
    person(committer + wordLength(Word.COMMITTER), headerEnd(committer, end))
    count++
  }
  if (countOf(Extra.ENCODING)) {
    name(CommitName.ENCODING)
    each(extras, end, Extra.ENCODING, 0)
    count++
  }
  name(CommitName.MERGETAG)
  listOf(extras, end, Extra.MERGETAG, unfolded)
  name(CommitName.OTHER)
  listOf(extras, end, Extra.OTHER, 0)
  if (countOf(Extra.SIGNATURE)) {
    name(CommitName.SIGNATURE)
    each(extras, end, Extra.SIGNATURE, 0)
    count++
  }
  if (!usual) {
    name(CommitName.ORDER)
    const order = tape.open(Kind.LIST)
    tape.close(order, namesOf(extras, end))
    count++
  }
  tape.close(root, count + message(p, end, CommitName.MESSAGE))
  tape.closeTape()
}

let encodingSeen: bool = false
let signatureSeen: bool = false
/** Whether the extra headers stand in the usual order. */
let usual: bool = true
/** Bytes of the largest mergetag. */
let largest: usize = 0

/** What the header at `p` is. A second encoding or signature is one of the others. */
function extraAt(p: usize, end: usize): Extra {
  if (starts(p, end, Word.MERGETAG)) return Extra.MERGETAG
  if (!encodingSeen && starts(p, end, Word.ENCODING)) {
    encodingSeen = true
    return Extra.ENCODING
  }
  if (!signatureSeen && starts(p, end, Word.GPGSIG)) {
    signatureSeen = true
    return Extra.SIGNATURE
  }
  return Extra.OTHER
}

/** Whether headers go on at `p`. */
// @ts-ignore: decorator
@inline function isHeader(p: usize, end: usize): bool { return p < end && load<u8>(p) != 10 }

/** Counts the extra headers from `p` on, and answers the address after them. */
function survey(p: usize, end: usize): usize {
  v128.store(COUNTS, i64x2.splat(0))
  if (p < end && load<u8>(p) == 0x20) fail(Code.MALFORMED, offsetAt(p), 0x20)
  let last: Extra = Extra.ENCODING
  while (isHeader(p, end)) {
    const extra = extraAt(p, end)
    const next = headerEnd(p, end) + 1
    const slot = COUNTS + (<usize>extra << 2)
    store<u32>(slot, load<u32>(slot) + 1)
    if (extra < last) usual = false
    if (extra == Extra.MERGETAG) largest = max(largest, next - p)
    last = extra
    p = next
  }
  return p
}

/** The values of the extra headers of one kind. @param unfolded room for the largest mergetag */
function each(p: usize, end: usize, wanted: Extra, unfolded: usize): void {
  encodingSeen = signatureSeen = false
  while (isHeader(p, end)) {
    const extra = extraAt(p, end)
    const last = headerEnd(p, end)
    if (extra == wanted) {
      if (extra == Extra.MERGETAG) {
        // the line feed that ends the header is the tag's last
        const to = unfold(p + wordLength(Word.MERGETAG), last, unfolded)
        store<u8>(to, 10)
        beginUnfolded(p)
        tag(unfolded, to + 1)
        endUnfolded()
      } else {
        headerValue(extra == Extra.ENCODING ? p + wordLength(Word.ENCODING) : extra == Extra.SIGNATURE ? p + wordLength(Word.GPGSIG) : p, last)
      }
    }
    p = last + 1
  }
}

function listOf(p: usize, end: usize, extra: Extra, unfolded: usize): void {
  const list = tape.open(Kind.LIST)
  const count = countOf(extra)
  if (count) each(p, end, extra, unfolded)
  tape.close(list, count)
}

/** For each extra header the name of the field that has its value; answers their number. */
function namesOf(p: usize, end: usize): u32 {
  encodingSeen = signatureSeen = false
  let count: u32 = 0
  for (; isHeader(p, end); count++) {
    const extra = extraAt(p, end)
    name(
      extra == Extra.ENCODING ? CommitName.ENCODING
      : extra == Extra.MERGETAG ? CommitName.MERGETAG
      : extra == Extra.OTHER ? CommitName.OTHER
      : CommitName.SIGNATURE
    )
    p = headerEnd(p, end) + 1
  }
  return count
}

// --- tags ------------------------------------------------------------------------------------------------------------------------------------------------

export function decodeTag(start: usize, end: usize): void {
  open()
  tag(start, end)
  tape.closeTape()
}

/** A tag that has ended its headers with what is at `p`, or in a mergetag. */
function tag(p: usize, end: usize): void {
  const root = tape.open(Kind.MAP)
  name(TagName.OBJECT)
  p = hashLine(p, end, Word.OBJECT)
  name(TagName.TYPE)
  p = line(p, end, Word.TYPE)
  name(TagName.TAG)
  p = line(p, end, Word.TAG)
  let count: u32 = 3
  if (starts(p, end, Word.TAGGER)) {
    name(TagName.TAGGER)
    const last = headerEnd(p, end)
    person(p + wordLength(Word.TAGGER), last)
    p = last + 1
    count++
  }
  if (isHeader(p, end)) {
    if (load<u8>(p) == 0x20) fail(Code.MALFORMED, offsetAt(p), 0x20)
    name(TagName.OTHER)
    const list = tape.open(Kind.LIST)
    let others: u32 = 0
    for (; isHeader(p, end); others++) {
      const last = headerEnd(p, end)
      headerValue(p, last)
      p = last + 1
    }
    tape.close(list, others)
    count++
  }
  tape.close(root, count + message(p, end, TagName.MESSAGE))
}

/** A header of one line; answers the address after it. */
function line(p: usize, end: usize, word: Word): usize {
  if (!starts(p, end, word)) fail(Code.MALFORMED, offsetAt(p))
  p += wordLength(word)
  const last = lineEnd(p, end)
  if (last == end) fail(Code.UNEXPECTED_END, offsetAt(end))
  text(p, <u32>(last - p))
  return last + 1
}

// --- both ------------------------------------------------------------------------------------------------------------------------------------------------

/** What comes after the headers: nothing, or an empty line and a message, which may be empty. Answers the number of entries. */
function message(p: usize, end: usize, key: u32): u32 {
  if (p == end) return 0
  name(key)
  text(p + 1, <u32>(end - p - 1))
  return 1
}

/** The value of a header from `p` to its line feed at `end`. */
function person(p: usize, end: usize): void {
  // a name of two lines is none
  if (lineEnd(p, end) != end || !parsePerson(p, end)) return headerValue(p, end)
  const root = tape.open(Kind.MAP)
  let count: u32 = 1
  if (nameEnd) {
    name(PersonName.NAME)
    text(p, <u32>(nameEnd - p))
    count++
  }
  name(PersonName.EMAIL)
  text(emailStart, <u32>(emailEnd - emailStart))
  if (dateStart) {
    name(PersonName.DATE)
    text(dateStart, <u32>(dateEnd - dateStart))
    count++
  }
  if (zoneStart) {
    name(PersonName.TIMEZONE)
    text(zoneStart, <u32>(end - zoneStart))
    count++
  }
  tape.close(root, count)
}
