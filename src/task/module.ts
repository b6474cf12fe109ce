/** Function modules: found, verified and compiled as codecs are. */
import { CID } from 'multiformats/cid'
import { checkRunnerAbi } from '../codec/abi.js'
import { cidOf, compile, readFunctionManifest } from '../codec/foreign.js'
import type { Host } from '../codec/host.js'
import type { FunctionManifest, FunctionSignature } from '../codec/manifest.js'
import { compiled } from '../codec/modules.js'
import { Runner, resumablePolicyOf } from '../codec/runner.js'
import { verifyBlock } from '../dag/verify.js'
import type { Program } from '../sandbox/index.js'
import { TaskError } from './errors.js'
import { DEFAULT_TASK_LIMITS, guestLimits, type TaskLimits } from './limits.js'
import { functionNamed, functions, shippedModule } from './shipped/shipped.js'

/** A module by the name of one that is shipped, its CID (as text or object), or its bytes. */
export type ModuleId = string | CID | Uint8Array

export interface LoadFunctionOptions {
  /** bytes of a guest's memory, whole pages of 64 KiB of them; it shapes the compiled code. Default 128 MiB */
  readonly memory?: number
  /** looked at before the host's sources */
  readonly get?: (cid: CID, options: { readonly signal?: AbortSignal }) => Uint8Array | undefined | Promise<Uint8Array | undefined>
  readonly signal?: AbortSignal
}

/** Guests that wait for the next run, of a module; and what each may hold of memory, which shrinks for nobody: 4 MiB in pages. */
const MAX_IDLE = 4
const MAX_IDLE_PAGES = 64

const PAGE = 65_536
/** Pages that a guest of 32 bits has at most. */
const MAX_PAGES = 65_536

/** A function module that is ready to run. */
export class FunctionModule {
  readonly cid: CID
  readonly manifest: FunctionManifest
  readonly host: Host
  readonly memory: number
  /** the module, if it was loaded from bytes: there may be nobody else who has it */
  readonly given?: Uint8Array
  readonly #program: Program
  readonly #idle: Runner[] = []

  constructor(program: Program, cid: CID, manifest: FunctionManifest, host: Host, memory: number, given?: Uint8Array) {
    this.cid = cid
    this.manifest = manifest
    this.host = host
    this.memory = memory
    if (given !== undefined) this.given = given
    this.#program = program
  }

  /** The function of a name, and its place in the manifest. @throws TaskError UNKNOWN_FUNCTION */
  function(name: string): { readonly index: number; readonly signature: FunctionSignature } {
    const index = this.manifest.functions.findIndex((each) => each.name === name)
    if (index === -1) {
      const known = this.manifest.functions.map((each) => each.name).join(', ')
      throw new TaskError('UNKNOWN_FUNCTION', `${this.manifest.name} has no function ${JSON.stringify(name)}; it has ${known}`)
    }
    return { index, signature: this.manifest.functions[index] }
  }

  /** A guest for one run, in memory as at instantiation. */
  take(limits: TaskLimits): Runner {
    const runner = this.#idle.pop() ?? new Runner(this.#program, this.manifest, guestLimits({ ...limits, memory: this.memory }), false)
    runner.fuelLimit = limits.fuel
    runner.renew()
    return runner
  }

  /** Takes a guest back, unless it holds much: the next run begins with little, and makes its own. */
  give(runner: Runner): void {
    if (this.#idle.length < MAX_IDLE && runner.peakPages <= MAX_IDLE_PAGES) this.#idle.push(runner)
  }
}

/**
 * A function module, by the name of one that is shipped, by CID, or from its bytes. Compiled once for the process.
 *
 * @throws TaskError UNKNOWN_MODULE; HostError MODULE_NOT_FOUND, HASH_MISMATCH, MANIFEST, ABI; SandboxError if the module is refused
 */
export async function loadFunction(host: Host, id: ModuleId, options: LoadFunctionOptions = {}): Promise<FunctionModule> {
  const { get, signal } = options
  const memory = wholePages(options.memory ?? DEFAULT_TASK_LIMITS.memory)
  const given = id instanceof Uint8Array ? id.slice() : undefined
  const cid = given === undefined ? moduleCid(id as string | CID) : await cidOf(given)
  const bytes = given ?? (await shippedModule(cid)) ?? (await verifiedFrom(get, cid, signal)) ?? (await host.block(cid, { signal }))
  const manifest = readFunctionManifest(bytes)
  const limits = guestLimits({ fuel: 0, memory })
  const program = await compiled(cid.toString(), limits, true, () => compile(bytes, resumablePolicyOf(limits)))
  checkRunnerAbi(program.prepared, manifest)
  return new FunctionModule(program, cid, manifest, host, memory, given)
}

/** A guest's memory is pages, so sizes between two of them are one module. Compiled for less, or patched when it runs, a guest would see another one. */
function wholePages(memory: number): number {
  return Math.min(Math.floor(memory / PAGE), MAX_PAGES) * PAGE
}

async function verifiedFrom(get: LoadFunctionOptions['get'], cid: CID, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  // a copy, so that what is hashed is what will run
  const bytes = (await get?.(cid, { signal }))?.slice()
  if (bytes !== undefined) await verifyBlock(cid, bytes)
  return bytes
}

/** The CID that a name or a CID stands for. @throws TaskError UNKNOWN_MODULE */
export function moduleCid(id: string | CID): CID {
  const cid = typeof id === 'string' ? (functionNamed(id) ?? parse(id)) : CID.asCID(id)
  if (cid === null || cid === undefined) {
    const known = functions().map(({ manifest }) => manifest.name)
    throw new TaskError('UNKNOWN_MODULE', `${String(id)}: no function module of this name or CID; shipped are ${known.join(', ')}`)
  }
  return cid
}

function parse(text: string): CID | undefined {
  try {
    return CID.parse(text)
  } catch {
    return undefined
  }
}
