import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { difference } from '../agree.js'
import { type Comparison, compare, type Reading } from '../comparison.js'
import { type Sample, sampleOf } from '../sample.js'
import { codecNames, firstValue } from '../subject.js'

const child = fileURLToPath(new URL('../cold-process.mjs', import.meta.url))

const firstOf = { 'dag-cbor': 'one small record', 'dag-json': 'one small record', 'dag-pb': 'directory of 3 links' } as const

/** A new host, a codec, a first value: again in this process, where the engine is warm and modules may be cached. */
export function coldStart(_subject: unknown, samples: readonly Sample[]): Comparison[] {
  return codecNames.map((codec) => {
    const sample = sampleOf(samples, codec, firstOf[codec])
    return compare('cold start', sample, {
      ref: '',
      unit: 'ms',
      detail: 'new host',
      ours: () => firstValue(codec, sample.bytes),
      theirs: undefined,
      differs: (value) => difference(value, sample.value)
    })
  })
}

/** The same in new processes, one after the other: milliseconds from `createHost` to the value, the loading of the sources left out. */
export function coldProcesses(samples: readonly Sample[]): Reading[] {
  return codecNames.map((codec) => {
    const sample = sampleOf(samples, codec, firstOf[codec])
    const bytes = sample.bytes.length
    const args = [child, codec, Buffer.from(sample.bytes).toString('hex')]
    const once = () => Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))
    return {
      work: 'cold start',
      codec,
      case: `${sample.name}, new process`,
      group: sample.group,
      bytes,
      ref: '',
      unit: 'ms',
      read: async (quick) => ({ bytes, figures: Array.from({ length: quick ? 1 : 7 }, once) })
    }
  })
}
