import type { Reader } from './binary.js'
import type { Signature, ValueType } from './interface.js'

/** Value types by their byte (Wasm spec, 5.3.1–5.3.3). Reference types are not among them. */
const VALUE_TYPES: Readonly<Record<number, ValueType>> = { 0x7f: 'i32', 0x7e: 'i64', 0x7d: 'f32', 0x7c: 'f64', 0x7b: 'v128' }

export const I32 = 0x7f
export const I64 = 0x7e
export const F32 = 0x7d
export const F64 = 0x7c
export const V128 = 0x7b

/** A function type: value types by their bytes. */
export interface FuncType {
  readonly params: readonly number[]
  readonly results: readonly number[]
}

/** Equal for types that are the same function type. */
export function typeKey({ params, results }: FuncType): string {
  return `${params}:${results}`
}

export function signature(type: FuncType): Signature {
  return { params: type.params.map(valueType), results: type.results.map(valueType) }
}

export function valueType(byte: number): ValueType {
  return VALUE_TYPES[byte]
}

/** Reads a value type, refuses reference types. */
export function readValueType(r: Reader): number {
  const byte = r.byte()
  if (VALUE_TYPES[byte] === undefined) r.refuse('FEATURE', `got type 0x${byte.toString(16)}, expected i32, i64, f32, f64 or v128`, r.pos - 1)
  return byte
}
