/**
 * Path resolvers for ipfs-unixfs-exporter, whose `walkPath` knows seven multicodecs and stops at all others. What stands on it, such as @helia/verified-fetch and @helia/unixfs, then
 * finds its way through blocks of any codec that the host has, and on into files and directories below them.
 */
import type { CID } from 'multiformats/cid'
import type { Blockstore, Host } from '../codec/index.js'
import { readBlock, within } from './place.js'

/** Where a resolver has come to: as `ResolveResult` of ipfs-unixfs-exporter. */
export interface ResolveResult {
  cid: CID
  name: string
  rest: string[]
}

/** As `Resolver` of ipfs-unixfs-exporter. */
export type PathResolver = (root: CID, path: string[], blockstore: Blockstore, options?: { signal?: AbortSignal }) => AsyncGenerator<ResolveResult>

/** A resolver for any multicodec: `resolvers[code] = pathResolver(host)`. */
export function pathResolver(host: Host): PathResolver {
  return async function* (root, path, blockstore, options) {
    const codec = await host.codec(root.code, { signal: options?.signal })
    const { link, used } = within(codec.node(await readBlock(blockstore, root, options?.signal)), path, root)
    yield { cid: link ?? root, name: path.slice(0, used).join('/'), rest: path.slice(used) }
  }
}

/**
 * Makes `walkPath` resolve paths through every multicodec that it does not know itself.
 *
 * @param resolvers `resolvers` of ipfs-unixfs-exporter: the table that `walkPath` goes by, one for all who use the same copy of that package
 * @param codes only these multicodecs; by default all, so that one nobody has yet is an error that says so
 * @returns puts it back as it was
 */
export function installResolvers(resolvers: Record<number, unknown>, host: Host, codes?: readonly number[]): () => void {
  const resolver = pathResolver(host)
  if (codes !== undefined) {
    const added = codes.filter((code) => !(code in resolvers))
    for (const code of added) resolvers[code] = resolver
    return () => {
      for (const code of added) if (resolvers[code] === resolver) delete resolvers[code]
    }
  }
  // numbers that the table lacks are looked up in its prototype
  const before = Object.getPrototypeOf(resolvers) as object | null
  const every = new Proxy(Object.create(before) as object, {
    get: (target, key, receiver) => (typeof key === 'string' && /^\d+$/.test(key) ? resolver : Reflect.get(target, key, receiver))
  })
  Object.setPrototypeOf(resolvers, every)
  return () => {
    if (Object.getPrototypeOf(resolvers) === every) Object.setPrototypeOf(resolvers, before)
  }
}
