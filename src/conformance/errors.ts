/** Vectors that are not in the form of docs/conformance.md. */
export class VectorError extends Error {
  override readonly name = 'VectorError'
  readonly code = 'VECTORS'
}
