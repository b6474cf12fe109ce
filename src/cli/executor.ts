/** The executor of this machine: its state, its key, its blocks, and what it may do to the world. */
import type { CID } from 'multiformats/cid'
import { type Host, HostError } from '../codec/index.js'
import { type Blocks, verified } from '../dag/index.js'
import { diskEngine } from '../engine/disk.js'
import { type Engine, memoryEngine } from '../engine/index.js'
import {
  createExecutor,
  ENQUEUE,
  type Executor,
  type ExecutorPolicy,
  type FunctionRunner,
  httpProviders,
  nameProviders,
  type Provider
} from '../scheduler/index.js'
import type { TaskLimits } from '../task/index.js'
import { covers, generateSigner, type Signer } from '../ucan/index.js'
import type { Context } from './context.js'
import { CliError, EXIT } from './exit.js'
import type { Get } from './function-module.js'
import { signerFor } from './identity.js'
import { Names } from './names.js'
import type { Progress } from './progress.js'
import { revokedIn } from './revoked.js'
import { runHere } from './runner.js'
import { statePath } from './settings.js'
import { plain } from './text.js'
import type { KeyOptions, LimitOptions, StateOptions, WorldOptions } from './work-options.js'

/** `--state memory` */
const MEMORY = 'memory'
const HTTP = ['/http/get', '/http/post']
const NAMES = ['/name/resolve', '/name/publish']

/** What the commands about tasks work with. */
export interface Workplace {
  readonly host: Host
  readonly engine: Engine
  /** the folder of the state; undefined if it is in memory */
  readonly folder?: string
  /** of the engine and of all places, verified */
  readonly blocks: Blocks
  readonly get: Get
}

/** Closed with the context. */
export async function openWorkplace(context: Context, { state }: StateOptions): Promise<Workplace> {
  const path = statePath(state)
  const host = await context.host()
  const engine = path === MEMORY ? memoryEngine() : await diskEngine(path)
  context.closing(() => engine.close())
  const own: Blocks = { name: path === MEMORY ? 'the engine in memory' : path, get: (cid, options) => engine.blocks.get(cid, options) }
  const places = await context.blocks()
  const blocks: Blocks = { ...verified([own, places]), name: places.name }
  return { host, engine, folder: path === MEMORY ? undefined : path, blocks, get: (cid) => blocks.get(cid) }
}

export interface ExecutorSettings extends KeyOptions, WorldOptions {
  readonly policy?: ExecutorPolicy
  /** finishes what was left unfinished */
  readonly recover?: boolean
  /** told of the blocks of the engine that are read */
  readonly progress?: Progress
  /** a key that is made now and forgotten: nothing is signed with it that lasts */
  readonly anonymous?: boolean
  /** default `runHere` */
  readonly runner?: FunctionRunner
}

export async function openExecutor(context: Context, place: Workplace, settings: ExecutorSettings): Promise<{ executor: Executor; signer: Signer }> {
  const { host, engine, folder, blocks } = place
  const providers = providersOf(settings, folder)
  const signer = settings.anonymous === true ? await generateSigner() : await signerFor(context, settings.key)
  const executor = await createExecutor({
    host,
    engine: settings.progress === undefined ? engine : watched(engine, settings.progress),
    signer,
    policy: settings.policy,
    providers,
    // the executor has looked into the engine
    get: (cid: CID, { signal }) => absent(blocks.get(cid, { signal })),
    ucan: { isRevoked: revokedIn(folder) },
    runner: settings.runner ?? runHere,
    recover: settings.recover ?? false
  })
  context.closing(() => executor.close())
  return { executor, signer }
}

/** What the user gives of limits; `takeLimits` of the context has the others. */
export function limitsOf(taken: { readonly fuel?: number; readonly memory?: number }, { time, maxOutput }: LimitOptions): Partial<TaskLimits> {
  return { ...taken, ...(time === undefined ? {} : { time: Math.ceil(time * 1000) }), ...(maxOutput === undefined ? {} : { output: maxOutput }) }
}

/** What asks is there as soon as there is whom to ask: an origin, a folder of names. What changes something has to be allowed by name. */
function providersOf({ allow = [], origin = [] }: WorldOptions, folder: string | undefined): readonly Provider[] {
  for (const command of allow) {
    if (!/^\/([a-z0-9._-]+(\/[a-z0-9._-]+)*)?$/.test(command))
      throw new CliError('USAGE', EXIT.usage, `--allow: got ${plain(command)}, expected a command such as /http/post`)
    const known = [...HTTP, ...NAMES, ENQUEUE].filter((each) => covers(command, each))
    if (known.length === 0)
      throw new CliError('USAGE', EXIT.usage, `--allow: this command does no ${command}; expected one of ${[...HTTP, ...NAMES].join(', ')}`)
    if (origin.length === 0 && known.every((each) => HTTP.includes(each)))
      throw new CliError('USAGE', EXIT.usage, `--allow ${command}: nothing may be asked, since no --origin says whom; such as --origin https://example.org`)
    if (folder === undefined && known.every((each) => NAMES.includes(each)))
      throw new CliError('USAGE', EXIT.usage, `--allow ${command}: --state memory keeps no names; expected --state DIR, or none`)
  }
  const origins = origin.map((url) => {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new CliError('USAGE', EXIT.usage, `--origin: got ${plain(url)}, expected an origin such as https://example.org`)
    return new URL(url).origin
  })
  const providers = [...(origins.length === 0 ? [] : httpProviders({ origins })), ...(folder === undefined ? [] : nameProviders(new Names(folder)))]
  return providers.filter(({ command, kind }) => kind === 'query' || allow.some((each) => covers(each, command)))
}

/** The engine, with its reading shown: most of a long run is that. */
function watched(engine: Engine, progress: Progress): Engine {
  let [bytes, blocks] = [0, 0]
  const get: Engine['blocks']['get'] = async (cid, options) => {
    const block = await engine.blocks.get(cid, options)
    if (block === undefined) return undefined
    bytes += block.length
    progress.at(bytes, ++blocks)
    return block
  }
  const { blocks: all, supports, receipts, tasks, leases } = engine
  const close = (): Promise<void> => engine.close()
  return {
    supports,
    receipts,
    tasks,
    leases,
    blocks: { get, has: (cid) => all.has(cid), put: (cid, ...given) => all.put(cid, ...given), delete: (cid) => all.delete(cid) },
    close,
    [Symbol.asyncDispose]: close
  }
}

async function absent(found: Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
  try {
    return await found
  } catch (error) {
    if (error instanceof HostError && error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
