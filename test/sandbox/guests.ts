import wabtInit from 'wabt'
import type { Policy } from '../../src/sandbox/index.js'

const wabt = await wabtInit()
const FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  memory64: true,
  extended_const: true,
  relaxed_simd: true
}

/** Wasm from text. Types are not checked, so that invalid modules can be written too. */
export function assemble(text: string): Uint8Array {
  const module = wabt.parseWat('guest.wat', text, FEATURES)
  try {
    return module.toBinary({}).buffer
  } finally {
    module.destroy()
  }
}

/** What the guests of these tests may import. */
export const POLICY: Policy = {
  imports: [
    { module: 'host', name: 'read', params: ['i32', 'i32', 'i64'], results: ['i32'], bytes: 1 },
    { module: 'host', name: 'nothing', params: [], results: [] }
  ]
}

export const HOST = { host: { read: () => 0, nothing: () => {} } }
