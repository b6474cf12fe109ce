/** What every executor provides: the clock, and random bytes of the task's own. */
import { sha256 } from '@noble/hashes/sha2.js'
import { type Provider, ProviderError } from './interface.js'

const MAX_RANDOM = 65_536

/** `/clock/now` {} → milliseconds since 1970. */
export function clockProvider(now: () => number = Date.now): Provider {
  return { command: '/clock/now', kind: 'query', perform: () => now() }
}

/**
 * `/random/bytes` {length, label?} → bytes that follow from the CID of the task alone: the same when it is run again, others for another task. Block i is the sha2-256 of
 * "autocodec/random", the task's CID, the label and i (u32, big-endian). Not for secrets: the CID is public.
 */
export function randomProvider(): Provider {
  return {
    command: '/random/bytes',
    kind: 'query',
    perform({ length, label = '' }, { task }) {
      if (!Number.isSafeInteger(length) || (length as number) < 0 || (length as number) > MAX_RANDOM)
        throw new ProviderError('ARGUMENTS', `length: got ${String(length)}, expected 0 to ${MAX_RANDOM}`)
      if (typeof label !== 'string') throw new ProviderError('ARGUMENTS', `label: got ${typeof label}, expected text`)
      const head = new TextEncoder().encode('autocodec/random')
      const name = new TextEncoder().encode(label)
      const seed = new Uint8Array(head.length + task.bytes.length + name.length + 4)
      seed.set(head)
      seed.set(task.bytes, head.length)
      seed.set(name, head.length + task.bytes.length)
      const bytes = new Uint8Array(Math.ceil((length as number) / 32) * 32)
      for (let i = 0; i * 32 < bytes.length; i++) {
        new DataView(seed.buffer).setUint32(seed.length - 4, i)
        bytes.set(sha256(seed), i * 32)
      }
      return bytes.slice(0, length as number)
    }
  }
}
