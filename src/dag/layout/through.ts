/** The layout that a wrapper names (docs/autocodec.md): the block behind it as files and directories. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { HostError } from '../../codec/errors.js'
import type { Host } from '../../codec/host.js'
import type { Opened } from '../autocodec/reader.js'
import { digestKey } from '../key.js'
import { layouts } from './layout.js'
import type { LayoutNode } from './node.js'
import { type OpenLayoutOptions, openLayout } from './open.js'

/**
 * What `Autocodec.open` has read, through the layout that its wrapper names. The root has the multicodec of the codec that the wrapper names, whatever its CID said; bytes that stand in the
 * wrapper itself are a block of their own here. A layout that only data names runs as a codec would: if it is shipped, trusted, or the policy allows all; nobody is asked.
 *
 * @throws TypeError if no layout is named; HostError REFUSED; and as `openLayout`
 */
export async function openThrough(host: Host, opened: Opened, options: Omit<OpenLayoutOptions, 'root' | 'layout'>): Promise<LayoutNode> {
  const { layout, bytes, codec, wrappers } = opened
  if (layout === undefined) throw new TypeError(`opened: ${opened.cid} names no layout`)
  const { trusted = [], data } = host.options.policy ?? {}
  if (data !== 'allow' && !layouts().some(({ cid }) => cid.equals(layout)) && !trusted.some((cid) => cid.equals(layout)))
    throw new HostError('REFUSED', `layout ${layout} is named by the block ${wrappers.at(-1)?.cid} alone, and no layout runs that only data names`)
  const root = CID.createV1(codec.code, await sha256.digest(bytes))
  const key = digestKey(root)
  return openLayout(host, { ...options, root, layout, get: (cid, to) => (digestKey(cid) === key ? bytes : options.get(cid, to)) })
}
