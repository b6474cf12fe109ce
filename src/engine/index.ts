/**
 * State: the port behind which receipts, tasks, blocks and leases live, and the driver that runs everywhere. See docs/engine.md.
 *
 * @packageDocumentation
 */
export {
  type Blocks,
  type DeleteOptions,
  type Engine,
  EngineError,
  type EngineErrorCode,
  type EntriesOptions,
  type Entry,
  type Lease,
  type Leases,
  MAX_KEY,
  MAX_NAME,
  MAX_VALUE,
  type PutOptions,
  type ReadOptions,
  type Records,
  type Supports
} from './interface.js'
export { type MemoryEngineOptions, memoryEngine } from './memory.js'
