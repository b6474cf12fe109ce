import { difference } from '../agree.js'
import { type Comparison, compare } from '../comparison.js'
import type { Sample } from '../sample.js'
import type { Subject } from '../subject.js'

/** What counting fuel costs: the same module, a whole decode, metered against unmetered. */
export function metering(subject: Subject, samples: readonly Sample[]): Comparison[] {
  return samples.map((sample) => {
    const { codec, bytes } = sample
    return compare('metering', sample, {
      ref: 'unmetered',
      unit: '%',
      ours: () => subject.codecs[codec].decode(bytes),
      theirs: () => subject.unmetered[codec].decode(bytes),
      differs: (a, b) => difference(a, b)
    })
  })
}

/** What resetting the guest between calls costs, against the same codec pinned. */
export function isolation(subject: Subject, samples: readonly Sample[]): Comparison[] {
  return samples
    .filter((sample) => ['one record', 'directory'].includes(sample.group) || sample.name === '200 posts')
    .map((sample) => {
      const { codec, bytes } = sample
      return compare('isolation', sample, {
        ref: 'pinned',
        unit: 'µs',
        ours: () => subject.isolated[codec].decode(bytes),
        theirs: () => subject.codecs[codec].decode(bytes),
        differs: (a, b) => difference(a, b)
      })
    })
}
