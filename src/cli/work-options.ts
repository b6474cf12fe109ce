/** Options that commands about tasks share: where state and keys are, what a run may use, what the executor may do to the world. */
import { type Command, InvalidArgumentError } from 'commander'
import { amount } from './amount.js'
import { collect } from './repeated.js'

export interface StateOptions {
  readonly state?: string
}

export interface KeyOptions {
  readonly key?: string
}

/** `--fuel` and `--memory` are options of all commands. */
export interface LimitOptions {
  /** seconds */
  readonly time?: number
  /** bytes */
  readonly maxOutput?: number
}

export interface WorldOptions {
  readonly allow?: readonly string[]
  readonly origin?: readonly string[]
}

export function withState(command: Command): Command {
  return command.option('--state <dir>', 'receipts, tasks and blocks; default $AUTOCODEC_STATE, or autocodec in the data directory. memory: nothing is kept')
}

export function withKey(command: Command, whose: string): Command {
  return command.option('--key <name>', `the key ${whose}; default "default", which is made at first need`)
}

export function withLimits(command: Command): Command {
  return command
    .option('--time <s>', 'seconds that a run may take; default 60', seconds)
    .option('--max-output <size>', 'bytes that a run may make: bytes, or with K, M or G; default 256M', amount)
}

export function withWorld(command: Command): Command {
  return command
    .option('--allow <command>', 'an effect that may be done, such as /http/post or /name/publish; may be repeated', collect)
    .option('--origin <url>', 'an origin that /http/get and /http/post may ask, such as https://example.org; may be repeated', collect)
}

/** Seconds, also parts of them. */
export function seconds(text: string): number {
  const value = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || !Number.isFinite(value) || value > 1e9) throw new InvalidArgumentError('Expected seconds, such as 60 or 0.5.')
  return value
}
