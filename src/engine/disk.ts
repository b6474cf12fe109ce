/**
 * State in a directory, for Node. One process has it at a time:
 *
 * ```
 * DIR/records/      a LevelDB: receipts, tasks, leases (disk/level.ts)
 * DIR/blocks/       a file a block (disk/blocks.ts)
 * DIR/unfinished/   blocks that are being written
 * ```
 *
 * It needs the packages `classic-level` and `blockstore-fs`, which are loaded when it is opened.
 *
 * @packageDocumentation
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DiskBlocks } from './disk/blocks.js'
import { DiskLeases } from './disk/leases.js'
import { Level } from './disk/level.js'
import { DiskRecords } from './disk/records.js'
import { type Engine, EngineError } from './interface.js'

export interface DiskEngineOptions {
  /** milliseconds since 1970, for leases; default `Date.now`. The next process reads what it wrote, so a clock that counts from elsewhere will not do */
  readonly clock?: () => number
}

/**
 * Opens the engine of a directory, which is made if it is not there.
 *
 * @throws EngineError `ENGINE_PEER`, `ENGINE_LOCKED` if another has it open, `ENGINE_DAMAGED`, `ENGINE_FORMAT`, `ENGINE_IO`; TypeError
 */
export async function diskEngine(path: string, { clock = Date.now }: DiskEngineOptions = {}): Promise<Engine> {
  if (typeof path !== 'string' || path === '') throw new TypeError(`path: got ${JSON.stringify(path)}, expected the path of a directory`)
  const folder = resolve(path)
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new EngineError('ENGINE_IO', `${folder} cannot be made: ${(cause as Error).message}`, { cause })
  }
  const level = await Level.open(join(folder, 'records'))
  try {
    const blocks = await DiskBlocks.open(level.gate, folder)
    const leases = new DiskLeases(level, clock)
    await leases.sweep()
    const close = () => level.close()
    return {
      supports: { durable: true, shared: false },
      receipts: new DiskRecords(level, 'r'),
      tasks: new DiskRecords(level, 't'),
      blocks,
      leases,
      close,
      [Symbol.asyncDispose]: close
    }
  } catch (error) {
    await level.close()
    throw error
  }
}
