/** Errors on their way from a worker: what is wrong with a block there is the same error here. */
import type { CID } from 'multiformats/cid'
import { CodecError, HostError, type HostErrorCode } from '../../codec/errors.js'
import { type SandboxCode, SandboxError } from '../../sandbox/errors.js'
import type { BlockFault } from '../decode.js'
import { DagError, type DagErrorCode } from '../errors.js'
import type { Fault } from './interface.js'

export function faultOut(error: BlockFault): Fault {
  const { name, code, message, stack } = error
  return { name, code, message, stack, offset: 'offset' in error ? error.offset : undefined, codec: error instanceof CodecError ? error.codec : undefined }
}

export function faultIn({ name, code, message, stack, offset, codec = '' }: Fault, cid: CID): BlockFault {
  const error =
    name === 'DagError'
      ? new DagError(code as DagErrorCode, message, { cid, offset })
      : name === 'HostError'
        ? new HostError(code as HostErrorCode, message)
        : name === 'SandboxError'
          ? new SandboxError(code as SandboxCode, message, offset)
          : new CodecError(code, codec, message, { offset })
  // as it was: the constructors would word it once more
  error.message = message
  error.stack = stack
  return error
}
