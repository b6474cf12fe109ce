/** Chance that comes again: the same numbers for the same seed on every machine. */
export class Random {
  #state: number

  /** @param seed any whole number of 32 bits */
  constructor(seed: number) {
    // two seeds that differ by little shall not begin alike
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1
    for (let i = 0; i < 8; i++) this.next()
  }

  /** 0 to 2^32 − 1 (xorshift32) */
  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }

  /** 0 to n − 1; 0 for n = 0 */
  below(n: number): number {
    return n > 0 ? this.next() % n : 0
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }
}
