import { sameBytes } from '../agree.js'
import { type Comparison, compare } from '../comparison.js'
import { references } from '../reference.js'
import type { Sample } from '../sample.js'
import type { Subject } from '../subject.js'

/** JavaScript values to bytes: the same bytes from both. */
export function encode(subject: Subject, samples: readonly Sample[]): Comparison[] {
  return samples.map((sample) => {
    const { codec, value } = sample
    const reference = references[codec]
    return compare('encode', sample, {
      ref: reference.package,
      ours: () => subject.codecs[codec].encode(value),
      theirs: () => reference.encode(value),
      differs: (a, b) =>
        sameBytes(a as Uint8Array, b as Uint8Array)
          ? undefined
          : `ours gives ${(a as Uint8Array).length} bytes, theirs ${(b as Uint8Array).length}, not the same`
    })
  })
}
