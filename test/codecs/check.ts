/** The properties that fast-check runs, here and in `npm run fuzz`. */
import fc, { type IPropertyWithHooks } from 'fast-check'
import type { Codec } from '../../src/index.js'
import { mutate, mutations, noise } from './arbitrary.js'
import { lawOfBlocks, lawOfFuel, lawOfValues } from './laws.js'
import { outcome, type Subject } from './subject.js'

type Property = IPropertyWithHooks<any>

/** By name. @param codec pinned @param isolated the same codec, whose memory is new at each call */
export function properties(codec: Codec, isolated: Codec, subject: Subject): Record<string, Property> {
  const { values, reference } = subject
  // a value that the reference refuses has no block; the codec's own then serves, or none
  const block = (value: unknown): Uint8Array => {
    const made = outcome(() => reference.encode(value))
    return made.ok ? made.value : new Uint8Array(0)
  }
  return {
    values: fc.property(values, (value) => lawOfValues(codec, subject, value)),
    'mutated blocks': fc.property(values, values, mutations, (value, other, list) => lawOfBlocks(codec, subject, mutate(block(value), list, block(other)))),
    fuel: fc.property(values, values, mutations, (value, other, list) => lawOfFuel(codec, isolated, subject, value, mutate(block(value), list, block(other)))),
    'random bytes': fc.property(noise, (bytes) => lawOfBlocks(codec, subject, bytes))
  }
}
