/** A smaller image of an image: decoded as it comes, made smaller row by row, encoded, and made a block. See README.md. */
import * as answer from '../../codecs/sdk/answer'
import { Code, fail } from '../../codecs/sdk/fail'
import * as fn from '../../codecs/sdk/function'
import * as node from '../../codecs/sdk/node'
import { Kind } from '../../codecs/sdk/tape'
import { imageHeight, imageWidth, wish } from './fit'
import { height, width } from './picture'
import { stepJpeg } from './jpeg/segments'
import { jpegLength, writeJpeg } from './jpeg/write'
import { stepPng } from './png/chunks'
import { pngLength, writePng } from './png/write'
import { beginSource, endSource, has, more, offsetOf, position, sourceEnd, takeChunk } from './source'

export { control } from '../../codecs/sdk/codec'
export { reserve } from '../../codecs/sdk/function'

const enum State { START, OPENED, READING, CREATED }
const enum Format { UNKNOWN, PNG, JPEG }

const RAW: u64 = 0x55

let state: State = State.START
let format: Format = Format.UNKNOWN
/** of the thumbnail; unknown is that of the image */
let wished: Format = Format.UNKNOWN
let quality: u32 = 80

export function run(flags: u32): i32 {
  if (state == State.START) {
    state = State.OPENED
    return start()
  }
  if (state == State.OPENED) {
    state = State.READING
    beginSource()
    return fn.next(0)
  }
  if (state == State.CREATED) return finish()
  if (flags & fn.NONE) {
    endSource()
    if (!step()) fail(Code.UNEXPECTED_END, offsetOf(sourceEnd()))
    return create()
  }
  takeChunk()
  while (more()) if (step()) return create()
  return fn.next(0)
}

function start(): i32 {
  fn.begin()
  const w = numberOf('width')
  if (!w) fail(Code.MISSING_FIELD, 0)
  wish(w, numberOf('height'))
  const name = fn.field(fn.params, 'format')
  if (name) {
    if (fn.isText(name, 'png')) wished = Format.PNG
    else if (fn.isText(name, 'jpeg')) wished = Format.JPEG
    else fail(Code.UNSUPPORTED, node.indexOf(name))
  }
  if (fn.field(fn.params, 'quality')) quality = numberOf('quality')
  if (quality > 100) fail(Code.NUMBER_RANGE, node.indexOf(fn.field(fn.params, 'quality')), quality)
  const asked = fn.openBytes(0, fn.field(fn.params, 'file'))
  if (!asked) fail(Code.MISSING_FIELD, 0)
  return asked
}

/** A parameter that is a number, at least 1; 0 if it is not there. */
function numberOf(name: string): u32 {
  const record = fn.field(fn.params, name)
  if (!record) return 0
  if (node.kind(record) != Kind.UINT) fail(Code.WRONG_KIND, node.indexOf(record))
  const value = node.integer(record)
  if (!value) fail(Code.NUMBER_RANGE, node.indexOf(record))
  return <u32>min<u64>(value, u32.MAX_VALUE)
}

/** Goes on with what is at hand; true if the image has ended. */
function step(): bool {
  if (format == Format.UNKNOWN) {
    const p = position()
    if (!has(p, 3)) return false
    const first = load<u32>(p) & 0xffffff
    if (first == 0x4e5089) format = Format.PNG
    else if (first == 0xffd8ff) format = Format.JPEG
    else fail(Code.UNSUPPORTED, 0, first)
  }
  return format == Format.PNG ? stepPng() : stepJpeg()
}

function create(): i32 {
  state = State.CREATED
  if (wished == Format.UNKNOWN) wished = format
  if (wished == Format.PNG) return fn.createBlock(RAW, writePng(), pngLength)
  return fn.createBlock(RAW, writeJpeg(quality), jpegLength)
}

function finish(): i32 {
  const link = fn.handedNode()
  fn.beginAnswer(node.resident(link))
  const map = answer.openMap(7)
  answer.text('image')
  answer.linkHere(node.resident(link), node.length(link))
  answer.text('width')
  answer.uint(width)
  answer.text('height')
  answer.uint(height)
  answer.text('format')
  textOf(wished)
  answer.text('originalWidth')
  answer.uint(imageWidth)
  answer.text('originalHeight')
  answer.uint(imageHeight)
  answer.text('originalFormat')
  textOf(format)
  answer.closeCounted(map)
  return fn.done()
}

function textOf(format: Format): void {
  if (format == Format.PNG) answer.text('png')
  else answer.text('jpeg')
}
