/** Files that are cut off, turned about, or made to do harm: an error of the format, or an image, in bounded memory. */
import { deflateSync, inflateSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { coarse, imageOf, QUARTER, steps, stored } from './images.js'
import { encodeJpeg } from './jpeg.js'
import { chunk, dataOf, encodePng, header, join, replaced } from './png.js'
import { thumbnail, thumbnailOf } from './thumbnail.js'

const hostile = suite('thumbnail: hostile')

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
  // all the same: a thousandth of their size
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

function inflated(data: Uint8Array): Buffer | undefined {
  try {
    return inflateSync(data)
  } catch {
    return undefined
  }
}

hostile('PNG: with any bit of compressed data turned and its CRC right, it is an image where node:zlib has bytes, and an error where not', async () => {
  for (const level of [0, 6]) {
    const bytes = encodePng(stored(11, 7, 2, 8), { level })
    const data = dataOf(bytes)
    const whole = await thumbnail(bytes, { width: 5 })
    for (let i = 0; i < data.length * 8; i++) {
      const other = data.slice()
      other[i >> 3] ^= 1 << (i & 7)
      const { error, image } = await thumbnail(replaced(bytes, { IDAT: other }), { width: 5 })
      // a few bits mean nothing, as those before what is stored; and Adler-32 is not CRC-32: two changes may make up for each other
      const raw = inflated(other)
      if (error !== undefined) assert.match(error, KNOWN, `bit ${i}`)
      if (raw === undefined) assert.ok(error, `bit ${i}`)
      else if (raw.equals(inflated(data)!)) assert.equal(image, whole.image, `bit ${i}`)
    }
  }
})

hostile('a file that is larger than all memory, most of it nothing to do with the image', async () => {
  const image = encodePng(stored(30, 20, 2, 8))
  const part = new Uint8Array(1 << 20).map((_, i) => i * 7)
  const whole = Buffer.concat(new Array(160).fill(part))
  // what stands around the contents: length and type before, CRC after them
  const large = chunk('juNk', whole)
  const blocks = [join([image.subarray(0, 33), large.subarray(0, 8)]), ...new Array(160).fill(part), join([large.subarray(-4), image.subarray(33)])]
  const { answer, outcome } = await thumbnailOf(blocks, { width: 15 })
  assert.is(answer?.width, 15)
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

hostile.run()
