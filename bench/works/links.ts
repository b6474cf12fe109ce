import { createUnsafe } from 'multiformats/block'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { difference } from '../agree.js'
import { type Comparison, compare } from '../comparison.js'
import { references } from '../reference.js'
import type { Sample } from '../sample.js'
import type { Subject } from '../subject.js'

/** The CIDs in a block, against decoding it and walking the values with `Block.links()`. */
export function links(subject: Subject, samples: readonly Sample[]): Comparison[] {
  return samples
    .filter((sample) => ['many records', 'one record', 'links', 'directory', 'file'].includes(sample.group))
    .map((sample) => {
      const { codec, bytes } = sample
      const reference = references[codec]
      // the block's own name plays no part in its links
      const cid = CID.createV1(reference.code, create(0x12, new Uint8Array(32)))
      return compare('links', sample, {
        ref: `${reference.package} + Block.links()`,
        ours: () => subject.codecs[codec].links(bytes),
        theirs: () => Array.from(createUnsafe({ bytes, cid, codec: reference }).links(), ([, link]) => link),
        differs: (a, b) => difference(Array.from(a as Iterable<CID>), b)
      })
    })
}
