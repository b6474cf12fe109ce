import { createHost } from 'autocodec'
import { type Blocks, carBlocks, verifyBlock } from 'autocodec/dag'
import { FileAccess } from 'autocodec/dag/node'
import { type FunctionModule, loadFunction, runFunction } from 'autocodec/task'
import type { CID } from 'multiformats/cid'

/** What wc says. */
export interface Count {
  readonly bytes: number
  readonly lines: number
  readonly words: number
}

export interface Place {
  readonly root: CID
  readonly blocks: Blocks
}

/** The blocks of a CAR on disk. */
export async function placeOf(path: string, root: CID): Promise<Place & AsyncDisposable> {
  const file = await FileAccess.open(path)
  return { root, blocks: await carBlocks(file), [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() }
}

let module: Promise<FunctionModule> | undefined

/** With the function word-count, which verifies. */
export async function ourCount({ root, blocks }: Place, trusted = false): Promise<Count> {
  module ??= createHost().then((host) => loadFunction(host, 'word-count'))
  const limits = { fuel: 1e12, time: 600_000 }
  const { result } = await runFunction(await module, { fun: 'count', params: { file: root }, get: (cid) => blocks.get(cid), trusted, limits })
  if ('error' in result) throw new Error(result.error.message)
  return result.ok as Count
}

/** With the exporter, which verifies nothing, so its store does; and a loop over the bytes. */
export async function theirCount({ root, blocks }: Place, trusted = false): Promise<Count> {
  const { exporter } = await import('ipfs-unixfs-exporter')
  const store = {
    async *get(cid: CID) {
      const block = (await blocks.get(cid)) as Uint8Array
      if (!trusted) await verifyBlock(cid, block)
      yield block
    }
  }
  const file = (await exporter(root as never, store as never)) as unknown as { content(): AsyncIterable<Uint8Array> }
  let bytes = 0
  let lines = 0
  let words = 0
  let space = true
  for await (const chunk of file.content()) {
    bytes += chunk.length
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]
      const white = byte === 32 || (byte >= 9 && byte <= 13)
      if (byte === 10) lines++
      if (!white && space) words++
      space = white
    }
  }
  return { bytes, lines, words }
}
