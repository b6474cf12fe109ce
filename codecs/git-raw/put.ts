/** Small things that encoders write. */
import { Code, fail } from '../sdk/fail'
import { readInput } from '../sdk/input'
import * as node from '../sdk/node'
import * as out from '../sdk/output'
import { Kind } from '../sdk/tape'
import { encodeHash, LINK, PREFIX } from './hash'
import { Word, wordCharacters, wordLength } from './names'

/** Fails with WRONG_KIND unless the node is a string, or bytes, as text that is not UTF-8 is. */
export function expectText(n: usize): void {
  if (node.kind(n) != Kind.BYTES) node.expect(n, Kind.STRING)
}

/** Writes text, all of it to the output, and answers where it begins there; it ends where the output does. */
export function putText(n: usize): usize {
  expectText(n)
  const length = node.length(n)
  const to = out.room(length)
  if (node.outside(n)) readInput(to, length, node.inputOffset(n))
  else memory.copy(to, node.resident(n), length)
  out.wrote(length)
  return to
}

export function putWord(word: Word): void { out.copy(wordCharacters(word), wordLength(word)) }

/** Address of the hash in a link to another object. Fails with WRONG_KIND or INVALID_CID. */
export function hashOf(n: usize): usize {
  node.expect(n, Kind.LINK)
  const cid = node.resident(n)
  if (node.length(n) != LINK || load<u32>(cid) != PREFIX) fail(Code.INVALID_CID, node.indexOf(n), node.length(n))
  return cid + 4
}

/** Writes a line of a word and a hash. */
export function putHashLine(word: Word, link: usize): void {
  const hash = hashOf(link)
  putWord(word)
  encodeHash(hash, out.room(48))
  out.wrote(40)
  out.byte(10)
}

/** Ends the header whose value begins at `start` in the output: lines after its first get a space before them, and the last one ends. */
export function endHeader(start: usize): void {
  let folds: u32 = 0
  const end = out.here()
  for (let p = start; p < end; p++) folds += u32(load<u8>(p) == 10)
  out.room(folds + 1)
  out.wrote(folds + 1)
  let to = end + folds
  store<u8>(to, 10)
  if (folds == 0) return
  for (let p = end; p > start; ) {
    const c = load<u8>(--p)
    if (c == 10) store<u8>(--to, 0x20)
    store<u8>(--to, c)
  }
}
