/** Torrents: the metainfo of BEP 3, and of BEP 52 (version 2). */
import type { Node } from '../../ipld/index.js'
import { plain, shorten, size } from '../text.js'
import { type Draw, SHOWN } from './face.js'
import { byteCount, date, field, integer, number, rows, text } from './read.js'

interface File {
  readonly path: string
  readonly length: bigint
}

export const torrent: Draw = ({ node }) => {
  const info = field(node, 'info') ?? node
  const name = field(info, 'name', 'name.utf-8')
  const pieces = field(info, 'pieces')
  const tree = field(info, 'file tree')
  if (name === undefined || (pieces === undefined && tree === undefined)) return undefined
  const files = filesOf(info)
  if (files === undefined) return undefined
  const total = files.reduce((sum, { length }) => sum + length, 0n)
  const trackers = field(node, 'announce-list')
  const created = integer(field(node, 'creation date'))
  return {
    title: info === node ? 'torrent, its info' : 'torrent',
    rows: rows(
      ['name', text(name)],
      ['content', `${files.length} file${files.length === 1 ? '' : 's'}, ${byteCount(total)}`],
      [
        'pieces',
        pieces?.kind === 'bytes' || pieces?.kind === 'string'
          ? `${Math.floor(pieces.length / 20)} of ${number(field(info, 'piece length')) ?? '?'} bytes`
          : undefined
      ],
      ['version', tree === undefined ? undefined : pieces === undefined ? '2' : '1 and 2'],
      ['private', integer(field(info, 'private')) === 1n ? 'yes' : undefined],
      ['tracker', text(field(node, 'announce'))],
      ['trackers', trackers?.kind === 'list' && trackers.length > 0 ? `${trackers.length} tier${trackers.length === 1 ? '' : 's'}` : undefined],
      ['created', date(created) ?? created?.toString()],
      ['by', text(field(node, 'created by'))],
      ['comment', text(field(node, 'comment'))]
    ),
    list: files.slice(0, SHOWN).map(({ path, length }) => [size(Number(length)), path]),
    more: Math.max(0, files.length - SHOWN)
  }
}

function filesOf(info: Node): File[] | undefined {
  const single = integer(field(info, 'length'))
  if (single !== undefined) return [{ path: text(field(info, 'name')) ?? '', length: single }]
  const list = field(info, 'files')
  if (list?.kind === 'list') {
    const files: File[] = []
    for (const [, file] of list.entries()) {
      const length = integer(field(file, 'length'))
      const path = field(file, 'path', 'path.utf-8')
      if (length === undefined || path?.kind !== 'list') return undefined
      files.push({ path: plain(shorten(Array.from(path.entries(), ([, part]) => text(part) ?? '?').join('/'), 300)), length })
    }
    return files
  }
  const tree = field(info, 'file tree')
  return tree === undefined ? undefined : leaves(tree)
}

/** The files of a tree: a name that is empty has the file's own fields. */
function leaves(tree: Node): File[] {
  const files: File[] = []
  const visit = (node: Node, path: string): void => {
    const length = integer(field(node.get(''), 'length'))
    if (length !== undefined) {
      files.push({ path: plain(shorten(path, 300)), length })
      return
    }
    for (const [name, child] of node.entries()) if (child.kind === 'map') visit(child, path === '' ? String(name) : `${path}/${name}`)
  }
  visit(tree, '')
  return files
}
