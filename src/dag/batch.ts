/** Where a stream of blocks comes from. */
import type { CID } from 'multiformats/cid'
import type { Car } from './car.js'

export interface Block {
  readonly cid: CID
  readonly bytes: Uint8Array
  /** where the bytes begin in what they come from */
  readonly offset?: number
}

/** A CAR, or blocks one by one or in batches. */
export type BlockSource = Car | AsyncIterable<Block | readonly Block[]> | Iterable<Block | readonly Block[]>

/** Blocks of an iterable that is not asynchronous, at a time. */
const BATCH = 256

/** The blocks in batches, none of them empty. Leaving early closes the source. */
export async function* batchesOf(source: BlockSource): AsyncGenerator<readonly Block[], void, undefined> {
  if ('batches' in source) return yield* source.batches()
  if (Symbol.asyncIterator in source) {
    for await (const item of source) {
      if (!Array.isArray(item)) yield [item as Block]
      else if (item.length > 0) yield item
    }
    return
  }
  let batch: Block[] = []
  for (const item of source) {
    const many = Array.isArray(item)
    if (!many) batch.push(item as Block)
    if (batch.length > 0 && (many || batch.length === BATCH)) {
      yield batch
      batch = []
    }
    // as it is: it may have more blocks than a call has room for
    if (many && item.length > 0) yield item
  }
  if (batch.length > 0) yield batch
}
