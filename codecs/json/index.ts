/** JSON, multicodec 0x0200: RFC 8259, strictly as ECMAScript's JSON.stringify writes it. Integers are those of 64 bits. */
import { decodePlain } from '../lib/json/decode'
import { encodePlain } from '../lib/json/encode'
import { setPlain } from '../lib/json/form'
import { lax } from '../sdk/codec'

export { control, reserve } from '../sdk/codec'

export function decode(flags: u32): i32 {
  setPlain(u64.MAX_VALUE, 20)
  decodePlain(lax(flags), false)
  return 0
}

export function encode(flags: u32): i32 {
  setPlain(u64.MAX_VALUE, 20)
  encodePlain(false)
  return 0
}
