/** How the process ends before its time, and what is closed first: a state on a disk that nobody has closed costs the next one time. */
import { constants } from 'node:os'

type Close = () => Promise<void>

/** milliseconds after which work that does not end of itself, such as waiting for standard input, is left */
const PATIENCE = 1000

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const open = new Set<Close>()
let interrupted: AbortController | undefined
const handlers = new Map<NodeJS.Signals, () => void>()
/** works that are undefended */
let computing = 0

/** To be called when the process ends in whichever way, once. What is returned does it now. */
export function closing(close: Close): Close {
  const once: Close = async () => {
    if (open.delete(once)) await close()
  }
  open.add(once)
  return once
}

/** In the reverse order of opening; what fails to close, or does not come to it, does not keep the process alive. */
export async function closeAll(): Promise<void> {
  const patience = new Promise<void>((done) => setTimeout(done, PATIENCE).unref())
  for (const close of [...open].reverse()) await Promise.race([close().catch(() => {}), patience])
}

/** Why work has ended: somebody has told it to. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  /** as shells have it: 128 and the number of the signal */
  readonly exit: number

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}; nothing has been left half done`)
    this.exit = 128 + constants.signals[signal]
  }
}

/** Aborts at the first signal that asks the process to end, which it then does in good order; at the second it ends at once. */
export function interruption(): AbortSignal {
  if (interrupted !== undefined) return interrupted.signal
  const controller = new AbortController()
  interrupted = controller
  for (const name of SIGNALS) {
    const handler = (): void => {
      const reason = new Interrupted(name)
      if (controller.signal.aborted) process.exit(reason.exit)
      controller.abort(reason)
      setTimeout(() => {
        process.stderr.write(`autocodec: ${reason.message}\n`)
        void closeAll().finally(() => process.exit(reason.exit))
      }, PATIENCE).unref()
    }
    handlers.set(name, handler)
    if (computing === 0) process.on(name, handler)
  }
  return controller.signal
}

/**
 * Does what may compute in this thread for long, and so keep any handler from being called: meanwhile signals end the process as they end any other, at once. Only for what may be cut off
 * anywhere.
 */
export async function undefended<T>(work: () => Promise<T>): Promise<T> {
  if (computing++ === 0) for (const [name, handler] of handlers) process.off(name, handler)
  try {
    return await work()
  } finally {
    if (--computing === 0) for (const [name, handler] of handlers) process.on(name, handler)
  }
}
