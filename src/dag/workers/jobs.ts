/** Blocks in portions that are worth a message. */
import { type Block, type BlockSource, batchesOf } from '../batch.js'

/** Bytes and blocks from which on a portion is enough. */
const BYTES = 512 * 1024
const BLOCKS = 1024

/** All that comes without waiting, up to a portion; so that a slow source does not keep a worker from what there is. Leaving early closes the source. */
export async function* portions(source: BlockSource): AsyncGenerator<readonly Block[], void, undefined> {
  const batches = batchesOf(source)
  let next = batches.next()
  try {
    for (let ended = false; !ended; ) {
      const blocks: Block[] = []
      for (let bytes = 0; bytes < BYTES && blocks.length < BLOCKS; ) {
        if (blocks.length > 0 && !(await soon(next))) break
        // an error comes after the blocks before it
        const { done, value } = await next.catch((error: unknown) => {
          if (blocks.length === 0) throw error
          return { done: false as const, value: undefined }
        })
        if (value === undefined) {
          ended = done === true
          break
        }
        for (const block of value) {
          blocks.push(block)
          bytes += block.bytes.length
        }
        next = batches.next()
        // it is waited for later, or not at all
        next.catch(() => {})
      }
      if (blocks.length > 0) yield blocks
    }
  } finally {
    await batches.return()
  }
}

/** Whether it is settled before the next turn of the event loop. */
function soon(work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 0, false)
    const settled = (): void => {
      clearTimeout(timer)
      resolve(true)
    }
    work.then(settled, settled)
  })
}
