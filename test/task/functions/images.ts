/** Images that tests of thumbnail are about: the same each time. */
import type { Image } from './jpeg.js'
import type { Stored } from './png.js'

/** Numbers that look random and are the same each time. */
export function numbers(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return seed / 2 ** 32
  }
}

/** Slopes with noise in them, so that all filters, literals and copies are used. */
export function samplesOf(width: number, height: number, channels: number, most: number): number[] {
  const next = numbers(width * 31 + height * 7 + channels)
  return Array.from({ length: width * height * channels }, (_, i) => {
    const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)]
    const noise = x % 40 < 12 ? next() * 0.3 : 0
    return Math.floor((((x / width) * (c + 1) * 0.4 + (y / height) * 0.3 + noise) % 1) * (most + 1))
  })
}

export const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const

export function stored(width: number, height: number, colour: Stored['colour'], depth: Stored['depth'], transparent = false): Stored {
  const samples = samplesOf(width, height, CHANNELS[colour], 2 ** depth - 1)
  const next = numbers(depth)
  const palette = colour === 3 ? Array.from({ length: 3 * 2 ** depth }, () => Math.floor(next() * 256)) : undefined
  if (!transparent) return { width, height, colour, depth, samples, palette }
  if (colour === 3)
    return { width, height, colour, depth, samples, palette, transparency: Array.from({ length: 2 ** depth - 1 }, () => Math.floor(next() * 256)) }
  // a colour that occurs
  const key = samples.slice(0, CHANNELS[colour])
  return { width, height, colour, depth, samples, transparency: key.flatMap((sample) => [sample >> 8, sample & 255]) }
}

/** Waves, an edge, and a corner of noise. */
export function picture(width: number, height: number, c: number): (x: number, y: number) => number {
  const next = numbers(c + 9)
  const noise = Array.from({ length: 1024 }, () => next() * 120 - 60)
  return (x, y) => {
    const wave = 128 + 90 * Math.sin(x / (7 + c) + c) * Math.cos(y / (11 - c))
    const edge = x > width * 0.6 && y > height * 0.5 ? 60 : 0
    const rough = x < 24 && y < 24 ? noise[(x * 31 + y) & 1023] : 0
    return Math.max(0, Math.min(255, Math.round(wave + rough - edge)))
  }
}

export type Factors = readonly (readonly [h: number, v: number])[]
export const imageOf = (width: number, height: number, factors: Factors, more: Partial<Image> = {}): Image => ({
  width,
  height,
  components: factors.map(([h, v], c) => ({ h, v, at: picture(width, height, c) })),
  ...more
})

export const GRAY: Factors = [[1, 1]]
export const FULL: Factors = [
  [1, 1],
  [1, 1],
  [1, 1]
]
export const WIDE: Factors = [
  [2, 1],
  [1, 1],
  [1, 1]
]
export const QUARTER: Factors = [
  [2, 2],
  [1, 1],
  [1, 1]
]
export const apart = { scans: [{ of: [0] }, { of: [1] }, { of: [2] }] }
/** As encoders do it by default: everything in two or more steps. */
export const steps = {
  progressive: true,
  scans: [
    { of: [0, 1, 2], low: 1 },
    { of: [0], from: 1, to: 5, low: 2 },
    { of: [2], from: 1, to: 63, low: 1 },
    { of: [1], from: 1, to: 63, low: 1 },
    { of: [0], from: 6, to: 63, low: 2 },
    { of: [0], from: 1, to: 63, high: 2, low: 1 },
    { of: [0, 1, 2], high: 1, low: 0 },
    { of: [2], from: 1, to: 63, high: 1, low: 0 },
    { of: [1], from: 1, to: 63, high: 1, low: 0 },
    { of: [0], from: 1, to: 63, high: 1, low: 0 }
  ]
}
export const coarse = { quantization: (k: number) => 3 + 2 * k }
