/** The node tape, reading, for encoders. A node is the address of its record. The host has checked the tape, so nothing here checks it again. */
import { dataAddress, recordCount, tapeAddress, textAddress } from './control'
import { Code, fail } from './fail'
import { Kind, RECORD, Source } from './tape'

let tape: usize = 0
let text: usize = 0
let data: usize = 0

/** Opens the tape that the host has put; answers its root. */
export function openNode(): usize {
  openAt(tapeAddress(), textAddress(), dataAddress())
  return tape
}

/** Opens a tape that stands elsewhere: the one that a decoder is writing. */
export function openAt(tapeStart: usize, textStart: usize, dataStart: usize): void {
  tape = tapeStart
  text = textStart
  data = dataStart
}

/** Bytes of the whole tape, for sizing scratch memory. */
export function tapeLength(): usize { return <usize>recordCount() * RECORD }

// @ts-ignore: decorator
@inline export function kind(node: usize): Kind { return load<u8>(node) & 15 }
/** Length in bytes, number of items or entries. */
// @ts-ignore: decorator
@inline export function length(node: usize): u32 { return load<u32>(node, 4) }
// @ts-ignore: decorator
@inline export function boolOf(node: usize): bool { return load<u32>(node, 4) != 0 }
/** n of an unsigned integer n or a negative integer −1 − n. */
// @ts-ignore: decorator
@inline export function integer(node: usize): u64 { return load<u64>(node, 8) }
// @ts-ignore: decorator
@inline export function floatOf(node: usize): f64 { return load<f64>(node, 8) }
/** Record index, to point at in errors. */
// @ts-ignore: decorator
@inline export function indexOf(node: usize): u64 { return <u64>((node - tape) / RECORD) }

/** Whether the bytes are outside the guest, in the input: see `offsetOf`. */
// @ts-ignore: decorator
@inline export function outside(node: usize): bool { return (load<u8>(node) & 0x30) == Source.INPUT }
// @ts-ignore: decorator
@inline export function inputOffset(node: usize): u64 {
  // wide strings keep a place in the wide arena in the upper half
  return load<u8>(node) & 0x40 ? <u64>load<u32>(node, 8) : load<u64>(node, 8)
}

/** Address of the bytes of a string, bytes or link that is not `outside`. */
// @ts-ignore: decorator
@inline export function resident(node: usize): usize {
  return (load<u8>(node) & <u8>Source.TEXT ? text : data) + <usize>load<u32>(node, 8)
}

/** The record after the value at `node`. */
// @ts-ignore: decorator
@inline export function next(node: usize): usize {
  return kind(node) < Kind.LIST ? node + RECORD : tape + <usize>load<u32>(node, 8) * RECORD
}

// --- maps --------------------------------------------------------------------------------------------------------------------------------------------------

/** Leading entries whose keys stand in the map `like`. */
// @ts-ignore: decorator
@inline export function shared(map: usize): u32 { return load<u32>(map) >> 8 }
// @ts-ignore: decorator
@inline export function like(map: usize): usize { return tape + <usize>load<u32>(map, 12) * RECORD }

/** Fails with WRONG_KIND unless the node is of that kind. */
export function expect(node: usize, wanted: Kind): void {
  if (kind(node) != wanted) fail(Code.WRONG_KIND, indexOf(node), wanted)
}
