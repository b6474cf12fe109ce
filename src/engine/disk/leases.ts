import { checkName, checkTtl, EngineError, type Lease, type Leases } from '../interface.js'
import { entryOf, frameOf } from './frame.js'
import type { Level } from './level.js'

const LETTER = 'l'
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** What is written of a lease; its name is the key. */
type Held = Omit<Lease, 'name'>

/**
 * One process has the place, so leases are between its own workers, and between them and those of the process before it. They are not synced: with the power goes whoever had one, and
 * tokens are never given twice anyway.
 */
export class DiskLeases implements Leases {
  readonly #level: Level
  readonly #clock: () => number

  constructor(level: Level, clock: () => number) {
    this.#level = level
    this.#clock = clock
  }

  async acquire(name: string, owner: string, ttlMs: number): Promise<Lease | undefined> {
    this.#level.gate.check()
    checkName('name', name)
    checkName('owner', owner)
    checkTtl(ttlMs)
    return this.#turn(name, async (at) => {
      const now = this.#clock()
      const held = this.#read(at)
      if (held !== undefined && held.expires > now && held.owner !== owner) return undefined
      return this.#write(at, { name, owner, token: await this.#level.next(), expires: now + ttlMs })
    })
  }

  async renew({ name, token }: Lease, ttlMs: number): Promise<Lease | undefined> {
    this.#level.gate.check()
    checkName('name', name)
    checkTtl(ttlMs)
    return this.#turn(name, async (at) => {
      const now = this.#clock()
      const held = this.#read(at)
      if (held === undefined || held.token !== token || held.expires <= now) return undefined
      return this.#write(at, { name, owner: held.owner, token, expires: now + ttlMs })
    })
  }

  async release({ name, token }: Lease): Promise<void> {
    this.#level.gate.check()
    checkName('name', name)
    return this.#turn(name, async (at) => {
      if (this.#read(at)?.token === token) await this.#level.remove(at)
    })
  }

  /**
   * At the beginning, when nobody works here: forgets the leases that have expired, since nobody releases those of a process that was killed, and those that are damaged, since whoever had
   * one has ended.
   */
  async sweep(): Promise<void> {
    const now = this.#clock()
    const [from, end] = [LETTER, String.fromCharCode(LETTER.charCodeAt(0) + 1)].map((letter) => encoder.encode(letter))
    for await (const [at, frame] of this.#level.range(from, end)) {
      const entry = entryOf(frame, at)
      if (typeof entry === 'string' || heldIn(entry.value, at).expires <= now) await this.#level.remove(at)
    }
  }

  #turn<T>(name: string, work: (at: Uint8Array) => Promise<T>): Promise<T> {
    return this.#level.gate.pass(() => this.#level.turns.take(LETTER + name, () => work(encoder.encode(LETTER + name))))
  }

  #read(at: Uint8Array): Held | undefined {
    const entry = this.#level.read(at)
    return entry && heldIn(entry.value, at)
  }

  async #write(at: Uint8Array, { name, owner, token, expires }: Lease): Promise<Lease> {
    await this.#level.write(at, frameOf(encoder.encode(JSON.stringify({ owner, token, expires }))))
    return { name, owner, token, expires }
  }
}

function heldIn(value: Uint8Array, at: Uint8Array): Held {
  try {
    const { owner, token, expires } = JSON.parse(decoder.decode(value))
    if (typeof owner === 'string' && typeof token === 'number' && typeof expires === 'number') return { owner, token, expires }
    throw new TypeError('fields are missing')
  } catch (cause) {
    throw new EngineError('ENGINE_DAMAGED', `the lease ${JSON.stringify(decoder.decode(at.subarray(1)))} is damaged: ${(cause as Error).message}`, { cause })
  }
}
