/** Memory for a block that is handed out. */

type Allocate = (length: number) => Uint8Array<ArrayBuffer>

// Node's pool saves small blocks an allocation outside of the heap, which costs more than encoding them. It is safe to hand out: it is never transferred to another thread.
const allocateUnsafe = (globalThis as { Buffer?: { allocUnsafe?: Allocate } }).Buffer?.allocUnsafe

/** Bytes that the caller writes, all of them: they may hold anything. */
export function allocate(length: number): Uint8Array<ArrayBuffer> {
  if (allocateUnsafe === undefined) return new Uint8Array(length)
  const { buffer, byteOffset } = allocateUnsafe(length)
  return new Uint8Array(buffer, byteOffset, length)
}
