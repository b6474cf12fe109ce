/**
 * Random guests that are suspended, as text that can be compared: what each call gives and the whole state after it. Given states of another engine, it goes on from there too.
 * It imports nothing of Node's.
 */
import { type GuestState, restoreGuest } from '../../src/sandbox/index.js'
import { guestOf, type Step, step, steps } from '../sandbox/resumable.js'
import { sha256 } from './digest.js'

const SEEDS = 60
const ARGS = [11, -4, 1 << 20, 0, 5]

/** A run after one of its calls. */
export interface Suspended {
  readonly seed: number
  readonly at: number
  readonly state: string
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const unhex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

function write({ pages, globals, memory }: GuestState): string {
  return JSON.stringify([pages, globals.map((bits) => bits.toString(16)), memory.map(({ at, bytes }) => [at, hex(bytes)])])
}

function read(text: string): GuestState {
  const [pages, globals, memory] = JSON.parse(text) as [number, string[], [number, string][]]
  return { pages, globals: globals.map((bits) => BigInt(`0x${bits}`)), memory: memory.map(([at, bytes]) => ({ at, bytes: unhex(bytes) })) }
}

/** The runs of this engine, each after each of its calls. */
export function suspended(): Suspended[] {
  const all: Suspended[] = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    const guest = guestOf(seed)
    if (guest === undefined) continue
    for (const [at, { state }] of steps(guest.make(), ARGS).entries()) if (state !== undefined) all.push({ seed, at, state: write(state) })
  }
  return all
}

async function line(guest: string, at: number, { outcome, left, state }: Step): Promise<string> {
  return `sandbox ${guest} step-${at} ${left} ${await sha256(`${outcome} ${state === undefined ? '' : write(state)}`)}`
}

/** One line for each call of each guest, and then for each call after one of the states that are given. */
export async function states(given: readonly Suspended[]): Promise<string[]> {
  const lines: string[] = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    const guest = guestOf(seed)
    if (guest === undefined) continue
    for (const [at, made] of steps(guest.make(), ARGS).entries()) lines.push(await line(`guest-${seed}`, at, made))
  }
  for (const { seed, at, state } of given) {
    const { module, make } = guestOf(seed) as NonNullable<ReturnType<typeof guestOf>>
    const guest = make()
    restoreGuest(guest, read(state), module.prepared)
    for (let next = at + 1; next < ARGS.length; next++) {
      const made = step(guest, ARGS[next], false)
      lines.push(await line(`guest-${seed}/after-${at}`, next, made))
      if (made.state === undefined) break
    }
  }
  return lines
}
