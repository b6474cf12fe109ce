/** Other programs as the scripts use them: started without a shell, read to their end. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** The folder of a module's sources and of its build: functions have one of their own, codecs and layouts share the other. */
export function folderOf(name: string): 'codecs' | 'functions' {
  return existsSync(join(root, `functions/${name}`)) ? 'functions' : 'codecs'
}

/** What a program answered. */
export interface Run {
  /** exit code; -1 if a signal or the time limit ended it */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** both streams, in the order in which they came */
  readonly output: string
  readonly seconds: number
  readonly timedOut: boolean
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Record<string, string>
  /** seconds; default none */
  readonly limit?: number
}

const running = new Set<number>()

/** Runs a program without standard input; it never throws for what the program does, only if it cannot be started. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    // a group of its own, so that a time limit also ends what the program has started
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32'
    })
    const text = { stdout: '', stderr: '', output: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        text[stream] += chunk
        text.output += chunk
      })
    }
    let timedOut = false
    let grace: NodeJS.Timeout | undefined
    const timer =
      options.limit === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            // first politely: a test that drives a browser closes it then
            end(child.pid, 'SIGTERM')
            grace = setTimeout(() => end(child.pid, 'SIGKILL'), 5000)
          }, options.limit * 1000)
    if (child.pid !== undefined) running.add(child.pid)
    const done = () => {
      clearTimeout(timer)
      clearTimeout(grace)
      if (child.pid !== undefined) running.delete(child.pid)
    }
    child.on('error', (error) => {
      done()
      reject(error)
    })
    child.on('close', (code) => {
      done()
      resolve({ code: code ?? -1, ...text, seconds: (performance.now() - started) / 1000, timedOut })
    })
  })
}

/** Runs a Node program of this repository or of node_modules with the Node that runs this. */
export function node(args: readonly string[], options?: RunOptions): Promise<Run> {
  return run(process.execPath, args, options)
}

/** The arguments with which Node runs a TypeScript file. */
export function typescript(file: string, ...args: string[]): string[] {
  return ['--import', 'tsx', file, ...args]
}

/** Does `work` on all items, at most `width` at a time, in order of start. */
export async function each<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < items.length) await work(items[next++])
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
}

/** The files under a folder of the repository whose path ends so, as paths with forward slashes from the root, sorted; none if the folder is absent. */
export function files(folder: string, ending: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith(ending) && !path.includes('/node_modules/'))
    .sort()
}

function end(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // it has ended by itself
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const pid of running) end(pid, 'SIGTERM')
    process.exit(130)
  })
}
