/** Varsig headers, version 1 (ChainAgnostic/varsig): which algorithm has signed, over which encoding. Each of those that are known is one sequence of bytes. */
import { CURVES, type Curve } from './curve.js'

/** The curve that a header names; undefined if it is not known. */
export function curveOfHeader(header: Uint8Array): Curve | undefined {
  return CURVES.find((curve) => sameBytes(curve.header, header))
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
