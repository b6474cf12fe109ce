/**
 * Keccak-256, as Ethereum has it: the sponge of FIPS 202 over 136 bytes at a time, with the padding of the original submission, 0x01, where SHA3-256 has 0x06. Of one message in parts.
 *
 * ```
 *  STATE  ┌────────────────────┬──────────────────────┐
 *         │ lane 0 … lane 24   │ row or column, D     │
 *         └────────────────────┴──────────────────────┘
 *         0                    200                    280
 * ```
 */

/** Bytes that a permutation takes: 1,600 bits less twice the digest's. */
const RATE: usize = 136

/** ι: what each round adds to lane 0. */
// @ts-ignore: decorator
@lazy const ROUNDS: usize = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008
], 16)

/** ρ and π: lane 1 goes, turned by 1 bit, to lane 10, whose content goes, turned by 3, to lane 7, and so on through all lanes but the first. A byte each: to which lane, how far. */
// @ts-ignore: decorator
@lazy const STEPS: usize = memory.data<u8>([
  10, 1, 7, 3, 11, 6, 17, 10, 18, 15, 3, 21, 5, 28, 16, 36, 8, 45, 21, 55, 24, 2, 4, 14,
  15, 27, 23, 41, 19, 56, 13, 8, 12, 25, 2, 43, 20, 62, 14, 18, 22, 39, 9, 61, 6, 20, 1, 44
], 16)

// @ts-ignore: decorator
@lazy const STATE: usize = memory.data(200 + 80, 16)
// @ts-ignore: decorator
@inline function row(): usize { return STATE + 200 }

/** Bytes of the block that have been taken into the state. */
let have: usize = 0

/** Begins a message. */
export function open(): void {
  memory.fill(STATE, 0, 200)
  have = 0
}

/** Takes `n` bytes. */
export function update(p: usize, n: usize): void {
  const end = p + n
  while (p < end) {
    if (have == 0) {
      // whole blocks, a lane at a time
      while (end - p >= RATE) {
        for (let i: usize = 0; i < RATE; i += 8) store<u64>(STATE + i, load<u64>(STATE + i) ^ load<u64>(p + i))
        permute()
        p += RATE
      }
      if (p == end) return
    }
    store<u8>(STATE + have, load<u8>(STATE + have) ^ load<u8>(p++))
    if (++have == RATE) {
      permute()
      have = 0
    }
  }
}

/** Ends the message and writes its digest, 32 bytes, to `to`. */
export function close(to: usize): void {
  store<u8>(STATE + have, load<u8>(STATE + have) ^ 0x01)
  store<u8>(STATE + RATE - 1, load<u8>(STATE + RATE - 1) ^ 0x80)
  permute()
  memory.copy(to, STATE, 32)
}

// @ts-ignore: decorator
@inline function lane(i: usize): u64 { return load<u64>(STATE + (i << 3)) }

/** Keccak-f[1600] (FIPS 202, section 3). */
function permute(): void {
  for (let round: usize = 0; round < 192; round += 8) {
    // θ: each lane takes the parity of two columns
    for (let x: usize = 0; x < 5; x++) {
      const parity = lane(x) ^ lane(x + 5) ^ lane(x + 10) ^ lane(x + 15) ^ lane(x + 20)
      store<u64>(row() + (x << 3), parity)
      store<u64>(row() + (x << 3), parity, 40)
    }
    for (let x: usize = 0; x < 5; x++) {
      const d = load<u64>(row() + (x << 3), 32) ^ rotl<u64>(load<u64>(row() + (x << 3), 8), 1)
      for (let y: usize = 0; y < 200; y += 40) {
        const at = STATE + (x << 3) + y
        store<u64>(at, load<u64>(at) ^ d)
      }
    }
    let moved = lane(1)
    for (let i: usize = 0; i < 48; i += 2) {
      const at = STATE + (<usize>load<u8>(STEPS + i) << 3)
      const next = load<u64>(at)
      store<u64>(at, rotl<u64>(moved, <u64>load<u8>(STEPS + i, 1)))
      moved = next
    }
    // χ: each lane with the next two of its row
    for (let y: usize = 0; y < 200; y += 40) {
      const at = STATE + y
      const a = load<u64>(at)
      const b = load<u64>(at, 8)
      const c = load<u64>(at, 16)
      const d = load<u64>(at, 24)
      const e = load<u64>(at, 32)
      store<u64>(at, a ^ (~b & c))
      store<u64>(at, b ^ (~c & d), 8)
      store<u64>(at, c ^ (~d & e), 16)
      store<u64>(at, d ^ (~e & a), 24)
      store<u64>(at, e ^ (~a & b), 32)
    }
    store<u64>(STATE, load<u64>(STATE) ^ load<u64>(ROUNDS + round))
  }
}
