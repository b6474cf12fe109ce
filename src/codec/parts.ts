/** Byte strings that follow each other, read as one: what a guest reads from. */
export class Parts {
  /** bytes in all */
  size = 0
  #parts: readonly Uint8Array[] = []
  readonly #one: Uint8Array[] = [new Uint8Array(0)]
  /** where each part begins; made when it is first needed */
  #starts: Float64Array | undefined

  /** As `place`, for blocks, which are one part. */
  placeOne(part: Uint8Array, size: number): void {
    this.#one[0] = part
    this.#parts = this.#one
    this.size = size
  }

  place(parts: readonly Uint8Array[], size: number): void {
    this.#parts = parts
    this.#starts = undefined
    this.size = size
  }

  /** Copies up to `n` bytes from `offset`; answers how many there were. */
  copy(offset: number, to: Uint8Array, at: number, n: number): number {
    if (!(offset >= 0 && offset < this.size)) return 0
    const parts = this.#parts
    let copied = 0
    let i = parts.length === 1 ? 0 : this.#find(offset)
    let from = parts.length === 1 ? offset : offset - this.#starts![i]
    for (; copied < n && i < parts.length; i++) {
      const part = parts[i]
      const length = Math.min(part.length - from, n - copied)
      to.set(part.subarray(from, from + length), at + copied)
      copied += length
      from = 0
    }
    return copied
  }

  /** The part in which an offset is. A search, since a value may have very many parts and a guest may ask for them in any order. */
  #find(offset: number): number {
    const starts = (this.#starts ??= startsOf(this.#parts))
    let low = 0
    let high = this.#parts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (starts[middle] <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}

function startsOf(parts: readonly Uint8Array[]): Float64Array {
  const starts = new Float64Array(parts.length)
  let at = 0
  for (let i = 0; i < parts.length; i++) {
    starts[i] = at
    at += parts[i].length
  }
  return starts
}
