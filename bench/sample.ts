import { type DataSet, dataSets } from './data.js'
import { references } from './reference.js'
import { type CodecName, codecNames } from './subject.js'

/** A data set in one format. */
export interface Sample extends Omit<DataSet, 'make'> {
  readonly codec: CodecName
  readonly bytes: Uint8Array
  /** as the reference decodes it: what an application would encode again */
  readonly value: unknown
}

/** Every data set in every format that it is measured in. */
export function makeSamples(): Sample[] {
  return dataSets.flatMap(({ make, ...set }) => {
    const value = make()
    return codecNames
      .filter((codec) => (codec === 'dag-pb') === (set.form === 'dag-pb'))
      .map((codec) => {
        const bytes = Uint8Array.from(references[codec].encode(value))
        return { ...set, codec, bytes, value: references[codec].decode(bytes) }
      })
  })
}

/** The sample of this data set in this format. */
export function sampleOf(samples: readonly Sample[], codec: CodecName, name: string): Sample {
  const found = samples.find((sample) => sample.codec === codec && sample.name === name)
  if (found === undefined) throw new TypeError(`no data set '${name}' in ${codec}`)
  return found
}
