/**
 * For Helia and what stands on it: codecs and a loader for `createHelia`, path resolvers for ipfs-unixfs-exporter, a plugin for @helia/verified-fetch. None of these packages is
 * needed to load this one.
 *
 * @packageDocumentation
 */
export { type HeliaCodec, type HeliaCodecs, type HeliaOptions, helia } from './codecs.js'
export { PathError } from './place.js'
export { autocodecPlugin, type FetchContext, type FetchPlugin, type PluginOptions } from './plugin.js'
export { installResolvers, type PathResolver, pathResolver, type ResolveResult } from './resolvers.js'
