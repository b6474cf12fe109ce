/** The mean by area, as it is defined: every pixel of the result from every pixel of the image that it covers, in whole numbers. */
import type { Pixels } from './png.js'

/** What pixel `i` of `n` covers of `size` pixels: each with how much of it, in parts of n. */
function covered(i: number, n: number, size: number): { at: number; weight: number }[] {
  const found: { at: number; weight: number }[] = []
  const [from, to] = [i * size, (i + 1) * size]
  for (let at = Math.floor(from / n); at * n < to; at++) found.push({ at, weight: Math.min(to, (at + 1) * n) - Math.max(from, at * n) })
  return found
}

/** Colours count as much as they are opaque. Sums stay below 2^53 for images below 2^36 pixels. */
export function shrink({ width, height, rgba }: Pixels, columns: number, rows: number): Pixels {
  const to = new Uint8Array(columns * rows * 4)
  const across = Array.from({ length: columns }, (_, x) => covered(x, columns, width))
  for (let y = 0; y < rows; y++) {
    const down = covered(y, rows, height)
    for (let x = 0; x < columns; x++) {
      const sums = [0, 0, 0, 0]
      for (const v of down) {
        for (const h of across[x]) {
          const at = (v.at * width + h.at) * 4
          const part = v.weight * h.weight
          for (let c = 0; c < 3; c++) sums[c] += rgba[at + c] * rgba[at + 3] * part
          sums[3] += rgba[at + 3] * part
        }
      }
      const nearest = (sum: number, whole: number): number => (whole === 0 ? 0 : Math.floor((sum + Math.floor(whole / 2)) / whole))
      to.set([nearest(sums[0], sums[3]), nearest(sums[1], sums[3]), nearest(sums[2], sums[3]), nearest(sums[3], width * height)], (y * columns + x) * 4)
    }
  }
  return { width: columns, height: rows, rgba: to }
}
