/** The JSON Canonicalization Scheme, multicodec 0xb601: RFC 8785. All numbers are binary64, so that integers are those which that holds with their neighbours, to 2^53 − 1. */
import { decodePlain } from '../lib/json/decode'
import { encodePlain } from '../lib/json/encode'
import { setPlain } from '../lib/json/form'
import { lax } from '../sdk/codec'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  setPlain(0x1fffffffffffff, 16)
  decodePlain(lax(flags), true)
  return 0
}

export function encode(flags: u32): i32 {
  setPlain(0x1fffffffffffff, 16)
  encodePlain(true)
  return 0
}
