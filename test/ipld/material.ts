/** What an encoder is handed, as a tape that can be read: it has no wide arena, and sources 1 and 2 are alike. */
import { type Material, Tape } from '../../src/ipld/index.js'
import { DATA, INPUT, KIND, LINK, SOURCE, STRING } from '../../src/ipld/layout.js'

export function tapeOf({ words: tapeWords, records, outside, ...arenas }: Material): Tape {
  const tape = new Uint8Array(tapeWords.slice(0, records * 4).buffer)
  const text = arenas.text.subarray(0, arenas.textLength)
  const data = arenas.data.subarray(0, arenas.dataLength)
  const memory = new Uint8Array(Math.ceil((tape.length + text.length + data.length) / 8) * 8)
  memory.set(tape)
  memory.set(text, tape.length)
  memory.set(data, tape.length + text.length)
  const words = new Int32Array(memory.buffer)
  // decoders have ASCII alone in source 1: here it all becomes source 2
  for (let w = 0; w < tape.length / 4; w += 4) {
    const kind = words[w] & KIND
    if (kind < STRING || kind > LINK) continue
    const source = words[w] & SOURCE
    if (source === INPUT) continue
    if (source === DATA) words[w + 2] += text.length
    words[w] = (words[w] & ~SOURCE) | DATA
  }
  const input = new Uint8Array(outside.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of outside) {
    input.set(part, at)
    at += part.length
  }
  const extent = {
    tape: 0,
    records,
    text: 0,
    textLength: 0,
    wide: 0,
    wideLength: 0,
    data: tape.length,
    dataLength: text.length + data.length
  }
  return new Tape().place(memory, words, new Float64Array(memory.buffer), extent, input)
}
