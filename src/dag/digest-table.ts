/** Where blocks are, by their multihash: for CARs with very many blocks, hence without an object a block. */

/** How full the table gets, and how many slots it begins with. */
const FULL = 0.7
const FIRST = 1024

/**
 * An open hash table: 24 bytes a slot, at most 7 of 10 in use. It keeps two hashes of 32 bits of each multihash and not the multihash: two that agree in both are taken for one,
 * so whoever finds something looks whether it is the right thing. The hashes begin with random numbers, so that nobody can make CIDs that collide.
 */
export class DigestTable {
  size = 0
  readonly #seeds = crypto.getRandomValues(new Uint32Array(2))
  #hashes = new Uint32Array(2 * FIRST)
  /** offset + 1, so that 0 is a slot that is free */
  #offsets = new Float64Array(FIRST)
  #lengths = new Float64Array(FIRST)
  #first = 0
  #second = 0

  /** The first block with a multihash stays; false for later ones. */
  add(multihash: Uint8Array, offset: number, length: number): boolean {
    if (this.size >= this.#offsets.length * FULL) this.#grow()
    this.#hash(multihash)
    const slot = this.#find(this.#first, this.#second)
    if (this.#offsets[slot] !== 0) return false
    this.#put(slot, this.#first, this.#second, offset + 1, length)
    this.size++
    return true
  }

  get(multihash: Uint8Array): { readonly offset: number; readonly length: number } | undefined {
    this.#hash(multihash)
    const slot = this.#find(this.#first, this.#second)
    const offset = this.#offsets[slot]
    return offset === 0 ? undefined : { offset: offset - 1, length: this.#lengths[slot] }
  }

  #hash(bytes: Uint8Array): void {
    let a = this.#seeds[0]
    let b = this.#seeds[1]
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i], 0x01000193)
      b = Math.imul((b ^ bytes[i]) + (b >>> 15), 0x85ebca6b)
    }
    a ^= a >>> 16
    b ^= b >>> 13
    this.#first = Math.imul(a, 0xc2b2ae35) >>> 0
    this.#second = Math.imul(b, 0x27d4eb2f) >>> 0
  }

  /** The slot of what has these hashes, or the free one where it would go. */
  #find(first: number, second: number): number {
    const mask = this.#offsets.length - 1
    const hashes = this.#hashes
    let slot = first & mask
    while (this.#offsets[slot] !== 0 && (hashes[2 * slot] !== first || hashes[2 * slot + 1] !== second)) slot = (slot + 1) & mask
    return slot
  }

  #put(slot: number, first: number, second: number, offset: number, length: number): void {
    this.#hashes[2 * slot] = first
    this.#hashes[2 * slot + 1] = second
    this.#offsets[slot] = offset
    this.#lengths[slot] = length
  }

  #grow(): void {
    const [hashes, offsets, lengths] = [this.#hashes, this.#offsets, this.#lengths]
    this.#hashes = new Uint32Array(2 * hashes.length)
    this.#offsets = new Float64Array(2 * offsets.length)
    this.#lengths = new Float64Array(2 * lengths.length)
    for (let i = 0; i < offsets.length; i++) {
      if (offsets[i] === 0) continue
      const [first, second] = [hashes[2 * i], hashes[2 * i + 1]]
      this.#put(this.#find(first, second), first, second, offsets[i], lengths[i])
    }
  }
}
