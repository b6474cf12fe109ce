import { type SandboxCode, SandboxError } from './errors.js'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads the binary format's values (Wasm spec, 5.2) from `bytes[pos … end)`. Fails with the offset of the value. */
export class Reader {
  pos = 0

  constructor(
    readonly bytes: Uint8Array,
    public end = bytes.length
  ) {}

  refuse(code: SandboxCode, message: string, offset = this.pos): never {
    throw new SandboxError(code, message, offset)
  }

  byte(): number {
    if (this.pos >= this.end) this.refuse('TRUNCATED', 'got the end, expected a byte')
    return this.bytes[this.pos++]
  }

  u32(): number {
    const at = this.pos
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      if (shift === 28 && byte > 0x0f) this.refuse('MALFORMED', 'got a number of more than 32 bits, expected a u32', at)
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }

  /** A signed number of `bits` bits. The value is exact up to 33 bits, which is all that is ever looked at. */
  signed(bits: 32 | 33 | 64): number {
    const at = this.pos
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      const left = bits - shift
      if (left <= 7) {
        // the last byte possible: its unused bits must repeat the sign
        const unused = ((byte << 25) >> 25) >> (left - 1)
        if (byte > 0x7f || (unused !== 0 && unused !== -1)) this.refuse('MALFORMED', `got a number of more than ${bits} bits, expected an s${bits}`, at)
      }
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return byte & 0x40 ? value - 2 ** (shift + 7) : value
    }
  }

  /** The length of a vector, refused beyond `limit`. An item takes at least one byte, so a count that lies fails here too. */
  count(limit: number, what: string): number {
    const at = this.pos
    const count = this.u32()
    if (count > limit) this.refuse('LIMIT', `got ${count} ${what}, expected at most ${limit}`, at)
    if (count > this.end - this.pos) this.refuse('TRUNCATED', `got ${count} ${what}, expected no more than the ${this.end - this.pos} bytes left can hold`, at)
    return count
  }

  skip(length: number): void {
    if (length > this.end - this.pos) this.refuse('TRUNCATED', `got ${this.end - this.pos} bytes, expected ${length}`)
    this.pos += length
  }

  name(): string {
    const at = this.pos
    const length = this.u32()
    this.skip(length)
    try {
      return utf8.decode(this.bytes.subarray(this.pos - length, this.pos))
    } catch {
      return this.refuse('MALFORMED', 'got a name that is not UTF-8', at)
    }
  }

  /** An index below `count`. */
  index(count: number, what: string): number {
    const at = this.pos
    const index = this.u32()
    if (index >= count) this.refuse('INVALID', `got ${what} ${index}, expected one of ${count}`, at)
    return index
  }

  /** One byte that must be `value`. */
  expect(value: number, what: string, code: SandboxCode = 'MALFORMED'): void {
    const byte = this.byte()
    if (byte !== value) this.refuse(code, `got 0x${byte.toString(16)}, expected 0x${value.toString(16)} (${what})`, this.pos - 1)
  }
}

/** Writes the binary format into a buffer that grows. */
export class Writer {
  private bytes = new Uint8Array(1024)
  length = 0

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  op(...bytes: number[]): this {
    this.reserve(bytes.length)
    for (const byte of bytes) this.bytes[this.length++] = byte
    return this
  }

  u32(value: number): this {
    for (; value > 0x7f; value >>>= 7) this.op((value & 0x7f) | 0x80)
    return this.op(value)
  }

  /** A signed LEB of an integer that is exact in a JS number. */
  signed(value: number): this {
    while (value > 0x3f || value < -0x40) {
      const low = ((value % 128) + 128) % 128
      this.op(low | 0x80)
      value = (value - low) / 128
    }
    return this.op(value & 0x7f)
  }

  raw(bytes: Uint8Array, from = 0, to = bytes.length): this {
    this.reserve(to - from)
    this.bytes.set(bytes.subarray(from, to), this.length)
    this.length += to - from
    return this
  }

  name(text: string): this {
    const bytes = new TextEncoder().encode(text)
    return this.u32(bytes.length).raw(bytes)
  }

  /** Length and content of another writer. */
  sized(content: Writer): this {
    return this.u32(content.length).raw(content.view())
  }

  /** Valid until the next write. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }
}
