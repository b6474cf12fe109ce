import { difference } from '../agree.js'
import { type Comparison, compare } from '../comparison.js'
import { cborX, references } from '../reference.js'
import type { Sample } from '../sample.js'
import type { Subject } from '../subject.js'

/** Bytes to JavaScript values. JSON.parse is given a string, so it is spared the UTF-8. */
export function decode(subject: Subject, samples: readonly Sample[]): Comparison[] {
  return samples.flatMap((sample) => {
    const { codec, bytes, plain } = sample
    const reference = references[codec]
    const ours = () => subject.codecs[codec].decode(bytes)
    const row = (ref: string, theirs: () => unknown, knowsLinks = false) =>
      compare('decode', sample, { ref, ours, theirs, differs: (a, b) => difference(a, b, !knowsLinks) })
    const rows = [row(reference.package, () => reference.decode(bytes), true)]
    if (codec === 'dag-cbor') rows.push(row('cbor-x', () => cborX(bytes)))
    if (plain) {
      const text = new TextDecoder().decode(references['dag-json'].encode(sample.value))
      rows.push(row('JSON.parse', () => JSON.parse(text)))
    }
    return rows
  })
}
