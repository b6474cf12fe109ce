/** The size of the thumbnail: within what is wished for, of the image's proportions, never larger than it. */
import { Code, fail } from '../../codecs/sdk/fail'
import { MAX_SIDE } from './area'

/** Most pixels of an image. */
const MAX_PIXELS: u64 = 1 << 26
/** Most pixels of a thumbnail. */
const MAX_RESULT: u64 = 1 << 22

let wishedWidth: u32 = 0
let wishedHeight: u32 = 0

export let imageWidth: u32 = 0
export let imageHeight: u32 = 0
export let width: u32 = 0
export let height: u32 = 0

/** @param height 0 for any */
export function wish(width: u32, height: u32): void {
  wishedWidth = width
  wishedHeight = height
}

/** The image's size is known. @param turned whether it is to be seen on its side @param offset of its size in the file */
export function fit(w: u32, h: u32, turned: bool, offset: u64): void {
  if (w > MAX_SIDE || h > MAX_SIDE || <u64>w * h > MAX_PIXELS) fail(Code.TOO_LARGE, offset, max(w, h))
  imageWidth = turned ? h : w
  imageHeight = turned ? w : h
  const boundWidth = <u64>min(wishedWidth, imageWidth)
  const boundHeight = <u64>(wishedHeight ? min(wishedHeight, imageHeight) : imageHeight)
  // the side that binds has the size wished for, the other is rounded
  let columns = boundWidth
  let rows = boundHeight
  if (boundWidth * imageHeight <= boundHeight * imageWidth) rows = scaled(boundWidth, imageHeight, imageWidth)
  else columns = scaled(boundHeight, imageWidth, imageHeight)
  if (columns * rows > MAX_RESULT) fail(Code.TOO_LARGE, offset, <u32>(columns * rows))
  width = <u32>(turned ? rows : columns)
  height = <u32>(turned ? columns : rows)
}

function scaled(size: u64, side: u32, other: u32): u64 { return max<u64>((size * side + (other >> 1)) / other, 1) }
