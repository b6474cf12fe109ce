/** `autocodec run`: a function over blocks, once, with a signed receipt. */
import type { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import type { Executed, Executor } from '../../scheduler/index.js'
import { type CallOptions, withCall } from '../call-options.js'
import { parseCid } from '../codec-name.js'
import type { Context } from '../context.js'
import type { Workplace } from '../executor.js'
import { CliError, EXIT, type Exit } from '../exit.js'
import type { Act } from '../program.js'
import { Progress } from '../progress.js'
import { collect } from '../repeated.js'
import { plain } from '../text.js'
import {
  type KeyOptions,
  type LimitOptions,
  type StateOptions,
  seconds,
  type WorldOptions,
  withKey,
  withLimits,
  withState,
  withWorld
} from '../work-options.js'

interface RunOptions extends CallOptions, StateOptions, KeyOptions, LimitOptions, WorldOptions {
  readonly invocation?: string
  readonly subject?: readonly string[]
  readonly suspendAfter?: number
  readonly checkpoint?: string
  readonly enqueue?: boolean
  readonly receipt?: string
  readonly carOut?: string
  readonly save?: string
  readonly pretty?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

const EXAMPLES = `
Examples:
  autocodec run word-count --file file=big.txt
  autocodec run word-count --args '{"file":{"/":"bafy…"}}' --gateway https://trustless-gateway.link
  autocodec run ./mine.wasm --fun resize --args @params.json --car pictures.car --car-out result.car
  autocodec run --invocation from-alice.ucan --car data.car

The first run signs a receipt; the same task after that is answered from it. --fuel and --memory are of the function.`

export function run(program: Command, act: Act): void {
  const command = program
    .command('run')
    .description('run a function over blocks in the sandbox, print its result as DAG-JSON, and keep a signed receipt')
    .argument('[function]', 'a module: the CID, the name of one that is shipped (autocodec function ls), or a FILE.wasm')
  withLimits(withCall(command))
    .option('--invocation <file>', "somebody's invocation with its proofs, in place of a function: done if they allow it and this executor accepts it")
    .option('--subject <did>', 'with --invocation: whose tasks are done, besides those of this executor; may be repeated', collect)
  withWorld(command)
    .option('--suspend-after <s>', 'suspend the run after so many seconds, and print the CID of a checkpoint', seconds)
    .option('--checkpoint <cid>', 'go on from there: the same task, with the same options')
    .option('--enqueue', 'only write the task down, for "autocodec work" to do')
    .option('--receipt <file>', 'where to write the receipt')
    .option('--car-out <file>', 'write what the result links to as a CAR')
    .option('--save <dir>', 'write what the result links to into a directory, a file CID.bin a block')
    .option('--pretty', 'the result as a tree')
    .option('--json', 'result, task, receipt, fuel and memory as one line of DAG-JSON')
    .option('--quiet', 'no word on standard error of what was done')
  withKey(withState(command), 'of the executor, which signs receipts').addHelpText('after', EXAMPLES).action(act(work))
}

async function work(context: Context, which: string | undefined, options: RunOptions): Promise<Exit> {
  if ((which === undefined) === (options.invocation === undefined))
    throw new CliError('USAGE', EXIT.usage, 'expected a function, or --invocation FILE: one of them; "autocodec function ls" lists what is shipped')
  if (options.state === 'memory' && (options.enqueue === true || options.suspendAfter !== undefined || options.checkpoint !== undefined))
    throw new CliError('USAGE', EXIT.usage, '--state memory keeps nothing: neither a queue nor checkpoints; expected --state DIR, or none')
  const [{ openExecutor, openWorkplace, limitsOf }, { interruption }] = await Promise.all([import('../executor.js'), import('../ending.js')])
  const checkpoint = options.checkpoint === undefined ? undefined : cidOf('--checkpoint', options.checkpoint)
  const limits = limitsOf(context.takeLimits(), options)
  const signal = interruption()
  const place = await openWorkplace(context, options)
  const doing = { signal, checkpoint, ...(options.suspendAfter === undefined ? {} : { suspend: AbortSignal.timeout(options.suspendAfter * 1000) }) }

  const progress = new Progress('read')
  let executor: Executor
  let asked: Parameters<Executor['run']>
  if (options.invocation === undefined) {
    const { readCall } = await import('../call.js')
    const { mod, fun, params, inputs, nonce } = await readCall(which as string, options, place.host, place.engine, place.get)
    executor = (await openExecutor(context, place, { ...options, progress, recover: true })).executor
    asked = [{ mod, fun, params, inputs, nonce, limits }, doing]
  } else {
    const { readInvocationFile } = await import('../token-file.js')
    const { DEFAULT_TASK_LIMITS } = await import('../../task/index.js')
    const { invocation, proofs } = await readInvocationFile(options.invocation)
    // nobody uses more than the owner of the machine has said
    const policy = { limits: { ...DEFAULT_TASK_LIMITS, ...limits }, subjects: options.subject ?? [] }
    executor = (await openExecutor(context, place, { ...options, policy, progress, recover: true })).executor
    asked = [invocation, { ...doing, proofs }]
  }
  if (options.enqueue === true) {
    await context.out.line(String(await executor.enqueue(...asked)))
    return EXIT.ok
  }
  const start = performance.now()
  try {
    const executed = await executor.run(...asked).finally(() => progress.end())
    return await tell(context, place, executed, performance.now() - start, options)
  } catch (error) {
    const suspended = checkpointOf(error)
    if (suspended === undefined) throw error
    context.complain(`suspended; --checkpoint ${suspended} with the same options goes on`)
    await context.out.line(String(suspended))
    return EXIT.suspended
  }
}

async function tell(context: Context, place: Workplace, executed: Executed, milliseconds: number, options: RunOptions): Promise<Exit> {
  const { isAbsence, outcomeLines, outcomeValue } = await import('../outcome.js')
  const { print } = await import('../dag-json.js')
  const { out } = executed
  if (options.quiet !== true) for (const line of outcomeLines(executed, milliseconds)) context.complain(line)
  const value = options.json === true ? outcomeValue(executed) : 'ok' in out ? out.ok : out.error
  await print(context, place.host, value, options.pretty)
  if (options.receipt !== undefined) {
    const { writeSafely } = await import('../whole-file.js')
    await writeSafely(options.receipt, executed.receipt.bytes)
  }
  if (options.carOut !== undefined || options.save !== undefined) {
    const { linksOf, writeCarOf, writeBlocksOf } = await import('../result-blocks.js')
    const roots = linksOf(out)
    if (options.carOut !== undefined) await writeCarOf(context, options.carOut, roots, place)
    if (options.save !== undefined) await writeBlocksOf(context, options.save, roots, place)
  }
  if ('ok' in out) return EXIT.ok
  if (!isAbsence(out.error)) return EXIT.error
  if (options.quiet !== true) context.complain((await context.places()).advice)
  return EXIT.missing
}

function checkpointOf(error: unknown): CID | undefined {
  const { code, cid } = error as { code?: string; cid?: CID }
  return code === 'SUSPENDED' ? cid : undefined
}

function cidOf(option: string, text: string): CID {
  const cid = parseCid(text)
  if (cid === undefined) throw new CliError('USAGE', EXIT.usage, `${option}: ${plain(text)} is not a CID`)
  return cid
}
