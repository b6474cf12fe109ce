/**
 * DAG-JOSE to the node tape: https://ipld.io/specs/codecs/dag-jose/spec/. A block is DAG-CBOR of the struct EncodedJWS or EncodedJWE; the value is the decoded representation, in which
 * bytes are base64url, as JOSE has them, and a JWS has the link that its payload is.
 */
import { item } from '../lib/cbor/decode'
import { argument, lengthAt, lenient, Major, setLenient } from '../lib/cbor/head'
import { isCid, MAX_CID } from '../sdk/cid'
import { Code, fail } from '../sdk/fail'
import { atEnd, need, offsetOf, openInput } from '../sdk/input'
import * as tape from '../sdk/tape'
import { Kind } from '../sdk/tape'
import { encode } from './base64url'
import { Field, fieldOf, LISTS, MAPS, nameLength, nameOf, Struct } from './fields'

/** Bytes that are read at a time: a multiple of 3, for base64. */
const PIECE: u32 = 3 * 4096

export function decodeBlock(lax: bool): void {
  setLenient(lax)
  tape.openLongTape()
  const p = jose(need(openInput(), 1))
  if (!atEnd(p)) fail(Code.TRAILING_BYTES, offsetOf(p))
  tape.closeTape()
}

/** Offset of the payload, its length, and whether it is a CID. */
let payload: u64 = 0
let payloadLength: u32 = 0
let linked: bool = false

function jose(p: usize): usize {
  const start = offsetOf(p)
  const record = tape.open(Kind.MAP)
  p = struct(p, Struct.JWS | Struct.JWE, 0)
  const fields = seen
  let count = popcnt(fields)
  if (fields & (1 << Field.PAYLOAD)) {
    // as RFC 7516, section 9, tells the two apart
    if (fields != Struct.JWS) fail(Code.MALFORMED, start)
    if (linked) {
      tape.literal(tape.putLiteral(nameOf(Field.LINK), nameLength(Field.LINK)), nameLength(Field.LINK))
      tape.link(payload, payloadLength)
      count++
    }
  } else if (!(fields & (1 << Field.CIPHERTEXT)) || fields & (1 << Field.SIGNATURES)) {
    fail(Code.MALFORMED, start)
  }
  tape.close(record, count)
  return p
}

/** The fields that `struct` has met. */
let seen: u32 = 0

/** The map at `p` with fields of a struct, each once. Strict: in the order of DAG-CBOR. Puts their entries on the tape. @param allowed its fields */
function struct(p: usize, allowed: u32, depth: u32): usize {
  const start = offsetOf(p)
  const head = <u32>load<u8>(p)
  if (head >> 5 != Major.MAP) fail(Code.MALFORMED, start, head)
  p = argument(p, head)
  const count = lengthAt(start)
  let fields: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    p = need(p, 1)
    const at = offsetOf(p)
    const keyHead = <u32>load<u8>(p)
    if (keyHead >> 5 != Major.TEXT) fail(Code.MALFORMED, at, keyHead)
    p = argument(p, keyHead)
    const n = lengthAt(at)
    p = need(p, min<u32>(n, 16))
    const bit = 1 << fieldOf(p, n)
    if (!(allowed & bit)) fail(Code.MALFORMED, at)
    if (fields & bit) fail(Code.DUPLICATE_KEY, at)
    if (fields > <u32>bit && !lenient) fail(Code.KEY_ORDER, at)
    fields |= bit
    p = field(need(tape.key(p, n), 1), bit, depth)
  }
  seen = fields
  return p
}

/** The value of a field. */
function field(p: usize, bit: u32, depth: u32): usize {
  const start = offsetOf(p)
  const head = <u32>load<u8>(p)
  if (bit & (MAPS | LISTS)) {
    if (bit & LISTS) return list(p, bit == 1 << Field.SIGNATURES ? Struct.SIGNATURE : Struct.RECIPIENT, depth)
    if (head >> 5 != Major.MAP) fail(Code.MALFORMED, start, head)
    return item(p, depth + 1)
  }
  if (head >> 5 != Major.BYTES) fail(Code.MALFORMED, start, head)
  p = argument(p, head)
  const n = lengthAt(start)
  if (bit == 1 << Field.PAYLOAD) p = link(p, n)
  return text(p, n)
}

/** The payload of a JWS, which has to be a CID. Lax: any bytes, and then there is no link. */
function link(p: usize, n: u32): usize {
  payload = offsetOf(p)
  payloadLength = n
  if (n <= MAX_CID) {
    p = need(p, n)
    linked = isCid(p, n)
  }
  if (!linked && !lenient) fail(Code.INVALID_CID, payload, n)
  return p
}

/** Puts `n` bytes on the tape as base64url. */
function text(p: usize, n: u32): usize {
  const start = tape.textHere()
  let to = start
  while (n) {
    const size = min(n, PIECE)
    p = need(p, size)
    to = encode(p, size, to)
    p += size
    n -= size
  }
  tape.takeText(<u32>(to - start))
  return p
}

/** The signatures or recipients. */
function list(p: usize, each: u32, depth: u32): usize {
  const start = offsetOf(p)
  const head = <u32>load<u8>(p)
  if (head >> 5 != Major.ARRAY) fail(Code.MALFORMED, start, head)
  const record = tape.open(Kind.LIST)
  p = argument(p, head)
  const count = lengthAt(start)
  for (let i: u32 = 0; i < count; i++) {
    p = need(p, 1)
    const at = offsetOf(p)
    const map = tape.open(Kind.MAP)
    p = struct(p, each, depth + 2)
    // a signature is all that a signature has to have
    if (each == Struct.SIGNATURE && !(seen & (1 << Field.SIGNATURE))) fail(Code.MALFORMED, at)
    tape.close(map, popcnt(seen))
  }
  tape.close(record, count)
  return p
}
