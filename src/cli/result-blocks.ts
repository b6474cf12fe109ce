/** What a result leads to, taken out of the engine: as a CAR, or as files. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { keyOf, walkBlocks, writeCar } from '../dag/index.js'
import type { Context } from './context.js'
import { interruption } from './ending.js'
import type { Workplace } from './executor.js'
import { Progress } from './progress.js'
import { count } from './text.js'
import { writeSafely, writeWhole } from './whole-file.js'

interface Block {
  readonly cid: CID
  readonly bytes: Uint8Array
}

/** The links in a value, each once, in its order. */
export function linksOf(value: unknown): CID[] {
  const links = new Map<string, CID>()
  const visit = (at: unknown): void => {
    if (typeof at !== 'object' || at === null || at instanceof Uint8Array) return
    const cid = CID.asCID(at)
    if (cid !== null) links.set(keyOf(cid), cid)
    else for (const each of Array.isArray(at) ? at : Object.values(at)) visit(each)
  }
  visit(value)
  return [...links.values()]
}

export async function writeCarOf(context: Context, file: string, roots: readonly CID[], place: Workplace): Promise<void> {
  await writeWhole(file, writeCar(roots, below(context, roots, place), { signal: interruption() }))
}

export async function writeBlocksOf(context: Context, folder: string, roots: readonly CID[], place: Workplace): Promise<void> {
  await mkdir(folder, { recursive: true })
  for await (const { cid, bytes } of below(context, roots, place)) await writeSafely(join(folder, `${cid}.bin`), bytes)
}

/** The blocks that roots lead to. What is nowhere is left out, and told. */
async function* below(context: Context, roots: readonly CID[], { blocks, host }: Workplace): AsyncGenerator<Block> {
  const progress = new Progress('written')
  const steps = walkBlocks(roots, {
    blocks,
    codecs: host.loader,
    missing: 'report',
    unknown: 'report',
    signal: interruption(),
    onProgress: (event) => {
      if (event.type === 'autocodec:dag:blocks') progress.at(event.detail.bytes, event.detail.blocks)
    }
  })
  try {
    for (;;) {
      const { value, done } = await steps.next()
      if (done) {
        if (value.missing > 0)
          context.complain(`${count(value.missing, 'block')} that the result leads to ${value.missing === 1 ? 'is' : 'are'} nowhere, and left out`)
        return
      }
      if (value.state === 'block') yield { cid: value.cid, bytes: value.bytes as Uint8Array }
    }
  } finally {
    progress.end()
  }
}
