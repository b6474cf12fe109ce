/**
 * What the sandbox promises to those who run guests: Wasm bytes in, a validated, metered, bounded and resettable instance out. It knows Wasm and nothing of IPLD.
 */

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

export interface Signature {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** A function that a guest may import. Every other import is refused. It may not answer a float, whose NaN bits would be the engine's choice. */
export interface ImportRule extends Signature {
  readonly module: string
  readonly name: string
  /** the index of an i32 parameter that counts bytes the call handles: they are charged like those of memory.copy */
  readonly bytes?: number
}

/** What is fixed when a module is prepared: it shapes the instrumented code. */
export interface Policy {
  /** functions that a guest may import */
  readonly imports: readonly ImportRule[]
  /** largest module, in bytes. Default 4 MiB */
  readonly maxModuleSize?: number
  /** largest memory, in bytes, rounded down to pages of 64 KiB. Default 64 MiB */
  readonly maxMemory?: number
  /** stack of recursive functions, in value slots (see docs/sandbox.md). Default 73,728 */
  readonly maxStack?: number
  /** count fuel. Default true; false is for measuring what counting costs, never for foreign modules */
  readonly metered?: boolean
  /**
   * export `$resume`, which goes on where the last call returned: fuel anew, globals as the guest left them; and what `guestState` and `restoreGuest` need to take that to another
   * instance. Default false
   */
  readonly resumable?: boolean
}

/** An export of a prepared module. */
export type ExportInfo =
  | { readonly kind: 'function'; readonly signature: Signature }
  | { readonly kind: 'memory' }
  | { readonly kind: 'table' }
  /** value: the initial value of an immutable i32 global that is a constant, else undefined */
  | { readonly kind: 'global'; readonly type: ValueType; readonly mutable: boolean; readonly value?: number }

/** A module that has been validated and instrumented; its bytes run in any engine with the same fuel. */
export interface Prepared {
  readonly bytes: Uint8Array
  readonly exports: ReadonlyMap<string, ExportInfo>
  /** pages of 64 KiB */
  readonly memory: { readonly initial: number; readonly maximum: number }
}

// biome-ignore lint/suspicious/noExplicitAny: its parameters are as its import rule says
export type HostFunction = (...args: any[]) => number | bigint | void

/** By import module and name. */
export type HostFunctions = Readonly<Record<string, Readonly<Record<string, HostFunction>>>>

/** A running guest. One call at a time. */
export interface Instance {
  readonly memory: WebAssembly.Memory
  /** An exported function, as instrumented; undefined if there is none of that name. Call `start` first. */
  func(name: string): ((...args: number[]) => number) | undefined
  /** Before every call: all globals as at instantiation, fuel filled up, stack empty. */
  start(fuel: number): void
  /** Fuel left from the last `start`. */
  fuelLeft(): number
  /** The guest's memory in pages, as it sees it (the physical memory may be larger from earlier calls). */
  pages(): number
  /** Turns what a call threw into a typed SandboxError: fuel, stack, or a trap with the engine's words; leaves errors that host functions threw as they are. */
  failure(thrown: unknown): unknown
  /** Memory as at instantiation, so that nothing survives. True if it had to swap the underlying instance: then read `memory` and `func` again. */
  reset(): boolean
}

/** All that a guest is between two calls, but for fuel. */
export interface GuestState {
  /** memory as the guest sees it, in pages of 64 KiB */
  readonly pages: number
  /** the bits of its mutable globals, each 0 to 2^64 − 1: a v128 in two, the lower half first, every other type in one */
  readonly globals: readonly bigint[]
  /** what is not zero in its memory, in order; no parts overlap */
  readonly memory: readonly { readonly at: number; readonly bytes: Uint8Array }[]
}
