/** Blocks that were right and are no longer, or still are: what a codec meets when data is damaged, or made by somebody who means harm. */
import type { Random } from './random.js'
import type { Named } from './vectors.js'

/** Bytes at which formats turn: heads, lengths, breaks, brackets, field tags, varints, signs. */
const TURNS = [
  0, 1, 2, 7, 8, 0x0a, 0x12, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x20, 0x22, 0x2a, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x38, 0x39, 0x3a, 0x3b, 0x40, 0x58, 0x5b, 0x5c,
  0x5d, 0x5f, 0x60, 0x64, 0x65, 0x69, 0x6c, 0x78, 0x7b, 0x7d, 0x7f, 0x80, 0x81, 0x9f, 0xa0, 0xa1, 0xb8, 0xbf, 0xc0, 0xc1, 0xc2, 0xd8, 0xe0, 0xed, 0xf4, 0xf5,
  0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfd, 0xfe, 0xff
]

const KINDS = ['flip', 'flip', 'flip', 'set', 'set', 'cut', 'insert', 'insert', 'remove', 'double', 'double', 'swap', 'splice', 'append'] as const

/** A block changed in one to three places. Its name says how. */
export function mutated(random: Random, blocks: readonly Named[]): Named {
  const { name, bytes } = random.pick(blocks)
  let parts: number[] = Array.from(bytes)
  const done: string[] = []
  for (let times = 1 + (random.below(4) === 0 ? random.below(3) : 0); times > 0; times--) {
    const kind = random.pick(KINDS)
    const at = random.below(parts.length + (kind === 'insert' ? 1 : 0))
    // mostly short, since long ones leave nothing of the block
    const length = Math.min(parts.length - at, 1 + random.below(random.below(4) === 0 ? 64 : 4))
    const byte = random.below(2) === 0 ? random.pick(TURNS) : random.below(256)
    switch (kind) {
      case 'flip':
        if (at < parts.length) parts[at] ^= 1 << (byte & 7)
        break
      case 'set':
        if (at < parts.length) parts[at] = byte
        break
      case 'cut':
        parts = parts.slice(0, at)
        break
      case 'insert':
        parts.splice(at, 0, byte)
        break
      case 'remove':
        parts.splice(at, length)
        break
      case 'double':
        parts.splice(at, 0, ...parts.slice(at, at + length))
        break
      case 'swap':
        parts.push(...parts.splice(at, length))
        break
      case 'splice': {
        const other = random.pick(blocks).bytes
        const from = random.below(other.length)
        parts.splice(at, length, ...other.subarray(from, from + 1 + random.below(64)))
        break
      }
      case 'append':
        parts.push(byte)
    }
    done.push(`${kind} at ${at}`)
  }
  return { name: `${name}, ${done.join(', ')}`, bytes: Uint8Array.from(parts) }
}
