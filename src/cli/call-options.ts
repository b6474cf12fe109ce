/** Options of commands that call a function. */
import type { Command } from 'commander'
import { collect } from './repeated.js'

export interface CallOptions {
  readonly fun?: string
  readonly args?: string
  readonly file?: readonly string[]
  readonly input?: readonly string[]
  readonly nonce?: string
}

export function withCall(command: Command): Command {
  return command
    .option('--fun <name>', 'the function, where the module has several')
    .option('--args <json>', 'its parameters: DAG-JSON, or a file with it (also @FILE), or - for standard input')
    .option('--file <name=path>', 'a parameter that is the list of blocks of a file, of any size; may be repeated', collect)
    .option('--input <name=command>', 'what is asked of the world first: COMMAND or COMMAND:JSON, such as now=/clock/now; may be repeated', collect)
    .option('--nonce <n>', 'hexadecimal, or random: makes another task of it, whose result is not the one remembered')
}
