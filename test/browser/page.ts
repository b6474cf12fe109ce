/** Runs in the page: the test files that the bundle brings, one after the other, with what each did. */

export interface PageReport {
  readonly file: string
  readonly total: number
  readonly passed: number
  /** of the failed tests, as uvu words them */
  readonly errors: string
}

/** A `run()` as uvu queues it. */
type Run = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>

/**
 * uvu starts by itself on a timer unless somebody else keeps the queue, as its own command does; this is what it looks for, and it must stand
 * before uvu is evaluated.
 */
export const BEFORE = 'globalThis.UVU_DEFER = 1; globalThis.UVU_QUEUE = []; globalThis.UVU_INDEX = 0;'

/** Loads each file into a queue of its own, so that a file whose tests do not run shows. */
export async function runAll(tests: readonly { readonly file: string; readonly load: () => Promise<unknown> }[]): Promise<PageReport[]> {
  const shared = globalThis as unknown as { UVU_QUEUE: Run[][]; UVU_INDEX: number }
  const reports: PageReport[] = []
  for (const [index, { file, load }] of tests.entries()) {
    shared.UVU_QUEUE[index] = []
    shared.UVU_INDEX = index
    let total = 0
    let passed = 0
    let errors = ''
    try {
      await load()
      for (const run of shared.UVU_QUEUE[index]) {
        const [failures, ran, , all] = await run()
        total += all
        passed += ran
        if (failures !== true) errors += failures
      }
    } catch (error) {
      errors += error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
    reports.push({ file, total, passed, errors })
  }
  return reports
}
