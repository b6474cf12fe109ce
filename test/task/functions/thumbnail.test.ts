import { constants, deflateSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shrink } from './area.js'
import { encodeJpeg, type Image } from './jpeg.js'
import { chunk, decodePng, encodePng, join, type Options, type Pixels, pixelsOf, type Stored } from './png.js'
import { thumbnail } from './thumbnail.js'

/** Numbers that look random and are the same each time. */
function numbers(seed: number): () => number {
  return () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return seed / 2 ** 32
  }
}

/** Slopes with noise in them, so that all filters, literals and copies are used. */
function samplesOf(width: number, height: number, channels: number, most: number): number[] {
  const next = numbers(width * 31 + height * 7 + channels)
  return Array.from({ length: width * height * channels }, (_, i) => {
    const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)]
    const noise = x % 40 < 12 ? next() * 0.3 : 0
    return Math.floor((((x / width) * (c + 1) * 0.4 + (y / height) * 0.3 + noise) % 1) * (most + 1))
  })
}

const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const

function stored(width: number, height: number, colour: Stored['colour'], depth: Stored['depth'], transparent = false): Stored {
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

function same(got: Pixels, expected: Pixels, within = 0): void {
  assert.equal([got.width, got.height], [expected.width, expected.height])
  let most = 0
  for (let i = 0; i < expected.rgba.length; i++) most = Math.max(most, Math.abs(got.rgba[i] - expected.rgba[i]))
  assert.ok(most <= within, `differs by ${most}, expected at most ${within}`)
}

async function pixelsMade(bytes: Uint8Array, wish: Parameters<typeof thumbnail>[1], cut?: number): Promise<Pixels> {
  const { image, error } = await thumbnail(bytes, { format: 'png', ...wish }, { cut })
  assert.is(error, undefined)
  return pixelsOf(decodePng(image!))
}

// --- PNG ---------------------------------------------------------------------------------------------------------------------------------------------------

const png = suite('thumbnail: PNG')

const KINDS: [Stored['colour'], Stored['depth']][] = [
  ...[1, 2, 4, 8, 16].map((depth): [Stored['colour'], Stored['depth']] => [0, depth as Stored['depth']]),
  ...[1, 2, 4, 8].map((depth): [Stored['colour'], Stored['depth']] => [3, depth as Stored['depth']]),
  ...([2, 4, 6] as const).flatMap((colour): [Stored['colour'], Stored['depth']][] => [
    [colour, 8],
    [colour, 16]
  ])
]

for (const [colour, depth] of KINDS) {
  for (const transparent of colour < 4 ? [false, true] : [false]) {
    png(
      `colour type ${colour}, ${depth} bits${transparent ? ', with a transparent colour' : ''}: the mean by area to the last bit, interlaced or not`,
      async () => {
        const image = stored(67, 41, colour, depth, transparent)
        const pixels = pixelsOf(image)
        for (const interlaced of [false, true]) {
          const bytes = encodePng(image, { interlaced })
          for (const width of [1, 7, 20, 33, 50, 66, 67]) {
            const got = await pixelsMade(bytes, { width })
            same(got, shrink(pixels, got.width, got.height))
          }
        }
      }
    )
  }
}

png('sizes from 1 × 1 on, interlaced: passes without pixels', async () => {
  for (const [width, height] of [
    [1, 1],
    [1, 9],
    [9, 1],
    [2, 2],
    [3, 5],
    [5, 3],
    [4, 8]
  ]) {
    const image = stored(width, height, 2, 8)
    same(await pixelsMade(encodePng(image, { interlaced: true }), { width }), pixelsOf(image))
  }
})

png('any filter, any compression, chunks of any size, blocks of any size', async () => {
  const image = stored(300, 200, 6, 8)
  const expected = shrink(pixelsOf(image), 90, 60)
  const rows: Options[] = [
    ...[0, 1, 2, 3, 4].map((filter) => ({ filter })),
    ...[0, 1, 9].map((level) => ({ level })),
    { cut: 1 },
    { cut: 1_000_000 },
    { extra: [['zzZz', new Uint8Array(200_000)]] }
  ]
  for (const row of rows) same(await pixelsMade(encodePng(image, row), { width: 90 }), expected)
  for (const cut of [1, 7, 4096]) same(await pixelsMade(encodePng(image, { cut: 3000 }), { width: 90 }, cut), expected)
})

png('fixed codes, runs, and codes of fifteen bits', async () => {
  const [width, height] = [256, 400]
  // counts like Fibonacci numbers make codes as long as they get
  const rare: number[] = []
  for (let [i, a, b] = [0, 1, 1]; rare.length < width * height; [i, a, b] = [i + 1, b, a + b]) for (let k = 0; k < a; k++) rare.push(i)
  const next = numbers(3)
  const shuffled = rare
    .slice(0, width * height)
    .map((value) => ({ value: (value * 37) & 255, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
  for (const samples of [shuffled, shuffled.map(() => 7), shuffled.map((_, i) => (i % 251) ^ (i >> 9))]) {
    const raw = Buffer.alloc((width + 1) * height)
    for (let y = 0; y < height; y++) raw.set(samples.slice(y * width, (y + 1) * width), y * (width + 1) + 1)
    const image: Stored = { width, height, colour: 0, depth: 8, samples }
    const expected = shrink(pixelsOf(image), 64, 100)
    for (const strategy of [constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_DEFAULT_STRATEGY]) {
      const data = deflateSync(raw, { strategy })
      const whole = encodePng({ ...image, height: 1, samples: samples.slice(0, width) })
      const bytes = replaced(whole, { IHDR: header(width, height, 8, 0), IDAT: data })
      same(await pixelsMade(bytes, { width: 64 }), expected)
    }
  }
})

png('what it writes is small, and a PNG that is as it was if it is small enough already', async () => {
  for (const [colour, expected] of [
    [0, 0],
    [2, 2],
    [3, 2],
    [4, 4],
    [6, 6]
  ] as const) {
    const image = stored(200, 150, colour, 8)
    const { image: made } = await thumbnail(encodePng(image), { width: 200 })
    const got = decodePng(made!)
    assert.is(got.colour, expected)
    same(pixelsOf(got), shrink(pixelsOf(image), 200, 150))
    // zlib's best of its own filters' choice is not much better
    const best = Math.min(...[0, 1, 2, 3, 4].map((filter) => encodePng(got, { filter, level: 9 }).length))
    assert.ok(made!.length < best * 1.1, `${made!.length} bytes, zlib ${best}`)
  }
})

png('alpha that is opaque everywhere is left out', async () => {
  for (const colour of [4, 6] as const) {
    const n = CHANNELS[colour]
    const samples = samplesOf(40, 30, n, 255).map((sample, i) => (i % n === n - 1 ? 255 : sample))
    const image: Stored = { width: 40, height: 30, colour, depth: 8, samples }
    const { image: made } = await thumbnail(encodePng(image), { width: 20 })
    assert.is(decodePng(made!).colour, colour - 4)
    same(pixelsOf(decodePng(made!)), shrink(pixelsOf(image), 20, 15))
  }
})

// --- sizes -------------------------------------------------------------------------------------------------------------------------------------------------

const sizes = suite('thumbnail: sizes and parameters')

sizes('fits within what is wished for, and is never made larger', async () => {
  for (const [width, height, wish, expected] of [
    [100, 50, { width: 50 }, [50, 25]],
    [100, 50, { width: 50, height: 50 }, [50, 25]],
    [100, 50, { width: 50, height: 10 }, [20, 10]],
    [100, 50, { width: 1000 }, [100, 50]],
    [100, 50, { width: 1000, height: 25 }, [50, 25]],
    [50, 100, { width: 50, height: 50 }, [25, 50]],
    [100, 1, { width: 10 }, [10, 1]],
    [1, 100, { width: 10, height: 10 }, [1, 10]],
    [99, 67, { width: 10 }, [10, 7]],
    [99, 67, { width: 2 ** 40, height: 2 ** 40 }, [99, 67]]
  ] as const) {
    const { answer } = await thumbnail(encodePng(stored(width, height, 0, 8)), wish)
    const { width: w, height: h, ...rest } = answer!
    assert.equal([w, h], expected)
    assert.equal(rest, { format: 'png', originalWidth: width, originalHeight: height, originalFormat: 'png' })
  }
})

sizes('parameters that are none', async () => {
  const bytes = encodePng(stored(4, 4, 0, 8))
  for (const [wish, expected] of [
    [{}, 'MISSING_FIELD'],
    [{ width: '10' }, 'WRONG_KIND'],
    [{ width: -1 }, 'WRONG_KIND'],
    [{ width: 0 }, 'NUMBER_RANGE'],
    [{ width: 1, height: 0 }, 'NUMBER_RANGE'],
    [{ width: 1, format: 'webp' }, 'UNSUPPORTED'],
    [{ width: 1, format: 1 }, 'UNSUPPORTED'],
    [{ width: 1, quality: 101 }, 'NUMBER_RANGE']
  ] as const) {
    const { error } = await thumbnail(bytes, wish)
    assert.is(error?.split(' ')[0], expected, JSON.stringify(wish))
  }
})

/** EXIF with an orientation, and something before it. */
function exif(orientation: number, big: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(38))
  view.setUint16(0, big ? 0x4d4d : 0x4949)
  view.setUint16(2, 42, !big)
  view.setUint32(4, 8, !big)
  view.setUint16(8, 2, !big)
  for (const [at, tag, value] of [
    [10, 256, 99],
    [22, 274, orientation]
  ]) {
    view.setUint16(at, tag, !big)
    view.setUint16(at + 2, 3, !big)
    view.setUint32(at + 4, 1, !big)
    view.setUint16(at + 8, value, !big)
  }
  return new Uint8Array(view.buffer)
}

/** Where the pixel that is to be seen at (x, y) is stored in an image of w × h. */
const TURNS: ((x: number, y: number, w: number, h: number) => readonly [number, number])[] = [
  (x, y) => [x, y],
  (x, y, w) => [w - 1 - x, y],
  (x, y, w, h) => [w - 1 - x, h - 1 - y],
  (x, y, _, h) => [x, h - 1 - y],
  (x, y) => [y, x],
  (x, y, _, h) => [y, h - 1 - x],
  (x, y, w, h) => [w - 1 - y, h - 1 - x],
  (x, y, w) => [w - 1 - y, x]
]

sizes('turned as EXIF says, in PNG and JPEG, of either byte order', async () => {
  const image = stored(24, 10, 2, 8)
  const before = pixelsOf(image)
  for (let orientation = 1; orientation <= 8; orientation++) {
    const [w, h] = orientation > 4 ? [10, 24] : [24, 10]
    const rgba = new Uint8Array(24 * 10 * 4)
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const [i, j] = TURNS[orientation - 1](x, y, 24, 10)
        rgba.set(before.rgba.subarray((j * 24 + i) * 4, (j * 24 + i) * 4 + 4), (y * w + x) * 4)
      }
    }
    for (const big of [false, true]) {
      const bytes = encodePng(image, { extra: [['eXIf', exif(orientation, big)]] })
      same(await pixelsMade(bytes, { width: 100 }), { width: w, height: h, rgba })
      same(await pixelsMade(bytes, { width: w / 2 }), shrink({ width: w, height: h, rgba }, w / 2, h / 2))
      const { answer } = await thumbnail(bytes, { width: w / 2, height: h })
      assert.equal([answer!.originalWidth, answer!.originalHeight], [w, h])
    }
    const components = [0, 1, 2].map((c) => ({ h: 1, v: 1, at: (x: number, y: number) => before.rgba[(y * 24 + x) * 4 + c] }))
    const adobe = [0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0]] as const
    const app1 = [0xe1, [...Buffer.from('Exif\0\0'), ...exif(orientation, true)]] as const
    same(await pixelsMade(encodeJpeg({ width: 24, height: 10, components, segments: [app1, adobe] }).bytes, { width: 100 }), { width: w, height: h, rgba }, 1)
  }
})

// --- JPEG --------------------------------------------------------------------------------------------------------------------------------------------------

const jpeg = suite('thumbnail: JPEG')

/** Waves, an edge, and a corner of noise. */
function picture(width: number, height: number, c: number): (x: number, y: number) => number {
  const next = numbers(c + 9)
  const noise = Array.from({ length: 1024 }, () => next() * 120 - 60)
  return (x, y) => {
    const wave = 128 + 90 * Math.sin(x / (7 + c) + c) * Math.cos(y / (11 - c))
    const edge = x > width * 0.6 && y > height * 0.5 ? 60 : 0
    const rough = x < 24 && y < 24 ? noise[(x * 31 + y) & 1023] : 0
    return Math.max(0, Math.min(255, Math.round(wave + rough - edge)))
  }
}

type Factors = readonly (readonly [h: number, v: number])[]
const imageOf = (width: number, height: number, factors: Factors, more: Partial<Image> = {}): Image => ({
  width,
  height,
  components: factors.map(([h, v], c) => ({ h, v, at: picture(width, height, c) })),
  ...more
})

const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)))

/** What is to be seen of components, gray, or luminance and chrominance: each made smaller by itself, whose samples are as many as they are, then mixed. */
function seen({ width, height, components }: Image, decoded: readonly ((x: number, y: number) => number)[], columns = width, rows = height): Pixels {
  const planes = decoded.slice(0, 3).map((at, c) => {
    // as fine as the edges of samples, wherever they are in a pixel
    const { h, v } = components[c]
    const rgba = new Uint8Array(width * h * height * v * 4)
    for (let i = 0; i < width * h * height * v; i++)
      rgba.fill(at(((i % (width * h)) + 0.5) / h, (Math.floor(i / (width * h)) + 0.5) / v), i * 4, i * 4 + 3).fill(255, i * 4 + 3, i * 4 + 4)
    return shrink({ width: width * h, height: height * v, rgba }, columns, rows).rgba
  })
  const rgba = new Uint8Array(columns * rows * 4)
  for (let i = 0; i < columns * rows; i++) {
    const [y, b, r] = [planes[0][i * 4], (planes[1]?.[i * 4] ?? 128) - 128, (planes[2]?.[i * 4] ?? 128) - 128]
    rgba.set([clamp(y + 1.402 * r), clamp(y - 0.344136 * b - 0.714136 * r), clamp(y + 1.772 * b), 255], i * 4)
  }
  return { width: columns, height: rows, rgba }
}

const GRAY: Factors = [[1, 1]]
const FULL: Factors = [
  [1, 1],
  [1, 1],
  [1, 1]
]
const WIDE: Factors = [
  [2, 1],
  [1, 1],
  [1, 1]
]
const QUARTER: Factors = [
  [2, 2],
  [1, 1],
  [1, 1]
]
const apart = { scans: [{ of: [0] }, { of: [1] }, { of: [2] }] }
/** As encoders do it by default: everything in two or more steps. */
const steps = {
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
const coarse = { quantization: (k: number) => 3 + 2 * k }

const JPEGS: [name: string, Image][] = [
  ['gray', imageOf(75, 43, GRAY)],
  ['gray, coarse', imageOf(75, 43, GRAY, coarse)],
  ['gray with factors, which mean nothing', imageOf(75, 43, [[2, 2]])],
  ['gray, tables of 16 bits', imageOf(75, 43, GRAY, { quantization: (k) => (k > 40 ? 300 : 2) })],
  ['4:4:4', imageOf(75, 43, FULL, coarse)],
  ['4:2:2', imageOf(75, 43, WIDE, coarse)],
  ['4:2:0', imageOf(75, 43, QUARTER, coarse)],
  ['4:2:0, restarts', imageOf(75, 43, QUARTER, { ...coarse, restart: 2 })],
  ['4:2:0, a scan each', imageOf(75, 43, QUARTER, { ...coarse, ...apart })],
  ['4:2:0, a scan each, restarts', imageOf(75, 43, QUARTER, { ...coarse, ...apart, restart: 3 })],
  [
    '4:1:1',
    imageOf(75, 43, [
      [4, 1],
      [1, 1],
      [1, 1]
    ])
  ],
  [
    '4:4:0',
    imageOf(75, 43, [
      [1, 2],
      [1, 1],
      [1, 1]
    ])
  ],
  [
    'factors of 3 and 2',
    imageOf(75, 43, [
      [3, 1],
      [2, 1],
      [1, 1]
    ])
  ],
  [
    'chrominance finer than luminance',
    imageOf(75, 43, [
      [1, 1],
      [2, 2],
      [1, 1]
    ])
  ],
  ['progressive', imageOf(75, 43, QUARTER, { ...coarse, ...steps })],
  ['progressive, fine', imageOf(75, 43, FULL, steps)],
  ['progressive, restarts', imageOf(75, 43, QUARTER, { ...coarse, ...steps, restart: 4 })],
  ['progressive, gray, in one go', imageOf(75, 43, GRAY, { progressive: true, scans: [{ of: [0] }, { of: [0], from: 1, to: 63 }] })],
  [
    'progressive, long runs of nothing',
    imageOf(200, 90, GRAY, {
      quantization: (k) => (k ? 99 : 3),
      progressive: true,
      scans: [{ of: [0] }, { of: [0], from: 1, to: 63, low: 1 }, { of: [0], from: 1, to: 63, high: 1 }]
    })
  ],
  [
    'fill bytes, comments',
    imageOf(33, 20, QUARTER, {
      restart: 1,
      fill: 5,
      segments: [
        [0xfe, [1, 2, 3]],
        [0xe5, new Uint8Array(65533)]
      ]
    })
  ],
  ['1 × 1', imageOf(1, 1, QUARTER)],
  ['one column', imageOf(1, 40, QUARTER)]
]

for (const [name, image] of JPEGS) {
  jpeg(`${name}: as the DCT in floating point has it, whole and smaller`, async () => {
    const { bytes, decoded } = encodeJpeg(image)
    // a sample may be rounded otherwise by one, and colours add three of them
    const within = image.components.length === 1 ? 1 : 3
    for (const width of [1, 10, 37, 50, 1000]) {
      const got = await pixelsMade(bytes, { width }, 1000)
      same(got, seen(image, decoded, got.width, got.height), within)
    }
  })
}

function mean(a: Pixels, b: Pixels): number {
  let sum = 0
  for (let i = 0; i < a.rgba.length; i++) sum += Math.abs(a.rgba[i] - b.rgba[i])
  return (sum / a.rgba.length) * (4 / 3)
}

jpeg('colours as they are, by name or by Adobe’s marker, and four inks', async () => {
  const adobe = (transform: number) => [0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]] as const
  const [width, height] = [32, 16]
  const four: Factors = [...FULL, [1, 1]]
  const ids = (image: Image, names: string): Image => ({ ...image, components: image.components.map((c, i) => ({ ...c, id: names.charCodeAt(i) })) })
  const plain = (values: number[]): number[] => values
  const inks = ([c, m, y, k]: number[]): number[] => [c, m, y].map((ink) => Math.round((ink * k) / 255))
  for (const [image, mix] of [
    [ids(imageOf(width, height, FULL), 'RGB'), plain],
    [imageOf(width, height, FULL, { segments: [adobe(0)] }), plain],
    [imageOf(width, height, four, { segments: [adobe(0)] }), inks],
    [imageOf(width, height, four), (values: number[]) => inks(values.map((ink) => 255 - ink))]
  ] as const) {
    const { bytes, decoded } = encodeJpeg(image)
    const rgba = new Uint8Array(width * height * 4)
    for (let i = 0; i < width * height; i++) rgba.set([...mix(decoded.map((at) => at(i % width, Math.floor(i / width)))), 255], i * 4)
    same(await pixelsMade(bytes, { width }), { width, height, rgba }, 2)
  }
  // four inks of which three are luminance and chrominance
  const image = imageOf(width, height, four, { segments: [adobe(2)] })
  const { bytes, decoded } = encodeJpeg(image)
  const colours = seen(image, decoded.slice(0, 3))
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) colours.rgba[i * 4 + c] = Math.round((colours.rgba[i * 4 + c] * decoded[3](i % width, Math.floor(i / width))) / 255)
  same(await pixelsMade(bytes, { width }), colours, 3)
})

jpeg('what it writes comes back as it was, the better the higher the quality', async () => {
  for (const colour of [0, 2] as const) {
    const [width, height] = [90, 61]
    const at = [0, 1, 2].map((c) => picture(width, height, c))
    const samples = Array.from({ length: width * height * CHANNELS[colour] }, (_, i) => {
      const n = CHANNELS[colour]
      return at[i % n](Math.floor(i / n) % width, Math.floor(i / n / width))
    })
    const image: Stored = { width, height, colour, depth: 8, samples }
    let [size, error] = [0, Number.POSITIVE_INFINITY]
    for (const quality of [1, 25, 50, 80, 92, 100]) {
      const { image: made, answer } = await thumbnail(encodePng(image), { width, format: 'jpeg', quality })
      assert.equal([answer!.format, answer!.originalFormat], ['jpeg', 'png'])
      const away = mean(await pixelsMade(made!, { width }), pixelsOf(image))
      assert.ok(made!.length > size && away < error, `quality ${quality}: ${made!.length} bytes, ${away} away; before it ${size} and ${error}`)
      size = made!.length
      error = away
    }
    assert.ok(error < 1, `${error} at quality 100`)
  }
})

jpeg('is JPEG where the image is, and what is transparent is put on white', async () => {
  const { image: made, answer } = await thumbnail(encodeJpeg(imageOf(64, 64, QUARTER)).bytes, { width: 32 })
  assert.equal([...made!.subarray(0, 3)], [0xff, 0xd8, 0xff])
  assert.equal(answer, { width: 32, height: 32, format: 'jpeg', originalWidth: 64, originalHeight: 64, originalFormat: 'jpeg' })
  const samples = Array.from({ length: 16 * 16 }, () => [200, 0, 0, 0]).flat()
  const clear = await thumbnail(encodePng({ width: 16, height: 16, colour: 6, depth: 8, samples }), { width: 16, format: 'jpeg' })
  same(await pixelsMade(clear.image!, { width: 16 }), { width: 16, height: 16, rgba: new Uint8Array(16 * 16 * 4).fill(255) })
})

// --- hostile -----------------------------------------------------------------------------------------------------------------------------------------------

const hostile = suite('thumbnail: hostile')

function header(width: number, height: number, depth: number, colour: number, ...rest: number[]): Uint8Array {
  const bytes = new Uint8Array(13)
  new DataView(bytes.buffer).setUint32(0, width)
  new DataView(bytes.buffer).setUint32(4, height)
  bytes.set([depth, colour, ...rest], 8)
  return bytes
}

/** The PNG with other contents of chunks. */
function replaced(bytes: Uint8Array, contents: Record<string, Uint8Array | undefined>): Uint8Array {
  const parts = [bytes.subarray(0, 8)]
  for (let at = 8; at < bytes.length; ) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    if (!(type in contents)) parts.push(bytes.subarray(at, at + 12 + length))
    else if (contents[type] !== undefined) parts.push(chunk(type, contents[type]))
    at += 12 + length
  }
  return join(parts)
}

const KNOWN = /^(UNEXPECTED_END|TRAILING_BYTES|MALFORMED|UNSUPPORTED|CHECKSUM|TOO_LARGE) \d+$/
const SMALL: [string, Uint8Array][] = [
  ['PNG', encodePng(stored(12, 9, 6, 8))],
  ['PNG, interlaced, palette', encodePng(stored(12, 9, 3, 4, true), { interlaced: true })],
  ['JPEG', encodeJpeg(imageOf(20, 17, QUARTER, { ...coarse, restart: 1 })).bytes],
  ['JPEG, progressive', encodeJpeg(imageOf(20, 17, QUARTER, { ...coarse, ...steps })).bytes]
]

for (const [name, bytes] of SMALL) {
  hostile(`${name}: cut off anywhere it has ended too early`, async () => {
    assert.is((await thumbnail(bytes, { width: 5 })).error, undefined)
    for (let n = 0; n < bytes.length; n++) {
      const { error } = await thumbnail(bytes.subarray(0, n), { width: 5 })
      assert.is(error, `UNEXPECTED_END ${n}`)
    }
  })

  hostile(`${name}: with any bit turned it is an image or an error of the format`, async () => {
    for (let i = 0; i < bytes.length * 8; i++) {
      const other = bytes.slice()
      other[i >> 3] ^= 1 << (i & 7)
      const { error, image } = await thumbnail(other, { width: 5 })
      if (error === undefined) assert.ok(image)
      else assert.match(error, KNOWN, `bit ${i}`)
      // nothing is unprotected in a PNG
      if (name.startsWith('PNG')) assert.ok(error, `bit ${i}`)
    }
  })
}

hostile('what is no image, and images that are not as they should be', async () => {
  const rgb = encodePng(stored(8, 8, 2, 8))
  const indexed = encodePng(stored(8, 8, 3, 4))
  const data = (raw: Uint8Array | number[]) => deflateSync(Uint8Array.from(raw))
  const rows: [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(0), 'UNEXPECTED_END 0'],
    ['GIF', new TextEncoder().encode('GIF89a'), 'UNSUPPORTED 0'],
    ['no header', join([rgb.subarray(0, 8), rgb.subarray(33)]), 'MALFORMED 12'],
    ['two headers', join([rgb.subarray(0, 33), rgb.subarray(8)]), 'MALFORMED 37'],
    ['width 0', replaced(rgb, { IHDR: header(0, 8, 8, 2) }), 'MALFORMED 16'],
    ['height 0', replaced(rgb, { IHDR: header(8, 0, 8, 2) }), 'MALFORMED 20'],
    ['64 megapixels and one row', replaced(rgb, { IHDR: header(8192, 8193, 8, 2) }), 'TOO_LARGE 16'],
    ['2^31 − 1 squared', replaced(rgb, { IHDR: header(2 ** 31 - 1, 2 ** 31 - 1, 16, 6) }), 'TOO_LARGE 16'],
    ['wider than 65,535', replaced(rgb, { IHDR: header(65536, 1, 8, 2) }), 'TOO_LARGE 16'],
    ['interlaced and larger than is held', replaced(rgb, { IHDR: header(8000, 8000, 8, 2, 0, 0, 1) }), 'TOO_LARGE 16'],
    ['colour type 1', replaced(rgb, { IHDR: header(8, 8, 8, 1) }), 'MALFORMED 25'],
    ['depth 4 of colours', replaced(rgb, { IHDR: header(8, 8, 4, 2) }), 'MALFORMED 24'],
    ['depth 3', replaced(rgb, { IHDR: header(8, 8, 3, 0) }), 'MALFORMED 24'],
    ['compression 1', replaced(rgb, { IHDR: header(8, 8, 8, 2, 1) }), 'UNSUPPORTED 26'],
    ['filter method 1', replaced(rgb, { IHDR: header(8, 8, 8, 2, 0, 1) }), 'UNSUPPORTED 27'],
    ['interlace 2', replaced(rgb, { IHDR: header(8, 8, 8, 2, 0, 0, 2) }), 'UNSUPPORTED 28'],
    ['header of 12 bytes', replaced(rgb, { IHDR: new Uint8Array(12) }), 'MALFORMED 8'],
    ['no data', replaced(rgb, { IDAT: undefined }), 'MALFORMED 37'],
    ['no palette', replaced(indexed, { PLTE: undefined }), 'MALFORMED 37'],
    ['palette of 17 for 4 bits', replaced(indexed, { PLTE: new Uint8Array(51) }), 'MALFORMED 41'],
    ['palette of 4 bytes', replaced(indexed, { PLTE: new Uint8Array(4) }), 'MALFORMED 33'],
    ['index beyond the palette', replaced(indexed, { PLTE: new Uint8Array(3) }), 'MALFORMED'],
    ['unknown critical chunk', encodePng(stored(8, 8, 2, 8), { extra: [['ABCD', new Uint8Array(1)]] }), 'UNSUPPORTED 37'],
    ['type that is no letters', encodePng(stored(8, 8, 2, 8), { extra: [['a1cd', new Uint8Array(1)]] }), 'MALFORMED 37'],
    ['filter 5', replaced(rgb, { IDAT: data([5, ...new Uint8Array(24 + 25 * 7)]) }), 'MALFORMED'],
    ['a byte too few', replaced(rgb, { IDAT: data(new Uint8Array(25 * 8 - 1)) }), 'UNEXPECTED_END'],
    ['a byte too many', replaced(rgb, { IDAT: data(new Uint8Array(25 * 8 + 1)) }), 'TRAILING_BYTES'],
    ['bytes after the stream', replaced(rgb, { IDAT: join([data(new Uint8Array(25 * 8)), new Uint8Array(3)]) }), 'TRAILING_BYTES'],
    ['another compression in zlib', replaced(rgb, { IDAT: Uint8Array.of(0x79, 0x9c, 0, 0) }), 'UNSUPPORTED'],
    ['zlib header that does not add up', replaced(rgb, { IDAT: Uint8Array.of(0x78, 0x9d, 0, 0) }), 'CHECKSUM'],
    ['block of kind 3', replaced(rgb, { IDAT: Uint8Array.of(0x78, 0x9c, 7, 0, 0, 0, 0, 0, 0, 0) }), 'MALFORMED'],
    ['stored length that is not confirmed', replaced(rgb, { IDAT: Uint8Array.of(0x78, 0x9c, 1, 5, 0, 5, 0, 0, 0, 0) }), 'MALFORMED'],
    ['a copy from before the start', replaced(rgb, { IDAT: Uint8Array.of(0x78, 0x9c, 3, 2, 0, 0, 0, 0, 0, 0) }), 'MALFORMED'],
    ['JPEG without a frame', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), 'UNEXPECTED_END 2'],
    ['arithmetic JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xc9, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0), 'UNSUPPORTED 3'],
    ['JPEG of 12 bits', Uint8Array.of(0xff, 0xd8, 0xff, 0xc1, 0, 11, 12, 0, 1, 0, 1, 1, 1, 0x11, 0), 'UNSUPPORTED 6'],
    ['65,535 × 65,535', Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 255, 255, 255, 255, 1, 1, 0x11, 0), 'TOO_LARGE 7'],
    ['progressive and larger than is held', Uint8Array.of(0xff, 0xd8, 0xff, 0xc2, 0, 11, 8, 0x1f, 255, 0x1f, 255, 1, 1, 0x11, 0), 'TOO_LARGE 7'],
    ['number of lines to come later', Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 0, 0, 1, 1, 1, 0x11, 0), 'UNSUPPORTED 7'],
    ['code with more codes than there are', Uint8Array.of(0xff, 0xd8, 0xff, 0xc4, 0, 22, 0, 3, ...new Uint8Array(18)), 'MALFORMED 7'],
    ['table with a zero', Uint8Array.of(0xff, 0xd8, 0xff, 0xdb, 0, 67, 0, ...new Uint8Array(64)), 'MALFORMED 6'],
    ['segment of length 1', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 1, 0), 'MALFORMED 4']
  ]
  for (const [name, bytes, expected] of rows) {
    const { error, outcome } = await thumbnail(bytes, { width: 4 })
    assert.is(expected.includes(' ') ? error : error?.split(' ')[0], expected, name)
    // before memory is taken
    if (expected.startsWith('TOO_LARGE')) assert.ok(outcome.memory < 1 << 20, `${name}: ${outcome.memory} bytes`)
  }
})

hostile('64 megapixels in a few megabytes of memory, whatever their compression', async () => {
  const [width, height] = [8192, 8192]
  // one bit each, all the same: a thousandth of their size, and less
  const raw = Buffer.alloc((width + 1) * height)
  const bytes = join([
    encodePng(stored(1, 1, 0, 8)).subarray(0, 8),
    chunk('IHDR', header(width, height, 8, 0)),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', [])
  ])
  const { answer, outcome } = await thumbnail(bytes, { width: 64 })
  assert.equal([answer!.width, answer!.height], [64, 64])
  assert.ok(outcome.memory < 2 << 20, `${outcome.memory} bytes`)
})

hostile('the same in blocks of any size: answer, and fuel but for what blocks cost', async () => {
  const bytes = encodeJpeg(imageOf(200, 120, QUARTER, { ...coarse, ...steps })).bytes
  const whole = await thumbnail(bytes, { width: 50 })
  for (const cut of [1, 100, 5000]) {
    const { image, answer } = await thumbnail(bytes, { width: 50 }, { cut })
    assert.equal(image, whole.image)
    assert.equal(answer, whole.answer)
  }
})

png.run()
sizes.run()
jpeg.run()
hostile.run()
