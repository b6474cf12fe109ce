/** Refusals as the ABI has them: an error of its table, and a place in the block. */
import { CodecError, GUEST_ERRORS } from '../codec/errors.js'
import { GuestError } from '../codec/guest.js'

const CODES = new Set([...Object.values(GUEST_ERRORS).map(([code]) => code), 'CODEC_ERROR'])

/** @returns the byte offset @throws Error if it is no refusal but a trap, a limit or a lie, or says no place inside of the block */
export function refusal(error: Error, block: Uint8Array): { code: string; offset: number } {
  if (!(error instanceof CodecError) || !CODES.has(error.code))
    throw new Error(`got ${error.name} ${(error as { code?: string }).code ?? ''}: ${error.message}; expected an error of docs/abi.md section 7`)
  // the host's own errors carry it too; what a guest says is held to the block's size before it is shown
  const offset = error instanceof GuestError ? error.where : error.offset
  if (offset === undefined) throw new Error(`${error.message}: no byte offset`)
  if (offset > block.length) throw new Error(`${error.code} at byte ${offset}, outside of the block of ${block.length} bytes`)
  return { code: error.code, offset }
}

/** That `encode` refused as it may: an error of the table, with a path. */
export function encodeRefusal(error: Error): void {
  if (!(error instanceof CodecError) || !CODES.has(error.code) || error.path === undefined)
    throw new Error(`got ${error.name} ${(error as { code?: string }).code ?? ''}: ${error.message}; expected an error of docs/abi.md section 7 with a path`)
}
