/** What an address leads to: a value of the data model, or a file or directory that a layout makes of blocks. */
import type { Command } from 'commander'
import { CID } from 'multiformats/cid'
import type { Host } from '../codec/index.js'
import { Autocodec, type Blocks, DagError, PathError, type Resolved, resolve } from '../dag/index.js'
import { type GetBlock, type LayoutNode, layoutFor, openLayout, openThrough } from '../dag/layout/index.js'
import type { Context } from './context.js'
import { CliError, EXIT } from './exit.js'
import { plain } from './text.js'

export interface TargetOptions {
  /** a name or the CID of a module; `none`: paths are those of the data model alone */
  readonly layout?: string
}

type Target = { readonly value: Resolved } | { readonly node: LayoutNode }

const RAW = 0x55
const DAG_PB = 0x70
const NONE = 'none'

export function withLayout(command: Command): Command {
  return command.option('--layout <l>', 'the layout, by name or CID, that all names of the path are looked up in; none: only the data model')
}

/**
 * The rule: a path is one of the data model as long as it can be. Where a block of a codec with a layout (dag-pb, torrent-info) has no field of the segment's name, that segment and
 * all after it are names in the layout. So `Links` and `Data` of dag-pb are fields, and a file of such a name needs `--layout unixfs`.
 */
export async function find(context: Context, address: string, { layout }: TargetOptions, follow = true): Promise<Target> {
  const { cid, path } = parseAddress(address)
  const [host, blocks] = [await context.host(), await context.blocks()]
  const open = async (root: CID, names: readonly string[]): Promise<Target> => {
    const top = await openLayout(host, { root, get: getOf(blocks), verify: false, layout, limits: context.limits })
    return { node: await top.path(names.join('/')) }
  }
  if (layout !== undefined && layout !== NONE) return open(cid, path)
  try {
    return { value: await resolve(cid, path, { blocks, codecs: host.loader, follow }) }
  } catch (error) {
    if (layout === NONE || !(error instanceof PathError) || error.index !== error.start || !hasLayout(error.cid.code)) throw error
    return open(error.cid, path.slice(error.index))
  }
}

/** The file or directory that a value is; undefined if it is none, or the user wants none. */
export async function nodeOf(context: Context, target: Target, { layout }: TargetOptions): Promise<LayoutNode | undefined> {
  if ('node' in target) return target.node
  const { cid, path, node } = target.value
  if (layout === NONE || path.length > 0 || !hasLayout(cid.code)) return undefined
  // a node of dag-pb without data is no UnixFS, but links of somebody else
  if (cid.code === DAG_PB && node.get('Data') === undefined) return undefined
  return openLayout(await context.host(), { root: cid, get: getOf(await context.blocks()), verify: false, limits: context.limits })
}

/** What stands behind the tags of the block of an address; through the layout that its wrapper names, if it names one. */
export async function behind(context: Context, address: string): Promise<{ node: LayoutNode } | { bytes: Uint8Array }> {
  const { cid, path } = parseAddress(address)
  const [host, blocks] = [await context.host(), await context.blocks()]
  const opened = await readerOf(host, blocks).open(cid)
  if (opened.layout === undefined) {
    if (path.length > 0) throw new CliError('USAGE', EXIT.usage, `${plain(address)}: a path behind a tag needs a layout, and the block names none`)
    return { bytes: opened.bytes }
  }
  const top = await openThrough(host, opened, { get: getOf(blocks), verify: false, limits: context.limits })
  return { node: await top.path(path.join('/')) }
}

/** Reads tags, with blocks from all places. */
export function readerOf(host: Host, blocks: Blocks): Autocodec {
  return new Autocodec(host, {
    get: (cid, options) => present(blocks, cid, options)
  })
}

/** A block of one of the places, verified. */
export async function readBlock(context: Context, cid: CID): Promise<Uint8Array> {
  return present(await context.blocks(), cid)
}

async function present(blocks: Blocks, cid: CID, options?: { signal?: AbortSignal }): Promise<Uint8Array> {
  const bytes = await blocks.get(cid, options)
  if (bytes === undefined) throw new DagError('BLOCK_NOT_FOUND', `block ${cid} is not there`, { cid })
  return bytes
}

export function getOf(blocks: Blocks): GetBlock {
  return (cid, options) => blocks.get(cid, options)
}

/** A raw block is a file already. */
function hasLayout(code: number): boolean {
  return code !== RAW && layoutFor(code) !== undefined
}

/** `CID/path`, also with `/ipfs/` or `ipfs://` before it. */
export function parseAddress(text: string): { cid: CID; path: readonly string[] } {
  const [first, ...path] = text.replace(/^(\/?ipfs\/|\/?ipld\/|ipfs:\/\/|ipld:\/\/)/, '').split('/')
  try {
    return { cid: CID.parse(first), path: path.filter((segment) => segment !== '') }
  } catch (error) {
    throw new CliError('USAGE', EXIT.usage, `${plain(text)} does not begin with a CID: ${(error as Error).message.split('\n')[0]}`, { cause: error })
  }
}
