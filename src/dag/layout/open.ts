/** The way in: a tree of blocks as files and directories. */
import { CID } from 'multiformats/cid'
import type { Host } from '../../codec/host.js'
import { verifyBlock } from '../verify.js'
import type { GetBlock, VerifyBlock } from './blocks.js'
import { LayoutError } from './errors.js'
import { Layout, type LayoutId, layoutFor, loadLayout } from './layout.js'
import type { LayoutLimits } from './limits.js'
import { LayoutNode } from './node.js'

export interface OpenLayoutOptions {
  readonly root: CID
  /** where blocks are; what it gives is verified */
  readonly get: GetBlock
  /** by name, CID, module, or as `loadLayout` gives it; by default the usual one for roots of the root's codec */
  readonly layout?: LayoutId | Layout
  /** How blocks are verified. Default `verifyBlock` of `autocodec/dag`. False if `get` gives nothing that it has not verified itself */
  readonly verify?: VerifyBlock | false
  /** blocks that are fetched ahead while a file is read. Default 8 */
  readonly ahead?: number
  /** not for a layout that `loadLayout` has given, which has its own */
  readonly limits?: Partial<LayoutLimits>
  readonly signal?: AbortSignal
}

const AHEAD = 8

/**
 * A tree of blocks as a layout sees it. Layouts are Wasm modules in the sandbox, found by name or CID as codecs are.
 *
 * @example
 * ```ts
 * import { createHost, CID } from 'autocodec'
 * import { openLayout } from 'autocodec/layout'
 * const host = await createHost()
 * // a raw block is a file of one block
 * const block = new TextEncoder().encode('hello')
 * const root = CID.parse('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')
 * const file = await openLayout(host, { layout: 'unixfs', root, get: () => block })
 * const parts = []
 * for await (const part of file.bytes({ offset: 1, length: 3 })) parts.push(new TextDecoder().decode(part))
 * if (parts.join('') !== 'ell' || file.size !== 5) throw new Error('not the same')
 * ```
 * @throws LayoutError UNKNOWN_LAYOUT and what the layout reports of the root; HostError and SandboxError as `loadLayout`; what `get` and `verify` throw
 */
export async function openLayout(host: Host, options: OpenLayoutOptions): Promise<LayoutNode> {
  const { get, verify = verifyBlock, ahead = AHEAD, limits, signal } = options
  const root = CID.asCID(options.root)
  if (root === null) throw new TypeError(`root: got ${typeof options.root}, expected a CID`)
  if (typeof get !== 'function') throw new TypeError(`get: got ${typeof get}, expected a function`)
  if (!(Number.isSafeInteger(ahead) && ahead >= 0)) throw new TypeError(`ahead: got ${ahead}, expected 0 or more`)
  const id = options.layout ?? layoutFor(root.code)?.cid
  if (id === undefined)
    throw new LayoutError('UNKNOWN_LAYOUT', 'none', `no layout is known for roots of codec 0x${root.code.toString(16)}; name one`, { cid: root })
  const layout = id instanceof Layout ? id : await loadLayout(host, id, { limits, signal })
  const blocks = { get, verify: verify === false ? undefined : verify, ahead, most: layout.limits.blocks, largest: layout.limits.input, layout: layout.name }
  return LayoutNode.open({ layout, blocks, signal }, root)
}
