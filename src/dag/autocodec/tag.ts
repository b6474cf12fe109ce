/**
 * The tag by which data names the codec that it is in (docs/autocodec.md): recognised, checked and written. It is one key, and the kind of what stands there says which of the two
 * layouts this is.
 *
 * ```ipldsch
 * type Wrapped struct {
 *   wrapper Wrapper (rename "autocodec/1")
 * }
 * type Wrapper struct {
 *   codec &Module
 *   root Root
 *   codecs optional {String:&Module}
 *   layout optional &Module
 * }
 * type Root union {
 *   | &Any link
 *   | Bytes bytes
 * } representation kinded
 *
 * type Tagged struct {
 *   codec &Module (rename "autocodec/1")
 *   bytes Bytes
 *   links optional [&Any]
 * }
 * ```
 */
import type { CID } from 'multiformats/cid'
import { type Catalog, catalogValue, readCatalog, readLayouts } from '../../codec/catalog.js'
import type { Node } from '../../ipld/index.js'
import { DagError } from '../errors.js'

export const TAG = 'autocodec/1'

/** A block of its own at the entry of a DAG. */
export interface Wrapper {
  readonly kind: 'wrapper'
  /** module of the codec that reads the root, and, below it, blocks of its own multicodec */
  readonly codec: CID
  /** the block that is wrapped, or its bytes */
  readonly root: CID | Uint8Array
  /** modules for other multicodecs below the root */
  readonly codecs?: Catalog
  /** module of the data layout through which the root is meant to be read */
  readonly layout?: CID
}

/** A node that holds another block's bytes and names their codec. */
export interface Tagged {
  readonly kind: 'tagged'
  readonly codec: CID
  readonly bytes: Uint8Array
  /** what the bytes link to, so that who has no codec can follow it */
  readonly links?: readonly CID[]
}

export type Tag = Wrapper | Tagged

/** Multicodec of modules: they are blocks of bytes. */
const RAW = 0x55
const ANY_VERSION = /^autocodec\/(\d+)$/

/**
 * The tag of a node; undefined if it has none.
 *
 * @throws DagError TAG_VERSION for a tag of another version, TAG_MALFORMED for one that is not as above
 */
export function readTag(node: Node): Tag | undefined {
  if (node.kind !== 'map') return undefined
  const tag = node.get(TAG)
  if (tag === undefined) {
    // a map of one or few keys: a tag has three at most
    for (const [key] of node.length <= 3 ? node.entries() : []) {
      const version = ANY_VERSION.exec(key as string)
      if (version !== null) throw new DagError('TAG_VERSION', `a tag of version ${version[1]}, expected 1`)
    }
    return undefined
  }
  if (tag.kind === 'link') return readTagged(node, tag)
  if (tag.kind !== 'map') throw malformed(TAG, tag.kind, 'a map or the CID of a codec')
  expectFields(node, [TAG], '')
  return readWrapper(tag)
}

function readWrapper(node: Node): Wrapper {
  expectFields(node, ['codec', 'root', 'codecs', 'layout'], `${TAG}/`)
  const root = node.get('root')
  if (root?.kind !== 'link' && root?.kind !== 'bytes') throw malformed(`${TAG}/root`, root?.kind, 'a link or bytes')
  const [codecs, layout] = [node.get('codecs'), node.get('layout')]
  return {
    kind: 'wrapper',
    codec: moduleOf(node.get('codec'), `${TAG}/codec`),
    root: root.value() as CID | Uint8Array,
    ...(codecs === undefined ? {} : { codecs: catalogOf(codecs) }),
    ...(layout === undefined ? {} : { layout: moduleOf(layout, `${TAG}/layout`) })
  }
}

function readTagged(node: Node, tag: Node): Tagged {
  expectFields(node, [TAG, 'bytes', 'links'], '')
  const [bytes, links] = [node.get('bytes'), node.get('links')]
  if (bytes?.kind !== 'bytes') throw malformed('bytes', bytes?.kind, 'bytes')
  if (links !== undefined && links.kind !== 'list') throw malformed('links', links.kind, 'a list of links')
  return {
    kind: 'tagged',
    codec: moduleOf(tag, TAG),
    bytes: bytes.value() as Uint8Array,
    ...(links === undefined ? {} : { links: [...links.entries()].map(([i, link]) => linkOf(link, `links/${i}`)) })
  }
}

/** What a wrapper is as a block: a value for DAG-CBOR. */
export function wrapperValue({ codec, root, codecs, layout }: Omit<Wrapper, 'kind'>): unknown {
  return {
    [TAG]: { codec, root, ...(codecs === undefined ? {} : { codecs: catalogValue(codecs) }), ...(layout === undefined ? {} : { layout }) }
  }
}

/** What a tagged node is, as a value for any codec that has maps. */
export function taggedValue({ codec, bytes, links }: Omit<Tagged, 'kind'>): unknown {
  return { [TAG]: codec, bytes, ...(links === undefined ? {} : { links }) }
}

function moduleOf(node: Node | undefined, path: string): CID {
  const cid = linkOf(node, path)
  if (cid.code !== RAW) throw malformed(path, `a CID of multicodec 0x${cid.code.toString(16)}`, 'the CID of a module, 0x55')
  return cid
}

function linkOf(node: Node | undefined, path: string): CID {
  if (node?.kind !== 'link') throw malformed(path, node?.kind, 'a link')
  return node.value() as CID
}

function catalogOf(node: Node): Catalog {
  let catalog: Catalog
  let names: readonly string[]
  try {
    const value = node.value()
    catalog = readCatalog(value)
    names = [...readLayouts(value).keys()]
  } catch (cause) {
    throw new DagError('TAG_MALFORMED', `${TAG}/codecs: ${(cause as Error).message}`, { cause })
  }
  // a catalog at large may name layouts, too; a wrapper has its own field for that, and what nobody reads here must not be passed by
  if (names.length > 0) throw malformed(`${TAG}/codecs`, `key "${names[0]}"`, 'only multicodecs in decimal')
  return catalog
}

/** What a later version may add must not be passed by. */
function expectFields(node: Node, names: readonly string[], path: string): void {
  for (const [key] of node.entries())
    if (!names.includes(key as string)) throw malformed(`${path}${key}`, 'a field', `no other fields than ${names.join(', ')}`)
}

function malformed(path: string, got: string | undefined, expected: string): DagError {
  return new DagError('TAG_MALFORMED', `${path}: got ${got ?? 'nothing'}, expected ${expected}`)
}
