/** Blocks that are one list. */
import { inputSize } from '../../sdk/control'
import { Code, fail } from '../../sdk/fail'
import { offsetOf } from '../../sdk/input'
import * as tape from '../../sdk/tape'
import { blockHead, finish, isList, size } from '../rlp/head'
import { writePlan } from '../rlp/plan'
import { openBlock, struct } from './decode'
import { openRoot, struct as planStruct } from './encode'

/** Opens the block; answers where its items begin. They end with the input. @param links as many as it may have */
export function openList(links: usize): usize {
  const p = blockHead(openBlock(links))
  if (!isList) fail(Code.MALFORMED, 0)
  const end = offsetOf(p) + size
  if (end != inputSize()) fail(Code.TRAILING_BYTES, end)
  return p
}

export function close(p: usize): void {
  finish(p)
  tape.closeTape()
}

/** A block that is a map of the fields of a schema: at most of as many links as fields. */
export function decodeStruct(schema: usize, n: u32): void {
  close(struct(openList(n), inputSize(), schema, n))
}

export function encodeStruct(schema: usize, n: u32): void {
  planStruct(openRoot(), schema, n)
  writePlan()
}
