/** Git objects: a commit, a tree as `ls-tree` prints it, a tag, a blob. Fields as in ipld.io/specs/codecs/dag-git. */
import type { Node } from '../../ipld/index.js'
import { isText, plain, shorten } from '../text.js'
import { type Draw, type Face, SHOWN, type Thing } from './face.js'
import { byteCount, date, field, integer, link, rawText, rows, text } from './read.js'

/** Longest message that is shown. */
const MESSAGE = 4000

const MODES: Readonly<Record<string, string>> = {
  '40000': 'tree',
  '160000': 'commit',
  '120000': 'symlink',
  '100755': 'executable',
  '100644': 'blob',
  '100664': 'blob'
}

export const git: Draw = (thing) => {
  const { node } = thing
  if (node.kind === 'bytes') return blob(thing)
  if (node.kind !== 'map') return undefined
  if (field(node, 'tree')?.kind === 'link') return commit(node)
  if (field(node, 'object')?.kind === 'link') return tag(node)
  return tree(node)
}

function blob({ node }: Thing): Face {
  const bytes = node.value() as Uint8Array
  // the header, `blob 12\0`, belongs to the block; a data model may keep it in the blob
  const head = /^blob \d+\0/.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 32)))
  const content = head === null ? bytes : bytes.subarray(head[0].length)
  const shown = isText(content) ? { text: block(new TextDecoder().decode(content.subarray(0, MESSAGE))) } : {}
  return { title: 'git blob', rows: rows(['content', byteCount(content.length)]), ...shown }
}

function commit(node: Node): Face {
  const parents = field(node, 'parents', 'parent')
  const list = parents?.kind === 'list' ? Array.from(parents.entries(), ([, child]) => link(child)) : [link(parents)]
  return {
    title: list.length > 1 ? 'git merge commit' : 'git commit',
    rows: rows(
      ['tree', link(field(node, 'tree'))],
      ...list.slice(0, 16).map((parent): [string, string | undefined] => ['parent', parent]),
      ['author', person(field(node, 'author'))],
      ['committer', person(field(node, 'committer'))],
      ['encoding', text(field(node, 'encoding'))],
      ['signature', field(node, 'signature', 'gpgsig') === undefined ? undefined : 'there is one, not checked here']
    ),
    text: block(rawText(field(node, 'message')) ?? '')
  }
}

function tag(node: Node): Face {
  return {
    title: 'git tag',
    rows: rows(
      ['tag', text(field(node, 'tag', 'name'))],
      ['object', link(field(node, 'object'))],
      ['type', text(field(node, 'type', 'tagType'))],
      ['tagger', person(field(node, 'tagger'))]
    ),
    text: block(rawText(field(node, 'text', 'message')) ?? '')
  }
}

/** Names to `{mode, hash}`; an entry of another kind is no tree. */
function tree(node: Node): Face | undefined {
  const list: string[][] = []
  for (const [name, entry] of node.entries()) {
    const mode = text(field(entry, 'mode'), 12)
    const hash = link(field(entry, 'hash'))
    if (mode === undefined || hash === undefined) return undefined
    if (list.length < SHOWN) list.push([mode.padStart(6, '0'), MODES[mode] ?? '', plain(shorten(String(name), 200)), hash])
  }
  return { title: 'git tree', rows: rows(['entries', String(node.length)]), list, more: node.length - list.length }
}

/** `name <email>` and when: as one text, as git writes it, or as fields. */
function person(node: Node | undefined): string | undefined {
  const line = rawText(node)
  if (line !== undefined) {
    const [, who, seconds, zone] = /^(.*>) (-?\d{1,15}) ([+-]\d{4})$/s.exec(line) ?? []
    return plain(shorten(who === undefined ? line : `${who}, ${date(Number(seconds), zone) ?? seconds}`, 200))
  }
  const name = rawText(field(node, 'name'))
  if (name === undefined) return undefined
  const email = rawText(field(node, 'email'))
  const when = field(node, 'date', 'time')
  const seconds = integer(when?.kind === 'integer' ? when : undefined) ?? numeral(rawText(when))
  const at = date(seconds, rawText(field(node, 'timezone')) ?? '')
  return plain(shorten(`${name}${email === undefined ? '' : ` <${email}>`}${at === undefined ? '' : `, ${at}`}`, 200))
}

function numeral(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** A text of several lines, each safe. */
function block(message: string): string {
  return shorten(message, MESSAGE).replace(/\n+$/, '').split('\n').map(plain).join('\n')
}
