/** What one test file did, read from what uvu printed and how the process ended. */

/** A test file's process, when it has ended. */
export interface Ended {
  /** the file's own text */
  readonly source: string
  readonly stdout: string
  readonly code: number
  readonly timedOut: boolean
}

export interface Outcome {
  readonly passed: number
  readonly failed: number
  /** `name: reason` of each test left out */
  readonly skips: readonly string[]
  /** what it wants told though all is well */
  readonly notes: readonly string[]
  /** why the file counts as failed apart from its failed tests */
  readonly fault?: string
}

/** Reads a test file's outcome. The file fails, even with exit code 0, if no test of it has run. */
export function outcome(ended: Ended): Outcome {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out
  const text = ended.stdout.replace(/\u001b\[[0-9;]*m/g, '')
  const skips = [...text.matchAll(/^SKIP (.+)$/gm)].map((match) => match[1].trim())
  const notes = [...text.matchAll(/^NOTE (.+)$/gm)].map((match) => match[1].trim())
  const total = count(text, 'Total')
  const passed = count(text, 'Passed') ?? 0
  const failed = (total ?? 0) - passed
  for (let left = count(text, 'Skipped') ?? 0; left > 0; left--) skips.push('a test: marked with test.skip in the file')

  const fault = faultOf(ended, text, total, failed, skips.length)
  return fault === undefined ? { passed, failed, skips, notes } : { passed, failed: failed + 1, skips, notes, fault }
}

function faultOf(ended: Ended, text: string, total: number | undefined, failed: number, skips: number): string | undefined {
  if (ended.timedOut) return 'it did not end within the time limit'
  const forgotten = neverRun(ended.source)
  if (forgotten !== undefined) return `${forgotten}.run() is never called, so its tests did not run`
  if (total === undefined) return `it ended with code ${ended.code} before uvu's summary`
  if (total === 0 && skips === 0) return 'it ran no test and says nothing of why'
  // uvu counts anew, and ends well, where a file waits between two suites
  if (failed === 0 && /^ {3}FAIL {2}"?\S/m.test(text))
    return 'a test has failed, but the summary does not count it: the file awaits something after the first run()'
  if (ended.code !== 0 && failed === 0) return `all tests passed, but it ended with code ${ended.code}`
  return undefined
}

/** The last of uvu's summary lines of this name: a test may print what looks like one. */
function count(text: string, line: string): number | undefined {
  const found = [...text.matchAll(new RegExp(`^  ${line}: +(\\d+)$`, 'gm'))].pop()
  return found === undefined ? undefined : Number(found[1])
}

/** The first suite that is made in the file and whose `run` is not called in it: uvu passes it over in silence. */
function neverRun(source: string): string | undefined {
  const suites = [...source.matchAll(/^const (\w+) = suite(?:<[^\n]*>)?\(/gm)].map((match) => match[1])
  if (/^import \{[^}]*\btest\b[^}]*\} from 'uvu'$/m.test(source)) suites.push('test')
  return suites.find((name) => !new RegExp(`^\\s*${name}\\.run\\(\\)`, 'm').test(source))
}
