/** Filters of PNG (ISO/IEC 15948, section 9): a row is stored as what it differs from its neighbours. */

const enum Filter { NONE = 0, SUB = 1, UP = 2, AVERAGE = 3, PAETH = 4 }

/** Whether there is such a filter. */
export function isFilter(number: u32): bool { return number <= <u32>Filter.PAETH }

/**
 * Undoes a filter in place. @param row `n` bytes @param above the row before, zeros if there is none @param back bytes of a pixel. Sixteen zeros stand before both rows,
 * so that the pixel before the first is there; up to 15 bytes after them are read, and those after `row` written.
 */
export function unfilter(filter: u32, row: usize, above: usize, n: u32, back: u32): void {
  const end = row + n
  if (filter == Filter.UP) {
    for (; row < end; row += 16, above += 16) v128.store(row, i8x16.add(v128.load(row), v128.load(above)))
  } else if (filter == Filter.SUB) sub(row, end, back)
  else if (filter == Filter.AVERAGE) {
    if (back == 4) average4(row, above, end)
    else if (back == 3) average3(row, above, end)
    else for (; row < end; row++, above++) store<u8>(row, load<u8>(row) + ((<u32>load<u8>(row - back) + load<u8>(above)) >> 1))
  } else if (filter == Filter.PAETH) {
    if (back == 4) paeth4(row, above, end)
    else if (back == 3) paeth3(row, above, end)
    else for (; row < end; row++, above++) store<u8>(row, load<u8>(row) + paeth(load<u8>(row - back), load<u8>(above), load<u8>(above - back)))
  }
}

function sub(row: usize, end: usize, back: u32): void {
  if (back == 4) {
    let left = i32x4.splat(0)
    for (; row < end; row += 16) {
      // sums along the four pixels, and what stands before them
      let v = v128.load(row)
      v = i8x16.add(v, i8x16.shuffle(i64x2.splat(0), v, 0, 0, 0, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27))
      v = i8x16.add(v, i8x16.shuffle(i64x2.splat(0), v, 0, 0, 0, 0, 0, 0, 0, 0, 16, 17, 18, 19, 20, 21, 22, 23))
      v = i8x16.add(v, left)
      v128.store(row, v)
      left = i32x4.shuffle(v, v, 3, 3, 3, 3)
    }
    return
  }
  for (; row < end; row++) store<u8>(row, load<u8>(row) + load<u8>(row - back))
}

/** What of left, above and above left is nearest to left + above − above left; the first of those that are as near. */
function paeth(left: i32, above: i32, corner: i32): i32 {
  const a = abs(above - corner)
  const b = abs(left - corner)
  const c = abs(left + above - 2 * corner)
  return a <= b && a <= c ? left : b <= c ? above : corner
}

/** A pixel as eight lanes. */
// @ts-ignore: decorator
@inline function wide(at: usize): v128 { return i16x8.extend_low_i8x16_u(v128.load32_zero(at)) }

// @ts-ignore: decorator
@inline export function paethLanes(left: v128, above: v128, corner: v128): v128 {
  const b = i16x8.sub(left, corner)
  const a = i16x8.sub(above, corner)
  const da = i16x8.abs(a)
  const db = i16x8.abs(b)
  const dc = i16x8.abs(i16x8.add(a, b))
  const other = v128.bitselect(above, corner, i16x8.le_s(db, dc))
  return v128.bitselect(left, other, i16x8.le_s(da, i16x8.min_s(db, dc)))
}

// pixels of three and of four bytes: as the same lanes, but for how far to go

function paeth4(row: usize, above: usize, end: usize): void {
  let left = i64x2.splat(0)
  let corner = i64x2.splat(0)
  const low = i16x8.splat(255)
  for (; row < end; row += 4, above += 4) {
    const up = wide(above)
    left = v128.and(i16x8.add(wide(row), paethLanes(left, up, corner)), low)
    corner = up
    store<u32>(row, i32x4.extract_lane(i8x16.narrow_i16x8_u(left, left), 0))
  }
}

function paeth3(row: usize, above: usize, end: usize): void {
  let left = i64x2.splat(0)
  let corner = i64x2.splat(0)
  const low = i16x8.splat(255)
  for (; row < end; row += 3, above += 3) {
    const up = wide(above)
    left = v128.and(i16x8.add(wide(row), paethLanes(left, up, corner)), low)
    corner = up
    const pixel = i32x4.extract_lane(i8x16.narrow_i16x8_u(left, left), 0)
    store<u16>(row, pixel)
    store<u8>(row, pixel >> 16, 2)
  }
}

function average4(row: usize, above: usize, end: usize): void {
  let left = i64x2.splat(0)
  const low = i16x8.splat(255)
  for (; row < end; row += 4, above += 4) {
    left = v128.and(i16x8.add(wide(row), i16x8.shr_u(i16x8.add(left, wide(above)), 1)), low)
    store<u32>(row, i32x4.extract_lane(i8x16.narrow_i16x8_u(left, left), 0))
  }
}

function average3(row: usize, above: usize, end: usize): void {
  let left = i64x2.splat(0)
  const low = i16x8.splat(255)
  for (; row < end; row += 3, above += 3) {
    left = v128.and(i16x8.add(wide(row), i16x8.shr_u(i16x8.add(left, wide(above)), 1)), low)
    const pixel = i32x4.extract_lane(i8x16.narrow_i16x8_u(left, left), 0)
    store<u16>(row, pixel)
    store<u8>(row, pixel >> 16, 2)
  }
}
