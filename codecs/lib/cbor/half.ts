/** IEEE 754 binary16 (RFC 8949, 3.3). */

/** The float with these bits (RFC 8949, appendix D). */
export function half(bits: u32): f64 {
  const exponent = bits >> 10 & 31
  const fraction = <f64>(bits & 0x3ff)
  // 2^-24 for subnormals; otherwise 2^(exponent - 25) built from its bits
  const x = exponent == 0 ? fraction * reinterpret<f64>(<u64>(1023 - 24) << 52)
    : exponent == 31 ? (fraction == 0 ? Infinity : NaN)
    : (fraction + 1024) * reinterpret<f64>(<u64>(1023 + exponent - 25) << 52)
  return bits & 0x8000 ? -x : x
}

/** The bits of a finite float, or −1 if it is none of binary16. */
export function halfOf(x: f64): i32 {
  const bits = reinterpret<u64>(x)
  const sign = <i32>(bits >> 48) & 0x8000
  const size = abs(x)
  if (size >= 65536) return -1
  if (size >= reinterpret<f64>(<u64>(1023 - 14) << 52)) {
    if (bits << 22) return -1
    return sign | ((<i32>(bits >> 52) & 0x7ff) - 1023 + 15) << 10 | <i32>(bits >> 42) & 0x3ff
  }
  // subnormals are multiples of 2^-24
  const multiple = size * 16777216
  const n = <i32>multiple
  return <f64>n == multiple ? sign | n : -1
}
