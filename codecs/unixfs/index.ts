/** UnixFS: https://specs.ipfs.tech/unixfs/ */
import * as answer from '../sdk/answer'
import { Op, Status } from '../sdk/answer'
import { codecOf } from '../sdk/cid'
import { Code, fail } from '../sdk/fail'
import * as node from '../sdk/node'
import { RECORD } from '../sdk/tape'
import * as directory from './directory'
import * as frames from './frames'
import { Codec } from './frames'
import { describe } from './open'
import * as read from './read'

export { control, reserve } from '../sdk/codec'

/** The operation; 0 before the first call. */
let op: u32 = 0
/** A block has been asked for, of this codec. */
let asked: bool = false
let codec: u64 = 0

export function run(flags: u32): i32 {
  if (!op) return begin()
  const came = asked
  asked = false
  let status: i32
  if (op == Op.OPEN) {
    status = describe(codec)
  } else if (op == Op.READ) {
    if (came) read.visit(codec)
    status = read.step()
  } else {
    if (came) directory.visit(codec)
    status = directory.step()
  }
  if (status == Status.ASKS) {
    asked = true
    // raw leaves are never asked for
    codec = Codec.DAG_PB
  }
  return status
}

/** Takes the arguments and asks for the root. */
function begin(): i32 {
  frames.openFrames()
  const list = node.openNode()
  op = <u32>node.integer(list + RECORD)
  const root = list + 2 * RECORD
  const rest = list + 4 * RECORD
  if (op < <u32>Op.OPEN || op > <u32>Op.READ) fail(Code.UNSUPPORTED, 0, op)
  if (op == Op.GET) directory.openGet(node.resident(rest), node.length(rest))
  if (op == Op.READ) read.openRead(node.integer(rest), node.integer(rest + RECORD))
  const cid = node.resident(root)
  const n = node.length(root)
  codec = codecOf(cid, n)
  if (codec != Codec.RAW && codec != Codec.DAG_PB) fail(Code.UNSUPPORTED_CODEC, 0, <u32>codec)
  answer.openAnswer(frames.top, cid)
  const links = answer.open(1)
  answer.linkHere(cid, n)
  answer.closeCounted(links)
  asked = true
  return answer.hand(Status.ASKS)
}
