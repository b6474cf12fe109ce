import { SandboxError } from './errors.js'
import type { HostFunctions, Instance } from './interface.js'
import { OUT_OF_FUEL, OUT_OF_MEMORY, OUT_OF_STACK } from './reason.js'

/** The host's exports of an instrumented module. */
interface HostExports {
  $start(fuel: number): void
  $fuel(): number
  $pages(): number
  $trap(): number
  $start_function?(): void
  $snapshot?(): void
}

type Callable = (...args: number[]) => number

/** Parts of the memory that are not zero after instantiation. */
type Snapshot = readonly { readonly at: number; readonly bytes: Uint8Array }[]

export class Guest implements Instance {
  memory!: WebAssembly.Memory
  private host!: HostExports & Record<string, unknown>
  /** `$start`, which every call needs: found faster here than among the exports */
  private begin!: (fuel: number) => void
  /** the memory as it was instantiated, empty once it has grown */
  private bytes!: Uint8Array
  /** taken when it is first needed, of a new instance: to look through a memory takes longer than to make it */
  private snapshot: Snapshot | undefined

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly imports: HostFunctions,
    private readonly startFuel: number
  ) {
    this.instantiate()
  }

  func(name: string): Callable | undefined {
    const found = this.host[name]
    return typeof found === 'function' ? (found as Callable) : undefined
  }

  start(fuel: number): void {
    if (!(fuel >= 0 && fuel <= Number.MAX_SAFE_INTEGER)) throw new TypeError(`fuel: got ${fuel}, expected 0 to 2^53 - 1`)
    this.begin(fuel)
  }

  fuelLeft(): number {
    return Math.max(this.host.$fuel(), 0)
  }

  pages(): number {
    return this.host.$pages()
  }

  failure(thrown: unknown): unknown {
    const cause = thrown as Error
    // V8 and JavaScriptCore throw a RangeError when their own stack ends, SpiderMonkey an InternalError
    if (thrown instanceof Error && /^(Range|Internal)Error$/.test(thrown.name) && /call stack|recursion/.test(thrown.message))
      return new SandboxError('ENGINE_STACK', "the engine's stack ended before the limit was reached", undefined, { cause })
    if (!(thrown instanceof WebAssembly.RuntimeError)) return thrown
    switch (this.host.$trap()) {
      case OUT_OF_FUEL:
        return new SandboxError('FUEL', 'got a call that needs more fuel, expected it to end', undefined, { cause })
      case OUT_OF_STACK:
        return new SandboxError('STACK', 'got recursion beyond the stack limit', undefined, { cause })
      case OUT_OF_MEMORY:
        return new SandboxError('MEMORY', 'the engine has no memory left, though the limit is not reached', undefined, { cause })
      default:
        return new SandboxError('TRAP', thrown.message, undefined, { cause })
    }
  }

  reset(): boolean {
    // memory never shrinks, so one that has grown, which takes this view's bytes away, is thrown away
    if (this.snapshot === undefined || this.bytes.length === 0) {
      this.instantiate()
      this.snapshot ??= takeSnapshot(this.memory.buffer)
      return true
    }
    this.bytes.fill(0)
    for (const part of this.snapshot) this.bytes.set(part.bytes, part.at)
    return false
  }

  private instantiate(): void {
    try {
      this.host = new WebAssembly.Instance(this.module, this.imports as WebAssembly.Imports).exports as unknown as HostExports & Record<string, unknown>
    } catch (cause) {
      throw new SandboxError('INSTANTIATION', (cause as Error).message, undefined, { cause })
    }
    this.memory = this.host.memory as WebAssembly.Memory
    this.begin = this.host.$start
    this.start(this.startFuel)
    try {
      this.host.$start_function?.()
    } catch (thrown) {
      throw this.failure(thrown)
    }
    this.host.$snapshot?.()
    this.bytes = new Uint8Array(this.memory.buffer)
  }
}

/** Words of zero between two parts that are not worth ending a part for. */
const GAP = 16
/** So many parts at most: the last one has all the rest, whatever gaps are in it. */
const PARTS = 1024

function takeSnapshot(buffer: ArrayBuffer): Snapshot {
  const words = new Int32Array(buffer)
  const parts: Snapshot[number][] = []
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 0) continue
    const first = i
    const gap = parts.length + 1 < PARTS ? GAP : Infinity
    let last = i
    for (; i < words.length && i - last <= gap; i++) if (words[i] !== 0) last = i
    parts.push({ at: first * 4, bytes: new Uint8Array(buffer.slice(first * 4, last * 4 + 4)) })
  }
  return parts
}
