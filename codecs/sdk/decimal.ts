/**
 * Numbers as decimal text: integers, and floats correctly rounded when read and as short as they can be when written, in the notation of ECMAScript's Number::toString.
 *
 * Reading multiplies by a 128-bit power of ten with a known error; where the error leaves the rounding open, big integers decide (at the end of this file).
 * Writing follows R. Giulietti, "The Schubfach way to render doubles": one 128-bit product for the float and one for each end of the interval that rounds to it.
 */
import { five, floorLog2, multiplyHigh, power, powerHigh, powerLow } from './powers'

const HIDDEN: u64 = 1 << 52

// --- integers --------------------------------------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@lazy const BACKWARDS: usize = memory.data(64, 16)

/** Writes `value` and answers the address after it: at most 20 bytes; may write 32. */
export function writeUint(to: usize, value: u64): usize {
  let at = BACKWARDS + 32
  // 32-bit division is much the faster one
  while (value >> 32) {
    const rest = value / 100000000
    let low = <u32>(value - rest * 100000000)
    for (let i = 0; i < 8; i++) {
      const tenth = low / 10
      store<u8>(--at, <u8>(48 + low - tenth * 10))
      low = tenth
    }
    value = rest
  }
  let low = <u32>value
  do {
    const tenth = low / 10
    store<u8>(--at, <u8>(48 + low - tenth * 10))
    low = tenth
  } while (low)
  v128.store(to, v128.load(at))
  v128.store(to, v128.load(at, 16), 16)
  return to + (BACKWARDS + 32 - at)
}

// --- floats, writing -------------------------------------------------------------------------------------------------------------------------------------

/** The middle 64 bits of what `product` has computed. */
let middle: u64 = 0

/** Upper 64 bits of the 192-bit product of a power of ten and `x`. */
function product(high: u64, low: u64, x: u64): u64 {
  const below = high * x
  middle = below + multiplyHigh(low, x)
  return multiplyHigh(high, x) + u64(middle < below)
}

/** The same, with the lowest bit set if what is below them is not zero. */
function roundToOdd(high: u64, low: u64, x: u64): u64 {
  const top = product(high, low, x)
  return top | u64(middle > 1)
}

let decimalExponent: i32 = 0

/** The shortest decimal for the positive float with these bits; its exponent is in `decimalExponent`. It may end in zeros. */
function shortest(bits: u64): u64 {
  const fraction = bits & (HIDDEN - 1)
  const biased = <i32>(bits >> 52)
  const c = biased ? fraction | HIDDEN : fraction
  const q = (biased ? biased : 1) - 1075
  // the float below is only half as far if the fraction is zero
  const closer = u64(fraction == 0 && biased > 1)
  const even = c & 1 ? 1 : 0
  const k = (q * 1262611 - (closer ? 524031 : 0)) >> 22
  const h = <u64>(q + floorLog2(-k) + 1)
  power(-k)
  const low = powerLow() + 1
  const high = powerHigh() + u64(low == 0)
  const value = roundToOdd(high, low, c << 2 << h)
  const lower = roundToOdd(high, low, ((c << 2) - 2 + closer) << h) + even
  const upper = roundToOdd(high, low, ((c << 2) + 2) << h) - even
  const s = value >> 2
  if (s >= 10) {
    const tenth = s / 10
    const down = lower <= 40 * tenth
    const up = 40 * tenth + 40 <= upper
    if (down != up) {
      decimalExponent = k + 1
      return tenth + u64(up)
    }
  }
  decimalExponent = k
  const down = lower <= s << 2
  const up = (s << 2) + 4 <= upper
  if (down != up) return s + u64(up)
  const half = (s << 2) + 2
  return s + u64(value > half || (value == half && (s & 1) != 0))
}

// @ts-ignore: decorator
@lazy const DIGITS: usize = memory.data(48, 16)

/** Whether w × 10^e, where w does not end in a zero, is the shortest decimal for the positive float x. */
export function isShortest(w: u64, x: f64): bool { return stripped(shortest(reinterpret<u64>(x))) == w }

function stripped(digits: u64): u64 {
  for (let tenth = digits / 10; tenth * 10 == digits; tenth = digits / 10) {
    digits = tenth
    decimalExponent++
  }
  return digits
}

/** Writes zeros and answers the address after them. */
function zeros(to: usize, n: i32): usize {
  memory.fill(to, 48, n)
  return to + n
}

/** Writes a finite float as ECMAScript does, with `.0` after a whole number that has no exponent; −0 is `-0.0`. Answers the address after it: at most 26 bytes; may write 56. */
export function writeFloat(to: usize, x: f64): usize {
  const bits = reinterpret<u64>(x)
  if (bits >> 63) {
    store<u8>(to, 45)
    to++
  }
  const size = reinterpret<f64>(bits & 0x7fffffffffffffff)
  if (size < 9007199254740992 && nearest(size) == size) {
    to = writeUint(to, <u64>size)
    store<u16>(to, 0x302e)
    return to + 2
  }
  const count = <i32>(writeUint(DIGITS, stripped(shortest(reinterpret<u64>(size)))) - DIGITS)
  // as in Number::toString: the value is 0.digits × 10^point
  const point = count + decimalExponent
  if (point > 21 || point <= -6) {
    store<u8>(to++, load<u8>(DIGITS))
    if (count > 1) {
      store<u8>(to++, 46)
      v128.store(to, v128.load(DIGITS, 1))
      to += count - 1
    }
    store<u16>(to, point > 0 ? 0x2b65 : 0x2d65)
    return writeUint(to + 2, abs(point - 1))
  }
  if (point <= 0) {
    store<u16>(to, 0x2e30)
    to = zeros(to + 2, -point)
    memory.copy(to, DIGITS, count)
    return to + count
  }
  if (count <= point) {
    memory.copy(to, DIGITS, count)
    to = zeros(to + count, point - count)
    store<u16>(to, 0x302e)
    return to + 2
  }
  memory.copy(to, DIGITS, point)
  store<u8>(to + point, 46)
  memory.copy(to + point + 1, DIGITS + point, count - point)
  return to + count + 1
}

// --- floats, reading -------------------------------------------------------------------------------------------------------------------------------------

/** Half a unit in the last place is nearer than the approximation's error. */
let undecided: bool = false

/** The bits of the float nearest to w × 10^e, where `cut` says that w stands for something in [w, w + 1). Sets `undecided` if the answer is only the float below. */
function approximate(w: u64, e: i32): u64 {
  const shift = clz(w)
  power(e)
  const top = product(powerHigh(), powerLow(), w << shift)
  // the value is at least top:middle × 2^unit, and less than two units of `middle` more
  const unit = floorLog2(e) - 63 - <i32>shift
  const exponent = 127 - <i32>clz(top) + unit
  if (exponent > 1023) return 0x7ff0000000000000
  // of the bits above 2^-1074, at most 53
  const least = max(exponent - 52, -1074)
  const drop = least - unit - 64
  undecided = false
  if (drop > 63) {
    // below the least float, if not below its half
    undecided = drop == 64
    return 0
  }
  const mantissa = top >> drop
  const rest = top & ((<u64>1 << drop) - 1)
  const half = <u64>1 << (drop - 1)
  undecided = (rest == half && middle == 0) || (rest == half - 1 && middle >= -2)
  const bits = least == -1074 ? mantissa : (<u64>(least + 1075) << 52) + (mantissa - HIDDEN)
  return bits + u64(!undecided && rest >= half)
}

/**
 * The float nearest to a decimal, ties to even; infinity if it is too large.
 * @param w its first significant digits, at most 19 @param count how many those are @param e w × 10^e is the value @param cut whether w leaves out digits that are not zero
 * @param text the decimal itself, where more digits are read if they matter
 */
export function readFloat(w: u64, count: i32, e: i32, cut: bool, text: usize): f64 {
  if (w == 0 || count + e < -323) return 0
  if (count + e > 309) return Infinity
  if (!cut && w <= 9007199254740992) {
    // both factors are exact, so that there is one rounding
    if (e == 0) return <f64>w
    if (e > 0 && e <= 22) return <f64>w * (<f64>five(e) * <f64>(1 << e))
    if (e < 0 && e >= -22) return <f64>w / (<f64>five(-e) * <f64>(1 << -e))
  }
  let bits = approximate(w, e)
  let open = undecided
  if (cut && !open) {
    const other = approximate(w + 1, e)
    open = undecided || other != bits
    // the floats below are the same, since the two differ by far less than a unit
    if (open && other < bits) bits = other
  }
  return reinterpret<f64>(open ? decide(bits, w, count, e, cut, text) : bits)
}

// --- big integers ----------------------------------------------------------------------------------------------------------------------------------------

/** Digits that can matter: no float and no middle between two has more than 767. */
const MOST_DIGITS: i32 = 780
/** A big integer is the number of its 32-bit limbs and these, the lowest first: room for 10^780 × 2^1130, and for 2^54 × 10^1130. */
const LIMBS: u32 = 160

// @ts-ignore: decorator
@lazy const DECIMAL: usize = memory.data(164 * 4, 16)
// @ts-ignore: decorator
@lazy const MIDDLE: usize = memory.data(164 * 4, 16)

/** x = x × factor^times + addend, where only one of times and addend may be above 1 and 0 */
function multiply(x: usize, factor: u32, times: i32, addend: u32): void {
  if (times == 0) return
  const end = x + (<usize>load<u32>(x) << 2)
  let carry: u64 = addend
  for (let at = x; at < end; at += 4) {
    carry += <u64>load<u32>(at, 4) * factor
    store<u32>(at, <u32>carry, 4)
    carry >>= 32
  }
  if (carry) {
    store<u32>(end, <u32>carry, 4)
    store<u32>(x, load<u32>(x) + 1)
  }
  multiply(x, factor, times - 1, 0)
}

/** Rounds to `below` or to the float after it: the decimal against the middle between the two. */
function decide(below: u64, w: u64, count: i32, e: i32, cut: bool, text: usize): u64 {
  memory.fill(DECIMAL, 0, (LIMBS + 1) << 2)
  memory.fill(MIDDLE, 0, (LIMBS + 1) << 2)
  if (cut) {
    // all digits from the first that is not zero
    let n = 0
    let point = false
    e += count
    for (let p = text; ; p++) {
      const c = <u32>load<u8>(p)
      const digit = c - 48
      if (digit < 10) {
        if (n + <i32>digit == 0) continue
        if (n == MOST_DIGITS) {
          if (digit) {
            // something is left
            multiply(DECIMAL, 10, 1, 1)
            n++
            break
          }
          continue
        }
        multiply(DECIMAL, 10, 1, digit)
        n++
      } else if (c == 46 && !point) {
        point = true
      } else {
        break
      }
    }
    e -= n
  } else {
    store<u32>(DECIMAL, 2)
    store<u64>(DECIMAL, w, 4)
  }
  const biased = <i32>(below >> 52)
  const c = (below & (HIDDEN - 1)) | (biased ? HIDDEN : 0)
  store<u32>(MIDDLE, 2)
  store<u64>(MIDDLE, 2 * c + 1, 4)
  const q = (biased ? biased : 1) - 1076
  let x = e > 0 ? DECIMAL : MIDDLE
  multiply(x, 1000000000, abs(e) / 9, 0)
  multiply(x, 10, abs(e) % 9, 0)
  x = q > 0 ? MIDDLE : DECIMAL
  multiply(x, 0x80000000, abs(q) / 31, 0)
  multiply(x, 1 << (abs(q) % 31), 1, 0)
  for (let i = <i32>LIMBS - 1; i >= 0; i--) {
    const a = load<u32>(DECIMAL + (<usize>i << 2), 4)
    const b = load<u32>(MIDDLE + (<usize>i << 2), 4)
    if (a != b) return below + u64(a > b)
  }
  return below + (below & 1)
}
