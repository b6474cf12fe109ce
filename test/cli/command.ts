/** The command as a user runs it: a process, standard input, what comes out. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { files, root } from '../../scripts/run.js'

export interface Ended {
  readonly exit: number
  readonly stdout: Uint8Array
  readonly out: string
  readonly err: string
}

/** How to start the command: as built, if nothing has changed since, which is twice as fast as from its source. */
export const COMMAND: readonly string[] = built() ? [join(root, 'dist/src/cli/main.js')] : ['--import', 'tsx', join(root, 'src/cli/main.ts')]

function built(): boolean {
  const stamp = join(root, 'build/stamp')
  if (!existsSync(stamp) || !existsSync(join(root, 'dist/src/cli/main.js'))) return false
  const { mtimeMs } = statSync(stamp)
  return files('src', '.ts').every((path) => statSync(join(root, path)).mtimeMs <= mtimeMs)
}

/** A folder for a test file's inputs, gone when the process ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'autocodec-cli-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** No store, keys or state of the user's, and no gateway. */
const home = scratch()
export const OWN = { AUTOCODEC_STORE: '', AUTOCODEC_GATEWAY: '', AUTOCODEC_KEYS: join(home, 'keys'), AUTOCODEC_STATE: join(home, 'state') }

export function autocodec(args: readonly string[], stdin: Uint8Array | string = '', env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...COMMAND, ...args], { cwd: root, env: { ...process.env, ...OWN, ...env }, stdio: 'pipe' })
    const out: Buffer[] = []
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk
    })
    // it may have ended without reading all of it
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
    child.on('error', reject)
    child.on('close', (code) => {
      const stdout = Buffer.concat(out)
      resolve({ exit: code ?? -1, stdout, out: stdout.toString(), err })
    })
  })
}

export interface Row {
  readonly name: string
  readonly args: readonly string[]
  readonly stdin?: Uint8Array | string
  /** default 0 */
  readonly exit?: number
  /** the whole of standard output as text, or what it must have */
  readonly out?: string | RegExp
  readonly bytes?: Uint8Array
  /** without it standard error must be empty */
  readonly err?: RegExp
}

/** A test a row. A failure is one line, or several for several faults, each beginning with the program's name; never a stack. */
export function rows(table: readonly Row[]): void {
  for (const { name, args, stdin, exit = 0, out, bytes, err } of table) {
    test(name, async () => {
      const ended = await autocodec(args, stdin)
      const told = `autocodec ${args.join(' ')}\n${ended.out}\n${ended.err}`
      assert.is(ended.exit, exit, told)
      if (typeof out === 'string') assert.is(ended.out, out, told)
      else if (out !== undefined) assert.match(ended.out, out)
      if (bytes !== undefined) assert.equal(ended.stdout, Buffer.from(bytes))
      if (err === undefined) return assert.is(ended.err, '', told)
      assert.match(ended.err, err)
      if (args.includes('--trace')) return
      for (const line of ended.err.trimEnd().split('\n')) assert.match(line, /^autocodec: \S/)
    })
  }
}
