/**
 * Wasm bytes in, a validated, metered, bounded and resettable instance out. See docs/sandbox.md.
 *
 * @packageDocumentation
 */
export { type SandboxCode, SandboxError } from './errors.js'
export type { ExportInfo, GuestState, HostFunction, HostFunctions, ImportRule, Instance, Policy, Prepared, Signature, ValueType } from './interface.js'
export { SandboxModule } from './module.js'
export { prepare } from './prepare.js'
export { Program } from './program.js'
export { SCHEDULE } from './schedule.js'
export { guestState, restoreGuest } from './state.js'
