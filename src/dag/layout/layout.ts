/** Layouts: found, verified and compiled as codecs are, from the embedded catalog or from the host's sources. */
import { CID } from 'multiformats/cid'
import { preparedAtBuild } from '../../codec/embedded/embedded.js'
import { LAYOUTS } from '../../codec/embedded/layouts.generated.js'
import type { Host } from '../../codec/host.js'
import { DEFAULT_LIMITS } from '../../codec/limits.js'
import type { LayoutManifest } from '../../codec/manifest.js'
import { compiled } from '../../codec/modules.js'
import { Runner, resumablePolicyOf } from '../../codec/runner.js'
import { Program } from '../../sandbox/index.js'
import { LayoutError } from './errors.js'
import { type LayoutLimits, layoutLimits } from './limits.js'
import type { Guests } from './operation.js'

/** A layout by its name, the CID of its module (as text or object), or the module itself. */
export type LayoutId = string | CID | Uint8Array

export interface LayoutEntry {
  readonly cid: CID
  readonly manifest: LayoutManifest
}

/** Guests that wait for the next operation. */
const MAX_IDLE = 4

/** A layout that is ready to run. */
export class Layout implements Guests {
  readonly name: string
  /** CID of the Wasm module */
  readonly cid: CID
  readonly manifest: LayoutManifest
  readonly limits: LayoutLimits
  readonly #program: Program
  readonly #pinned: boolean
  readonly #idle: Runner[] = []

  constructor(program: Program, { cid, manifest }: LayoutEntry, limits: LayoutLimits, pinned: boolean) {
    this.name = manifest.name
    this.cid = cid
    this.manifest = manifest
    this.limits = limits
    this.#program = program
    this.#pinned = pinned
  }

  /** A guest for one operation. */
  take(): Runner {
    return this.#idle.pop() ?? new Runner(this.#program, this.manifest, this.limits, this.#pinned)
  }

  /** Takes a guest back. */
  give(runner: Runner): void {
    if (this.#idle.length < MAX_IDLE) this.#idle.push(runner)
  }
}

/** The layouts that are shipped. */
export function layouts(): readonly LayoutEntry[] {
  return LAYOUTS.map(({ cid, manifest }) => ({ cid: CID.parse(cid), manifest }))
}

/** The shipped layout of a name, or the usual one for roots of a multicodec; undefined if there is none. */
export function layoutFor(id: string | number): LayoutEntry | undefined {
  return layouts().find(({ manifest }) => (typeof id === 'string' ? manifest.name === id : manifest.codes?.includes(id)))
}

/**
 * A layout by name, CID or module. Compiled once for the process.
 *
 * @throws LayoutError UNKNOWN_LAYOUT; HostError MODULE_NOT_FOUND, HASH_MISMATCH, MANIFEST, ABI; SandboxError if the module is refused
 */
export async function loadLayout(host: Host, id: LayoutId, options: { limits?: Partial<LayoutLimits>; signal?: AbortSignal } = {}): Promise<Layout> {
  const limits = layoutLimits(options.limits)
  const cid = await cidOf(id)
  const key = cid.toString()
  const shipped = LAYOUTS.find((layout) => layout.cid === key)
  const policy = resumablePolicyOf(limits)
  if (shipped !== undefined && (['memory', 'stack', 'module'] as const).every((limit) => limits[limit] === DEFAULT_LIMITS[limit])) {
    const program = await compiled(key, limits, true, async () => Program.trusted(await preparedAtBuild(shipped)))
    return new Layout(program, { cid, manifest: shipped.manifest }, limits, true)
  }
  const { checkRunnerAbi, compile, readLayoutManifest } = await import('../../codec/foreign.js')
  const bytes = id instanceof Uint8Array ? id.slice() : await host.module(cid, { signal: options.signal })
  const manifest = readLayoutManifest(bytes)
  const program = await compiled(key, limits, true, () => compile(bytes, policy))
  checkRunnerAbi(program.prepared, manifest)
  return new Layout(program, { cid, manifest }, limits, shipped !== undefined)
}

async function cidOf(id: LayoutId): Promise<CID> {
  if (id instanceof Uint8Array) return (await import('../../codec/foreign.js')).cidOf(id)
  const cid = typeof id === 'string' ? (layoutFor(id)?.cid ?? parse(id)) : CID.asCID(id)
  if (cid === null || cid === undefined) {
    const known = LAYOUTS.map(({ manifest }) => manifest.name).join(', ')
    throw new LayoutError('UNKNOWN_LAYOUT', String(id), `no layout of this name or CID; known are ${known}`)
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
