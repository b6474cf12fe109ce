import { sameBytes } from '../agree.js'
import { type Comparison, compare } from '../comparison.js'
import { references } from '../reference.js'
import type { Sample } from '../sample.js'
import type { CodecName, Subject } from '../subject.js'

/** One format to the other, against decode and encode. dag-json has no floats that are whole and no large integers to lose in these data. */
export function transcode(subject: Subject, samples: readonly Sample[]): Comparison[] {
  return samples
    .filter((sample) => ['many records', 'one record', 'links'].includes(sample.group))
    .map((sample) => {
      const { codec: from, bytes } = sample
      const to: CodecName = from === 'dag-cbor' ? 'dag-json' : 'dag-cbor'
      return compare('transcode', sample, {
        ref: `@ipld/dag-cbor and @ipld/dag-json`,
        detail: `to ${to}`,
        ours: () => subject.host.transcode(bytes, from, to),
        theirs: () => references[to].encode(references[from].decode(bytes)),
        differs: (a, b) => (sameBytes(a as Uint8Array, b as Uint8Array) ? undefined : 'not the same bytes')
      })
    })
}
