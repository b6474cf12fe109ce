/** What a writer has written, as a tape that can be read: as an encoder's guest gets it, which has no wide arena and may have anything in source 1. */
import { type Material, Tape } from '../../src/ipld/index.js'
import { BYTES, DATA, KIND, LINK, SOURCE, STRING, TEXT } from '../../src/ipld/layout.js'

export function tapeOf({ tape, text, outside }: Material): Tape {
  const memory = new Uint8Array(Math.ceil((tape.length + text.length) / 8) * 8)
  memory.set(tape)
  memory.set(text, tape.length)
  const words = new Int32Array(memory.buffer)
  // decoders have ASCII alone in source 1: here it all becomes source 2
  for (let w = 0; w < tape.length / 4; w += 4) {
    const kind = words[w] & KIND
    if (kind >= STRING && kind <= LINK && (words[w] & SOURCE) === TEXT) words[w] = (words[w] & ~SOURCE) | DATA
    else if (kind === BYTES && (words[w] & SOURCE) !== 0) throw new Error('long bytes belong to the input')
  }
  const input = new Uint8Array(outside.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of outside) {
    input.set(part, at)
    at += part.length
  }
  const extent = { tape: 0, records: tape.length / 16, text: 0, textLength: 0, wide: 0, wideLength: 0, data: tape.length, dataLength: text.length }
  return new Tape().place(memory, words, new Float64Array(memory.buffer), extent, input)
}
