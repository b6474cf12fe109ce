import { constants, deflateSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shrink } from './area.js'
import { apart, CHANNELS, coarse, type Factors, FULL, GRAY, imageOf, numbers, picture, QUARTER, samplesOf, steps, stored, WIDE } from './images.js'
import { encodeJpeg, type Image } from './jpeg.js'
import { decodePng, encodePng, header, type Options, type Pixels, pixelsOf, replaced, type Stored } from './png.js'
import { pixelsMade, same, thumbnail } from './thumbnail.js'

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
      restartFill: 6000,
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

png.run()
sizes.run()
jpeg.run()
