/** `autocodec work`: does what has been queued. */
import type { Command } from 'commander'
import type { Context } from '../context.js'
import { CliError, EXIT, type Exit } from '../exit.js'
import type { Act } from '../program.js'
import { count } from '../text.js'
import { whole } from '../whole.js'
import { type KeyOptions, type LimitOptions, type StateOptions, type WorldOptions, withKey, withLimits, withState, withWorld } from '../work-options.js'

interface WorkOptions extends StateOptions, KeyOptions, LimitOptions, WorldOptions {
  readonly concurrency: number
}

/** a thread has a megabyte or so before its guest has any */
const MAX_CONCURRENCY = 256

export function work(program: Command, act: Act): void {
  const command = program
    .command('work')
    .description(
      'do the tasks that "run --enqueue" or functions have queued, and finish what was interrupted: task, receipt, and ok or error, in columns that tabs separate'
    )
    .option('--concurrency <n>', 'tasks at a time, each in a thread of its own', whole, 1)
  withKey(withState(withWorld(withLimits(command))), 'of the executor, which signs receipts').action(act(run))
}

async function run(context: Context, options: WorkOptions): Promise<Exit> {
  const concurrency = Math.max(1, options.concurrency)
  if (concurrency > MAX_CONCURRENCY) throw new CliError('USAGE', EXIT.usage, `--concurrency: got ${concurrency}, expected at most ${MAX_CONCURRENCY}`)
  const [{ openWorkplace, openExecutor, limitsOf }, { interruption }, { errorText }, { runnerFor }] = await Promise.all([
    import('../executor.js'),
    import('../ending.js'),
    import('../outcome.js'),
    import('../runner.js')
  ])
  const limits = limitsOf(context.takeLimits(), options)
  const signal = interruption()
  const place = await openWorkplace(context, options)
  const { executor } = await openExecutor(context, place, {
    ...options,
    policy: { limits },
    recover: true,
    runner: await runnerFor(context, place.host, concurrency)
  })
  let exit: Exit = EXIT.ok
  for await (const { task, receipt, out } of executor.work({ concurrency, signal })) {
    await context.out.line([task, receipt.cid, 'ok' in out ? 'ok' : `error ${errorText(out.error)}`].join('\t'))
    if ('error' in out) exit = EXIT.error
  }
  let waiting = 0
  for await (const _ of place.engine.tasks.entries({ signal })) waiting++
  if (waiting > 0)
    context.complain(`${count(waiting, 'task')} left, which wait for the results of others, for another try, or for what --allow and --origin do not allow`)
  return exit
}
