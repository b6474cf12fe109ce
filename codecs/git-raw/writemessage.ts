/** Commits and tags from the node tape. A value whose block would be read as another value has no form, and is refused. */
import { Code, fail } from '../sdk/fail'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { Kind, RECORD, sameBytes } from '../sdk/tape'
import { field, fieldsOf, optional } from '../lib/fields/fields'
import { CommitField, CommitName, NAMES, PersonField, Schema, TagField, Word } from './names'
import { parsePerson } from './person'
import { endHeader, expectText, putHashLine, putText, putWord } from './put'
import { starts } from './text'

// @ts-ignore: decorator
@lazy const COMMIT: usize = memory.data(CommitField.COUNT * 4, 16)
// @ts-ignore: decorator
@lazy const TAG: usize = memory.data(TagField.COUNT * 4, 16)
// @ts-ignore: decorator
@lazy const PERSON: usize = memory.data(PersonField.COUNT * 4, 16)

/** The next item, and how many are left, of the lists that headers come from. */
let mergetag: usize = 0
let mergetags: u32 = 0
let other: usize = 0
let others: u32 = 0
/** Whether the commit's encoding and signature are written, or there are none. */
let encodingDone: bool = false
let signatureDone: bool = false
/** The header that a line would be taken for if it began so; NONE if no more. */
let open: u32 = 0
const NONE: u32 = 0xff

export function writeCommit(map: usize): void {
  fieldsOf(map, NAMES + <usize>Schema.COMMIT, COMMIT)
  putHashLine(Word.TREE, field(COMMIT, CommitField.TREE, map))
  const parents = field(COMMIT, CommitField.PARENTS, map)
  node.expect(parents, Kind.LIST)
  let at = parents + RECORD
  for (let i = node.length(parents); i > 0; i--) {
    putHashLine(Word.PARENT, at)
    at = node.next(at)
  }
  const author = optional(COMMIT, CommitField.AUTHOR)
  const committer = optional(COMMIT, CommitField.COMMITTER)
  if (author) personHeader(Word.AUTHOR, author)
  if (committer) personHeader(Word.COMMITTER, committer)
  open = committer ? NONE : author ? <u32>Word.COMMITTER : <u32>Word.PARENT

  const tags = optional(COMMIT, CommitField.MERGETAG)
  const lines = optional(COMMIT, CommitField.OTHER)
  mergetags = lengthOf(tags)
  mergetag = tags + RECORD
  others = lengthOf(lines)
  other = lines + RECORD
  const order = optional(COMMIT, CommitField.ORDER)
  if (order) ordered(order)
  else {
    encoding()
    while (mergetags) nextMergetag()
    while (others) nextOther()
    signature()
  }
  if (mergetags | others | u32(!encodingDone && optional(COMMIT, CommitField.ENCODING)) | u32(!signatureDone && optional(COMMIT, CommitField.SIGNATURE)))
    fail(Code.MISSING_FIELD, node.indexOf(order))
  message(optional(COMMIT, CommitField.MESSAGE))
}

function lengthOf(list: usize): u32 {
  if (!list) return 0
  node.expect(list, Kind.LIST)
  return node.length(list)
}

/** Headers in another order than the usual: each is the next of its field. */
function ordered(order: usize): void {
  node.expect(order, Kind.LIST)
  let usual = true
  let last: u32 = 0
  let at = order + RECORD
  for (let i = node.length(order); i > 0; i--) {
    node.expect(at, Kind.STRING)
    let rank: u32 = 0
    if (names(at, CommitName.ENCODING)) {
      if (encodingDone || !optional(COMMIT, CommitField.ENCODING)) fail(Code.UNKNOWN_FIELD, node.indexOf(at))
      encoding()
    } else if (names(at, CommitName.MERGETAG)) {
      if (!mergetags) fail(Code.UNKNOWN_FIELD, node.indexOf(at))
      nextMergetag()
      rank = 1
    } else if (names(at, CommitName.OTHER)) {
      if (!others) fail(Code.UNKNOWN_FIELD, node.indexOf(at))
      nextOther()
      rank = 2
    } else {
      if (!names(at, CommitName.SIGNATURE) || signatureDone || !optional(COMMIT, CommitField.SIGNATURE)) fail(Code.UNKNOWN_FIELD, node.indexOf(at))
      signature()
      rank = 3
    }
    if (rank < last) usual = false
    last = rank
    at += RECORD
  }
  if (usual) fail(Code.UNSUPPORTED, node.indexOf(order))
}

function names(n: usize, name: u32): bool {
  const length = <u32>load<u8>(NAMES + <usize>name - 1)
  return node.length(n) == length && sameBytes(node.resident(n), NAMES + <usize>name, length)
}

function encoding(): void {
  const value = optional(COMMIT, CommitField.ENCODING)
  if (!value) return
  open = NONE
  encodingDone = true
  putWord(Word.ENCODING)
  endHeader(putText(value))
}

function signature(): void {
  const value = optional(COMMIT, CommitField.SIGNATURE)
  if (!value) return
  open = NONE
  signatureDone = true
  putWord(Word.GPGSIG)
  endHeader(putText(value))
}

function nextMergetag(): void {
  open = NONE
  putWord(Word.MERGETAG)
  const start = out.here()
  tag(mergetag, true)
  // its last line feed is the header's
  if (load<u8>(out.here() - 1) != 10) fail(Code.UNSUPPORTED, node.indexOf(mergetag))
  out.wroteTo(out.here() - 1)
  endHeader(start)
  mergetag = node.next(mergetag)
  mergetags--
}

/** A header that is kept as it is. */
function nextOther(): void {
  const start = putText(other)
  const end = out.here()
  const c = start < end ? load<u8>(start) : 0x20
  let taken = c == 10 || c == 0x20 || starts(start, end, Word.MERGETAG)
  if (!encodingDone && starts(start, end, Word.ENCODING)) taken = true
  if (!signatureDone && starts(start, end, Word.GPGSIG)) taken = true
  if (open != NONE && (starts(start, end, Word.COMMITTER) || (open == <u32>Word.PARENT && (starts(start, end, Word.PARENT) || starts(start, end, Word.AUTHOR))))) taken = true
  if (taken) fail(Code.UNSUPPORTED, node.indexOf(other))
  open = NONE
  endHeader(start)
  other += RECORD
  others--
}

// --- tags ------------------------------------------------------------------------------------------------------------------------------------------------

export function writeTag(map: usize): void { tag(map, false) }

/** @param resident whether all must stand in the output, so that it can be folded */
function tag(map: usize, resident: bool): void {
  fieldsOf(map, NAMES + <usize>Schema.TAG, TAG)
  putHashLine(Word.OBJECT, field(TAG, TagField.OBJECT, map))
  line(Word.TYPE, field(TAG, TagField.TYPE, map))
  line(Word.TAG, field(TAG, TagField.TAG, map))
  const tagger = optional(TAG, TagField.TAGGER)
  if (tagger) personHeader(Word.TAGGER, tagger)
  const list = optional(TAG, TagField.OTHER)
  if (list) {
    const count = lengthOf(list)
    // without any there is no list
    if (count == 0) fail(Code.UNSUPPORTED, node.indexOf(list))
    let at = list + RECORD
    for (let i: u32 = 0; i < count; i++) {
      const start = putText(at)
      const end = out.here()
      const c = start < end ? load<u8>(start) : 0x20
      if (c == 10 || c == 0x20 || (i == 0 && !tagger && starts(start, end, Word.TAGGER))) fail(Code.UNSUPPORTED, node.indexOf(at))
      endHeader(start)
      at += RECORD
    }
  }
  const text = optional(TAG, TagField.MESSAGE)
  if (!resident) return message(text)
  if (!text) return
  out.byte(10)
  putText(text)
}

/** A header of one line. */
function line(word: Word, value: usize): void {
  putWord(word)
  for (let p = putText(value); p < out.here(); p++) if (load<u8>(p) == 10) fail(Code.UNSUPPORTED, node.indexOf(value), 10)
  out.byte(10)
}

// --- both ------------------------------------------------------------------------------------------------------------------------------------------------

/** An empty line and the message, if there is one. */
function message(value: usize): void {
  if (!value) return
  expectText(value)
  out.byte(10)
  out.content(value)
}

/** A header that says who has done something. */
function personHeader(word: Word, value: usize): void {
  putWord(word)
  const start = out.here()
  if (node.kind(value) != Kind.MAP) {
    putText(value)
    // what has the parts of a person is one
    if (oneLine(start) && parsePerson(start, out.here())) fail(Code.UNSUPPORTED, node.indexOf(value))
    return endHeader(start)
  }
  fieldsOf(value, NAMES + <usize>Schema.PERSON, PERSON)
  const name = optional(PERSON, PersonField.NAME)
  const date = optional(PERSON, PersonField.DATE)
  const zone = optional(PERSON, PersonField.TIMEZONE)
  if (name) {
    free(name, putText(name), 0x3c, 0x3c)
    out.byte(0x20)
  }
  out.byte(0x3c)
  putText(field(PERSON, PersonField.EMAIL, value))
  out.byte(0x3e)
  if (zone && !date) fail(Code.MISSING_FIELD, node.indexOf(value))
  if (date) {
    out.byte(0x20)
    free(date, putText(date), 0x20, 0x3e)
  }
  if (zone) {
    out.byte(0x20)
    free(zone, putText(zone), 0x3e, 0x3e)
  }
  if (!oneLine(start)) fail(Code.UNSUPPORTED, node.indexOf(value), 10)
  out.byte(10)
}

/** Fails if what begins at `p` in the output has one of two characters. */
function free(value: usize, p: usize, a: u8, b: u8): void {
  for (; p < out.here(); p++) {
    const c = load<u8>(p)
    if (c == a || c == b) fail(Code.UNSUPPORTED, node.indexOf(value), c)
  }
}

function oneLine(p: usize): bool {
  for (; p < out.here(); p++) if (load<u8>(p) == 10) return false
  return true
}
