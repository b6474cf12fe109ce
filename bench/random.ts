import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

const words = `the a of to and in is it that for on with as was at by this have from or one had not but what all were when we there can an your which their
said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now
people my made over did down only way find use may water long little very after words called just where most know get through back much before go good new write our
block link content address hash peer network gateway codec module decode encode bytes value record list map string integer float schema path release`.split(
  /\s+/
)

/** A seeded source of plausible data: the same seed gives the same data on every machine (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** in [0, 1) */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** from `low` to `high`, both included */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)]
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.int(0, 255))
  }

  /** `length` characters of an alphabet */
  code(length: number, alphabet = 'abcdefghijklmnopqrstuvwxyz234567'): string {
    return Array.from({ length }, () => alphabet[this.int(0, alphabet.length - 1)]).join('')
  }

  cid(code = 0x71): CID {
    return CID.createV1(code, create(0x12, this.bytes(32)))
  }

  word(): string {
    return this.pick(words)
  }

  /** prose of exactly `length` characters */
  prose(length: number): string {
    return this.fill(length, () => this.word())
  }

  /** exactly `length` UTF-16 code units of words, never cutting a pair in two */
  fill(length: number, word: () => string): string {
    let text = ''
    while (text.length < length) text += `${text === '' ? '' : ' '}${word()}`
    text = text.slice(0, length)
    const last = text.charCodeAt(length - 1)
    return last >= 0xd800 && last < 0xdc00 ? `${text.slice(0, -1)}.` : text
  }

  timestamp(): string {
    return new Date(1_700_000_000_000 + this.int(0, 40_000_000) * 1000 + this.int(0, 999)).toISOString()
  }
}
