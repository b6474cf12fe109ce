/** That a module exports what the ABI asks of its kind: docs/abi.md section 1, docs/layout.md section 1. */
import type { ExportInfo, Policy, Prepared } from '../sandbox/index.js'
import { CONTROL } from './control.js'
import { HostError } from './errors.js'
import type { Limits } from './limits.js'
import type { FunctionManifest, LayoutManifest, Manifest } from './manifest.js'

/** How a module must be prepared to be a codec. */
export function policyOf(limits: Limits, metered: boolean): Policy {
  return {
    imports: [{ module: 'autocodec', name: 'read', params: ['i32', 'i32', 'i64'], results: ['i32'], bytes: 1 }],
    maxModuleSize: limits.module,
    maxMemory: limits.memory,
    maxStack: limits.stack,
    metered
  }
}

/** Of a codec. @throws HostError ABI with the export, what was got and what was expected */
export function checkAbi(prepared: Prepared, manifest: Manifest): void {
  checkControl(prepared, manifest)
  const { exports } = prepared
  expectCall(exports, 'decode', true)
  expectCall(exports, 'links', false)
  if (expectCall(exports, 'encode', false) !== expectCall(exports, 'reserve', false))
    throw new HostError('ABI', 'got one of encode and reserve, expected both or neither')
}

/** Of a layout or a function. @throws as `checkAbi` */
export function checkRunnerAbi(prepared: Prepared, manifest: LayoutManifest | FunctionManifest): void {
  checkControl(prepared, manifest)
  expectCall(prepared.exports, 'run', true)
  expectCall(prepared.exports, 'reserve', true)
}

function checkControl({ exports, memory }: Prepared, { window }: Manifest | LayoutManifest | FunctionManifest): void {
  const control = exports.get('control')
  if (control?.kind !== 'global' || control.value === undefined) throw wrong('control', 'an immutable i32 global with a constant', control)
  const at = control.value >>> 0
  if (at % 8 !== 0 || at + CONTROL + window > memory.initial * 65536) {
    throw new HostError(
      'ABI',
      `control block at ${at} with a window of ${window} bytes, expected a multiple of 8 within the initial memory of ${memory.initial} pages`
    )
  }
}

function expectCall(exports: ReadonlyMap<string, ExportInfo>, name: string, needed: boolean): boolean {
  const found = exports.get(name)
  if (found === undefined && !needed) return false
  if (found?.kind !== 'function' || found.signature.params.join() !== 'i32' || found.signature.results.join() !== 'i32')
    throw wrong(name, 'a function (i32) -> i32', found)
  return true
}

function wrong(name: string, expected: string, got: ExportInfo | undefined): HostError {
  const what = got === undefined ? 'nothing' : got.kind === 'function' ? `a function (${got.signature.params}) -> ${got.signature.results}` : `a ${got.kind}`
  return new HostError('ABI', `export ${name}: got ${what}, expected ${expected}`)
}
