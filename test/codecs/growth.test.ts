/** What hostile input costs: fuel that grows with the input and no faster, memory that is a multiple of it. For each codec the shapes that would cost more by the square if anything did. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Codec, CodecError, createHost } from '../../src/index.js'
import { hostile } from './hostile.js'

/** How many times as much twice the input may cost: n·log n gives 2.2, the square 4. */
const STEEPEST = 2.3
/** Fuel that calls of any size differ in: memory that grows by pages, tables that are made anew at twice the size. */
const STEP = 100_000
/** Fuel of a byte: what a host grants by default, so that what is not refused gets to its end, however large. */
const FUEL_PER_BYTE = 2_000
/** Bytes of memory of any call, and for each byte of input: records, of which protobuf has two a byte, the room that doubling leaves, arenas, scratch to sort keys. */
const MEMORY = 4 << 20
const MEMORY_PER_BYTE = 200
/** Bytes of the smallest input: more than any window. */
const SIZE = 17_000

const host = await createHost()
// all of them before the first suite: uvu forgets what has failed before an `await` between two
const codecs = await Promise.all(Object.keys(hostile).map((name) => host.codec(name)))

const CALLS: readonly (readonly [name: string, call: (codec: Codec, block: Uint8Array) => unknown])[] = [
  ['decode', (codec, block) => codec.tape(block)],
  ['lax decode', (codec, block) => codec.tape(block, { strict: false })],
  ['links', (codec, block) => codec.links(block)],
  ['encode', (codec, block) => codec.encodeTape(codec.tape(block, { strict: false }))]
]

/** Answers whether it is refused, by the codec itself: what meets a limit is no answer. */
function refused(work: () => unknown): string {
  try {
    work()
    return ''
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    return error.code
  }
}

for (const codec of codecs) {
  const shapes = hostile[codec.name]
  const growth = suite(`growth of ${codec.name}`)
  for (const [shape, make] of Object.entries(shapes)) {
    growth(shape, () => {
      const blocks = [SIZE, 2 * SIZE, 4 * SIZE].map(make)
      for (const [call, work] of CALLS) {
        const points = blocks.map((block) => {
          const code = refused(() => work(codec, block))
          return { size: block.length, fuel: codec.fuel, memory: codec.memory, code }
        })
        const said = points.map(({ size, fuel, memory, code }) => `${size} bytes: ${fuel} of fuel, ${memory} of memory ${code}`).join('; ')
        for (const { size, fuel, memory } of points) {
          // encoding is paid for by the size of the tape, of which the block says nothing
          assert.ok(call === 'encode' || fuel <= STEP + FUEL_PER_BYTE * size, `${call}: ${said}`)
          assert.ok(memory <= MEMORY + MEMORY_PER_BYTE * size, `${call}: ${said}`)
        }
        for (let i = 1; i < points.length; i++) {
          // inputs double but for a few bytes
          const doublings = Math.log2(points[i].size / points[i - 1].size)
          assert.ok(points[i].fuel <= STEEPEST ** doublings * points[i - 1].fuel + STEP, `${call}: ${said}`)
        }
      }
    })
  }
  growth.run()
}
