/**
 * JPEG by the book, and slowly (ITU-T T.81): an encoder of sequential and progressive images in any scans, and what a decoder is to make of them, by the DCT as it is defined, in
 * floating point. Independent of the guest.
 */

/** Coefficients from..to of components (by place), bits down to `low`; `high` is the `low` of the scan before. */
export interface Scan {
  readonly of: readonly number[]
  readonly from?: number
  readonly to?: number
  readonly high?: number
  readonly low?: number
}

export interface Image {
  readonly width: number
  readonly height: number
  /** of each component: sampling factors, and its sample (0 to 255) at a place of the whole image; id by default its place, from 1 */
  readonly components: readonly { readonly h: number; readonly v: number; readonly id?: number; readonly at: (x: number, y: number) => number }[]
  readonly quantization?: (k: number) => number
  readonly progressive?: boolean
  readonly scans?: readonly Scan[]
  /** MCUs between restarts */
  readonly restart?: number
  /** segments before the frame: marker and contents */
  readonly segments?: readonly (readonly [marker: number, contents: ArrayLike<number>])[]
  /** bytes of 0xff before each marker, and before those of restarts */
  readonly fill?: number
  readonly restartFill?: number
}

export interface Encoded {
  readonly bytes: Uint8Array
  /** the sample of each component that a decoder is to find, at a place of the whole image */
  readonly decoded: readonly ((x: number, y: number) => number)[]
}

const ZIGZAG = Array.from({ length: 64 }, (_, i) => i).sort((a, b) => {
  const [ya, xa, yb, xb] = [a >> 3, a & 7, b >> 3, b & 7]
  // along diagonals, up those that are even
  return xa + ya - xb - yb || ((xa + ya) & 1 ? ya - yb : xa - xb)
})
const COSINES = Array.from({ length: 64 }, (_, i) => {
  const [u, x] = [i >> 3, i & 7]
  return (u ? 0.5 : Math.SQRT1_2 / 2) * Math.cos(((2 * x + 1) * u * Math.PI) / 16)
})

/** Rows, then columns. */
function transform(block: readonly number[], inverse: boolean): number[] {
  const once = (from: readonly number[]): number[] =>
    Array.from({ length: 64 }, (_, i) => {
      const [y, x] = [i >> 3, i & 7]
      let sum = 0
      // turned over each time, so that the second time does the other direction
      for (let k = 0; k < 8; k++) sum += from[x * 8 + k] * COSINES[inverse ? k * 8 + y : y * 8 + k]
      return sum
    })
  return once(once(block))
}

interface Part {
  readonly h: number
  readonly v: number
  readonly id: number
  readonly own: readonly [wide: number, high: number]
  readonly padded: readonly [wide: number, high: number]
  /** in zigzag order */
  readonly blocks: number[][]
}

const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value))

/** What a scan is written to: symbols of a code, and bits. The first time they are counted. */
class Coder {
  readonly counts = new Map<number, Map<number, number>>()
  readonly codes = new Map<number, Map<number, readonly [code: number, length: number]>>()
  bytes: number[] = []
  #word = 0
  #count = 0
  counting = true

  symbol(table: number, symbol: number): void {
    if (this.counting) {
      const counts = this.counts.get(table) ?? new Map<number, number>()
      this.counts.set(table, counts.set(symbol, (counts.get(symbol) ?? 0) + 1))
    } else this.bits(...this.codes.get(table)!.get(symbol)!)
  }

  bits(value: number, n: number): void {
    if (this.counting) return
    for (let k = n - 1; k >= 0; k--) {
      this.#word = (this.#word << 1) | ((value >> k) & 1)
      if (++this.#count < 8) continue
      this.bytes.push(this.#word)
      if (this.#word === 255) this.bytes.push(0)
      this.#word = this.#count = 0
    }
  }

  value(value: number, size: number): void {
    this.bits(value < 0 ? value - 1 : value, size)
  }

  align(): void {
    while (this.#count) this.bits(1, 1)
  }

  /** Codes of all lengths up to 16, the commoner the shorter. Answers the segments. */
  settle(): number[][] {
    this.counting = false
    return [...this.counts].map(([table, counts]) => {
      const symbols = [...counts].sort((a, b) => b[1] - a[1]).map(([symbol]) => symbol)
      const lengths = symbols.map((_, i) => Math.min(16, 2 + Math.floor(i * 0.7)))
      const codes = new Map<number, readonly [number, number]>()
      let code = 0
      symbols.forEach((symbol, i) => {
        if (i) code = (code + 1) << (lengths[i] - lengths[i - 1])
        codes.set(symbol, [code, lengths[i]])
      })
      this.codes.set(table, codes)
      return [table, ...Array.from({ length: 16 }, (_, k) => lengths.filter((length) => length === k + 1).length), ...symbols]
    })
  }
}

export function encodeJpeg(image: Image): Encoded {
  const { width, height, components, quantization = () => 1, progressive = false, restart = 0, restartFill = 0, segments = [], fill = 0 } = image
  const scans = image.scans ?? [{ of: components.map((_, i) => i) }]
  const [hMost, vMost] = [Math.max(...components.map(({ h }) => h)), Math.max(...components.map(({ v }) => v))]
  const mcus = [Math.ceil(width / (8 * hMost)), Math.ceil(height / (8 * vMost))] as const
  const decoded: Encoded['decoded'][number][] = []
  const parts = components.map(({ h, v, id, at }, place): Part => {
    const [wide, high] = [Math.ceil((width * h) / hMost), Math.ceil((height * v) / vMost)]
    const padded = [mcus[0] * h, mcus[1] * v] as const
    const blocks: number[][] = []
    const samples = new Float64Array(padded[0] * padded[1] * 64)
    for (let b = 0; b < padded[0] * padded[1]; b++) {
      const [bx, by] = [b % padded[0], Math.floor(b / padded[0])]
      const block = Array.from({ length: 64 }, (_, i) => {
        const x = Math.min(bx * 8 + (i & 7), wide - 1)
        const y = Math.min(by * 8 + (i >> 3), high - 1)
        return at(Math.min(width - 1, Math.floor((x * hMost) / h)), Math.min(height - 1, Math.floor((y * vMost) / v))) - 128
      })
      const coefficients = transform(block, false)
      const quantized = ZIGZAG.map((i, k) => Math.round(coefficients[i] / quantization(k)))
      blocks.push(quantized)
      const back: number[] = []
      ZIGZAG.forEach((i, k) => {
        back[i] = quantized[k] * quantization(k)
      })
      transform(back, true).forEach((value, i) => {
        samples[(by * 8 + (i >> 3)) * padded[0] * 8 + bx * 8 + (i & 7)] = Math.max(0, Math.min(255, Math.round(value + 128)))
      })
    }
    decoded.push((x, y) => samples[Math.floor((y * v) / vMost) * padded[0] * 8 + Math.floor((x * h) / hMost)])
    return { h, v, id: id ?? place + 1, own: [Math.ceil(wide / 8), Math.ceil(high / 8)], padded, blocks }
  })

  const bytes: number[] = [0xff, 0xd8]
  const segment = (marker: number, contents: ArrayLike<number>): void => {
    for (let i = 0; i < fill; i++) bytes.push(0xff)
    bytes.push(0xff, marker, (contents.length + 2) >> 8, (contents.length + 2) & 255, ...Array.from(contents))
  }
  for (const [marker, contents] of segments) segment(marker, contents)
  const wideTable = Array.from({ length: 64 }, (_, k) => quantization(k)).some((q) => q > 255)
  segment(0xdb, [
    wideTable ? 16 : 0,
    ...Array.from({ length: 64 }, (_, k) => (wideTable ? [quantization(k) >> 8, quantization(k) & 255] : [quantization(k)])).flat()
  ])
  segment(progressive ? 0xc2 : 0xc0, [
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    parts.length,
    ...parts.flatMap(({ id, h, v }) => [id, (h << 4) | v, 0])
  ])
  if (restart) segment(0xdd, [restart >> 8, restart & 255])
  for (const scan of scans) {
    const coder = new Coder()
    writeScan(coder, parts, mcus, scan, progressive, restart, restartFill)
    // classes of tables in the upper half, the component's place in the lower
    for (const table of coder.settle()) segment(0xc4, table)
    writeScan(coder, parts, mcus, scan, progressive, restart, restartFill)
    const { of, from = 0, to = progressive ? from && 63 : 63, high = 0, low = 0 } = scan
    segment(0xda, [of.length, ...of.flatMap((i) => [parts[i].id, (i << 4) | i]), from, to, (high << 4) | low])
    bytes.push(...coder.bytes)
  }
  for (let i = 0; i < fill; i++) bytes.push(0xff)
  bytes.push(0xff, 0xd9)
  return { bytes: Uint8Array.from(bytes), decoded }
}

function writeScan(
  coder: Coder,
  parts: readonly Part[],
  mcus: readonly [number, number],
  scan: Scan,
  progressive: boolean,
  restart: number,
  restartFill: number
): void {
  const { of, from = 0, to = progressive ? from && 63 : 63, high = 0, low = 0 } = scan
  const before = parts.map(() => 0)
  // blocks that have nothing more, and the bits that correct them
  let ended = 0
  let waiting: number[] = []
  const end = (table: number): void => {
    if (!ended) return
    const size = sizeOf(ended) - 1
    coder.symbol(table, size << 4)
    coder.bits(ended, size)
    for (const bit of waiting) coder.bits(bit, 1)
    ended = 0
    waiting = []
  }
  const dc = (place: number, value: number): void => {
    const step = value - before[place]
    before[place] = value
    coder.symbol(place, sizeOf(step))
    coder.value(step, sizeOf(step))
  }
  const sequential = (place: number, block: readonly number[]): void => {
    dc(place, block[0])
    let run = 0
    for (const value of block.slice(1)) {
      if (!value) {
        run++
        continue
      }
      for (; run > 15; run -= 16) coder.symbol(16 | place, 0xf0)
      coder.symbol(16 | place, (run << 4) | sizeOf(value))
      coder.value(value, sizeOf(value))
      run = 0
    }
    if (run) coder.symbol(16 | place, 0)
  }
  const firstAc = (place: number, block: readonly number[]): void => {
    let run = 0
    for (let k = from; k <= to; k++) {
      const value = Math.trunc(block[k] / 2 ** low)
      if (!value) {
        run++
        continue
      }
      end(16 | place)
      for (; run > 15; run -= 16) coder.symbol(16 | place, 0xf0)
      coder.symbol(16 | place, (run << 4) | sizeOf(value))
      coder.value(value, sizeOf(value))
      run = 0
    }
    if (run && ++ended === 0x7fff) end(16 | place)
  }
  const moreAc = (place: number, block: readonly number[]): void => {
    const sizes = block.map((value) => Math.abs(value) >> low)
    const lastNew = sizes.lastIndexOf(1, to)
    let run = 0
    let corrections: number[] = []
    const correct = (): void => {
      for (const bit of corrections) coder.bits(bit, 1)
      corrections = []
    }
    for (let k = from; k <= to; k++) {
      if (!sizes[k]) {
        run++
        continue
      }
      for (; run > 15 && k <= lastNew; run -= 16) {
        end(16 | place)
        coder.symbol(16 | place, 0xf0)
        correct()
      }
      if (sizes[k] > 1) {
        corrections.push(sizes[k] & 1)
        continue
      }
      end(16 | place)
      coder.symbol(16 | place, (run << 4) | 1)
      coder.bits(Number(block[k] > 0), 1)
      correct()
      run = 0
    }
    if (!run && !corrections.length) return
    ended++
    waiting.push(...corrections)
    if (ended === 0x7fff) end(16 | place)
  }
  const one = (place: number, x: number, y: number): void => {
    const block = parts[place].blocks[y * parts[place].padded[0] + x]
    if (!progressive) sequential(place, block)
    else if (from) (high ? moreAc : firstAc)(place, block)
    else if (high) coder.bits(block[0] >> low, 1)
    else dc(place, block[0] >> low)
  }
  const [wide, tall] = of.length > 1 ? mcus : parts[of[0]].own
  for (let i = 0; i < wide * tall; i++) {
    const [x, y] = [i % wide, Math.floor(i / wide)]
    if (restart && i && i % restart === 0) {
      if (of.length) end(16 | of[0])
      coder.align()
      if (!coder.counting) coder.bytes.push(...new Array(restartFill).fill(0xff), 0xff, 0xd0 + ((i / restart - 1) & 7))
      before.fill(0)
    }
    if (of.length === 1) one(of[0], x, y)
    else
      for (const place of of)
        for (let v = 0; v < parts[place].v; v++) for (let h = 0; h < parts[place].h; h++) one(place, x * parts[place].h + h, y * parts[place].v + v)
  }
  end(16 | of[0])
  coder.align()
}
