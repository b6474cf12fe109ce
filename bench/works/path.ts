import { difference } from '../agree.js'
import { type Comparison, compare } from '../comparison.js'
import { references } from '../reference.js'
import { type Sample, sampleOf } from '../sample.js'
import type { CodecName, Subject } from '../subject.js'

const lookups: readonly (readonly [detail: string, path: string])[] = [
  ['first record', 'feed/0/author/handle'],
  ['middle record', 'feed/100/author/handle'],
  ['last record', 'feed/199/text'],
  ['a whole record', 'feed/150']
]

const codecs: readonly CodecName[] = ['dag-cbor', 'dag-json']

/** One value out of 66 KB, against decoding everything and walking there. */
export function path(subject: Subject, samples: readonly Sample[]): Comparison[] {
  return codecs.flatMap((codec) =>
    lookups.map(([detail, path]) => {
      const sample = sampleOf(samples, codec, '200 posts')
      const { bytes } = sample
      const reference = references[codec]
      const steps = path.split('/')
      return compare('path', sample, {
        ref: `${reference.package} + walk`,
        detail,
        ours: () => subject.codecs[codec].node(bytes).path(path)?.value(),
        theirs: () => steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], reference.decode(bytes)),
        differs: (a, b) => difference(a, b)
      })
    })
  )
}
