#!/usr/bin/env node
/** The command `autocodec`. */
import { CommanderError } from 'commander'
import { closeAll, Interrupted } from './ending.js'
import { EXIT, exitOf } from './exit.js'
import { createProgram } from './program.js'
import { plain } from './text.js'

let unread = false

// a reader that has seen enough (head, less) is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  unread = true
  void closeAll().finally(() => process.exit(process.exitCode ?? EXIT.ok))
})

try {
  await (await createProgram()).parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // its own message has been written; help and version end well
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage
  } else if (!unread) {
    process.exitCode = error instanceof Interrupted ? error.exit : exitOf(error)
    process.stderr.write(`autocodec: ${plain(error instanceof Error ? error.message : String(error))}${remedyOf(error)}\n`)
    if (process.argv.includes('--trace')) process.stderr.write(`${traceOf(error)}\n`)
    // standard input, for one, may be open still
    if (error instanceof Interrupted) process.exit()
  }
}

/** What the command line has for it: the library's messages know nothing of options. */
function remedyOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'FUEL') return '; --fuel N allows more'
  if (code === 'MEMORY') return '; --memory SIZE allows more'
  if (code === 'ENGINE_LOCKED') return '; wait until that has ended, or give another --state DIR'
  if (code === 'ENGINE_PEER') return '; --state memory keeps nothing and needs nothing'
  if (code === 'UNFINISHED') return '; --allow and --origin as it was begun with finish it'
  if (code === 'NOT_ACCEPTED' && (error as Error).message.includes('policy.subjects')) return ', which is --subject DID here'
  return ''
}

/** The stack, and those of the causes. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? String(error)
  return error.cause === undefined ? own : `${own}\ncaused by: ${traceOf(error.cause)}`
}
