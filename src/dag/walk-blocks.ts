/** A walk over the blocks of a store, with the codecs that their CIDs name. */
import type { CID } from 'multiformats/cid'
import { type Codec, HostError } from '../codec/index.js'
import type { Blocks } from './blocks.js'
import { type BlockFault, type Codecs, faultFrom } from './decode.js'
import { DagError } from './errors.js'
import { keyOf } from './key.js'
import type { OnProgress } from './progress.js'
import { type Child, type Step, type WalkEnd, type WalkLimits, walk } from './walk.js'

/** What the walk makes of a block. */
export interface Visited {
  /** undefined if there is none for the block's multicodec */
  readonly codec?: Codec
  /** in the order of the block; none if it could not be read */
  readonly children: readonly Child[]
  /** why its links are not known */
  readonly fault?: BlockFault
}

export interface WalkBlocksOptions extends WalkLimits {
  /** verified: see `verified` */
  readonly blocks: Blocks
  readonly codecs: Codecs
  /** `throw`, the default, or `report` what stands in the way and pass it by: blocks that no store has, multicodecs without a codec, blocks that are faulty */
  readonly missing?: 'throw' | 'report'
  readonly unknown?: 'throw' | 'report'
  readonly faulty?: 'throw' | 'report'
  readonly order?: 'depth-first' | 'breadth-first'
  readonly prefetch?: number
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
}

/** What a walk over blocks has come to. */
export interface WalkBlocksEnd extends WalkEnd {
  /** blocks that were given, and whose links are not known for want of a codec, by multicodec */
  readonly unknown: ReadonlyMap<number, number>
  /** blocks that are not what their CID names or not in their format */
  readonly faulty: number
}

/**
 * As `walk`, reading each block's links with its codec.
 *
 * @throws DagError `BLOCK_NOT_FOUND`, `HASH_MISMATCH`, `UNKNOWN_HASH`, `WALK_LIMIT`; HostError `UNKNOWN_CODEC` and others; CodecError, SandboxError; what the store throws
 */
export async function* walkBlocks(roots: readonly CID[], options: WalkBlocksOptions): AsyncGenerator<Step<Visited>, WalkBlocksEnd, undefined> {
  const { blocks, codecs, missing = 'throw', unknown = 'throw', faulty = 'throw', onProgress } = options
  const loaded = new Map<number, Codec>()
  const withoutCodec = new Map<number, number>()
  /** blocks that their CID or their codec refuses; of the former, by key, why: the walk itself knows them as missing, if it comes to them */
  let wrong = 0
  let mistaken = 0
  const refused = new Map<string, DagError>()

  const failed = (cid: CID, fault: BlockFault, codec?: Codec): Visited => {
    if (fault instanceof HostError && fault.code === 'UNKNOWN_CODEC') {
      if (unknown === 'throw') throw fault
      withoutCodec.set(cid.code, (withoutCodec.get(cid.code) ?? 0) + 1)
    } else {
      if (faulty === 'throw') throw fault
      wrong++
    }
    onProgress?.({ type: 'autocodec:dag:fault', detail: { cid, fault } })
    return { codec, children: [], fault }
  }
  const read = (cid: CID, bytes: Uint8Array, codec: Codec): Visited => {
    try {
      return { codec, children: codec.links(bytes).map(asChild), fault: undefined }
    } catch (error) {
      return failed(cid, faultFrom(error), codec)
    }
  }
  const load = async (cid: CID, bytes: Uint8Array): Promise<Visited> => {
    try {
      loaded.set(cid.code, await codecs(cid.code))
    } catch (error) {
      return failed(cid, faultFrom(error))
    }
    return read(cid, bytes, loaded.get(cid.code) as Codec)
  }

  const steps = walk<Visited>(roots, {
    ...options,
    get: async (cid, { signal }) => {
      try {
        return await blocks.get(cid, { signal })
      } catch (error) {
        if (!(error instanceof DagError) || faulty === 'throw') throw error
        refused.set(keyOf(cid), error)
        onProgress?.({ type: 'autocodec:dag:fault', detail: { cid, fault: error } })
        return undefined
      }
    },
    visit: (cid, bytes) => {
      const codec = loaded.get(cid.code)
      return codec === undefined ? load(cid, bytes) : read(cid, bytes, codec)
    }
  })
  for (;;) {
    const { value, done } = await steps.next()
    if (done) {
      const end = value as WalkEnd
      return { ...end, missing: end.missing - mistaken, unknown: withoutCodec, faulty: wrong + mistaken }
    }
    const fault = value.state === 'missing' ? refused.get(keyOf(value.cid)) : undefined
    if (fault !== undefined) {
      mistaken++
      yield { ...value, visit: { children: [], fault } }
    } else if (value.state === 'missing' && missing === 'throw') {
      throw new DagError('BLOCK_NOT_FOUND', `${value.cid} is not in ${blocks.name}`, { cid: value.cid })
    } else yield value
  }
}

function asChild(cid: CID): Child {
  return { cid }
}
