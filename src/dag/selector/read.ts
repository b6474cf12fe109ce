/** Reads selectors: the unions and structs of https://ipld.io/specs/selectors/, with nothing in them that is not named there. */
import type { CID } from 'multiformats/cid'
import type { Node, NodeKind } from '../../ipld/index.js'
import { SelectorError } from './errors.js'
import type { Condition, Matcher, Recursive, Selector } from './selector.js'

/** Selectors and conditions within each other, and in all. */
const MAX_DEPTH = 256
const MAX_PARTS = 65_536

/**
 * A selector from its node, of any codec: `{"a": {">": {".": {}}}}` or, in an envelope, `{"selector": …}`.
 *
 * @throws SelectorError SELECTOR_INVALID with the place in the selector, what was got and what was expected
 */
export function readSelector(node: Node): Selector {
  const reader = new Reader()
  const envelope = node.kind === 'map' && node.length === 1 ? node.get('selector') : undefined
  return envelope === undefined ? reader.selector(node, [], false) : reader.selector(envelope, ['selector'], false)
}

/** Where in the selector. */
type Path = readonly (string | number)[]

const KINDS = ['null', 'boolean', 'integer', 'float', 'string', 'bytes', 'link', 'list', 'map']
/** Names of kinds in schemas and fixtures. */
const SHORT: Readonly<Record<string, string>> = { bool: 'boolean', int: 'integer' }

class Reader {
  #parts = 0

  /** @param recursive whether an edge may stand here: within a recursion's sequence */
  selector(node: Node, path: Path, recursive: boolean): Selector {
    const [key, body] = this.#union(node, path, 'a selector')
    const here = [...path, key]
    switch (key) {
      case '.':
        return this.#matcher(body, here)
      case 'a': {
        const { '>': next } = this.#struct(body, here, ['>'])
        return { is: 'all', next: this.selector(next, [...here, '>'], recursive) }
      }
      case 'f': {
        const { 'f>': fields } = this.#struct(body, here, ['f>'])
        const within = [...here, 'f>']
        expect(fields, ['map'], within)
        return {
          is: 'fields',
          fields: new Map(Array.from(fields.entries(), ([name, next]) => [String(name), this.selector(next, [...within, name], recursive)]))
        }
      }
      case 'i': {
        const { i, '>': next } = this.#struct(body, here, ['i', '>'])
        return { is: 'index', index: natural(i, [...here, 'i']), next: this.selector(next, [...here, '>'], recursive) }
      }
      case 'r': {
        const { '^': from, $: to, '>': next } = this.#struct(body, here, ['^', '$', '>'])
        const [start, end] = [natural(from, [...here, '^']), natural(to, [...here, '$'])]
        if (end < start) throw invalid(`a range that ends at ${end}, expected ${start} or more`, [...here, '$'])
        return { is: 'range', start, end, next: this.selector(next, [...here, '>'], recursive) }
      }
      case 'R':
        return this.#recursive(body, here)
      case '@':
        this.#struct(body, here, [])
        if (!recursive) throw invalid('an edge without a recursion', here)
        return { is: 'edge' }
      case '|':
        expect(body, ['list'], here)
        return { is: 'union', members: Array.from(body.entries(), ([i, member]) => this.selector(member, [...here, i], recursive)) }
      case '&': {
        const { '&': condition, '>': next } = this.#struct(body, here, ['&', '>'])
        return { is: 'conditional', condition: this.#condition(condition, [...here, '&']), next: this.selector(next, [...here, '>'], recursive) }
      }
      case '~': {
        const { as, '>': next } = this.#struct(body, here, ['as', '>'])
        return { is: 'interpret', as: text(as, [...here, 'as']), next: this.selector(next, [...here, '>'], recursive) }
      }
      default:
        throw invalid(`got "${key}", expected one of . a f i r R @ | & ~`, path)
    }
  }

  #matcher(body: Node, path: Path): Matcher {
    const { onlyIf, label, subset } = this.#struct(body, path, [], ['onlyIf', 'label', 'subset'])
    return {
      is: 'match',
      ...(onlyIf && { onlyIf: this.#condition(onlyIf, [...path, 'onlyIf']) }),
      ...(label && { label: text(label, [...path, 'label']) }),
      ...(subset && { subset: this.#subset(subset, [...path, 'subset']) })
    }
  }

  #subset(node: Node, path: Path): Matcher['subset'] {
    const { '[': from, ']': to } = this.#struct(node, path, ['[', ']'])
    return { from: integer(from, [...path, '[']), to: integer(to, [...path, ']']) }
  }

  #recursive(body: Node, path: Path): Recursive {
    const { l, ':>': sequence, '!': stopAt } = this.#struct(body, path, ['l', ':>'], ['!'])
    const [key, limit] = this.#union(l, [...path, 'l'], 'a limit')
    if (key !== 'none' && key !== 'depth') throw invalid(`got "${key}", expected none or depth`, [...path, 'l'])
    if (key === 'none') this.#struct(limit, [...path, 'l', key], [])
    const inner = this.selector(sequence, [...path, ':>'], true)
    if (!hasEdge(inner)) throw invalid('a sequence without an edge to begin it again', [...path, ':>'])
    return {
      is: 'recursive',
      sequence: inner,
      depth: key === 'none' ? Number.POSITIVE_INFINITY : natural(limit, [...path, 'l', key]),
      ...(stopAt && { stopAt: this.#condition(stopAt, [...path, '!']) })
    }
  }

  #condition(node: Node, path: Path): Condition {
    // {"/": CID} is how DAG-JSON writes a link
    if (node.kind === 'link') return { is: 'link', cid: node.value() as CID }
    const [key, body] = this.#union(node, path, 'a condition')
    const here = [...path, key]
    switch (key) {
      case '/':
        if (body.kind === 'link') return { is: 'link', cid: body.value() as CID }
        this.#struct(body, here, [])
        return { is: 'link' }
      case 'hasField':
        expect(body, ['string', 'map'], here)
        if (body.kind === 'string') return { is: 'fields', fields: new Map([[text(body, here), undefined]]) }
        return { is: 'fields', fields: new Map(Array.from(body.entries(), ([name, condition]) => [String(name), this.#condition(condition, [...here, name])])) }
      case '=':
        return { is: 'value', value: body.value() }
      case '%': {
        const name = text(body, here)
        const kind = SHORT[name] ?? name
        if (!KINDS.includes(kind)) throw invalid(`got "${name}", expected one of ${KINDS.join(', ')}`, here)
        return { is: 'kind', kind }
      }
      case 'greaterThan':
      case 'lessThan':
        expect(body, ['integer', 'float'], here)
        return { is: key === 'greaterThan' ? 'greater' : 'less', than: body.value() as number | bigint }
      case 'and':
      case 'or':
        expect(body, ['list'], here)
        return { is: key, conditions: Array.from(body.entries(), ([i, condition]) => this.#condition(condition, [...here, i])) }
      default:
        throw invalid(`got "${key}", expected one of / hasField = % greaterThan lessThan and or`, path)
    }
  }

  /** The one entry of a keyed union. */
  #union(node: Node, path: Path, what: string): [key: string, body: Node] {
    if (++this.#parts > MAX_PARTS) throw invalid(`more than ${MAX_PARTS} parts`, path)
    if (path.length > MAX_DEPTH) throw invalid(`deeper than ${MAX_DEPTH} steps`, path)
    expect(node, ['map'], path)
    if (node.length !== 1) throw invalid(`got a map of ${node.length}, expected ${what}, a map of one key`, path)
    const [[key, body]] = node.entries()
    return [String(key), body]
  }

  /** The fields of a struct. */
  #struct<K extends string, O extends string = never>(
    node: Node,
    path: Path,
    fields: readonly K[],
    optional: readonly O[] = []
  ): Readonly<Record<K, Node>> & Readonly<Partial<Record<O, Node>>> {
    expect(node, ['map'], path)
    const found: Record<string, Node> = {}
    for (const [key, value] of node.entries()) {
      const all: readonly string[] = [...fields, ...optional]
      if (!all.includes(String(key))) throw invalid(`a field "${key}", expected ${all.length === 0 ? 'none' : `only ${all.join(' ')}`}`, path)
      found[key] = value
    }
    for (const name of fields) if (!Object.hasOwn(found, name)) throw invalid(`no field "${name}"`, path)
    return found as Readonly<Record<K | O, Node>>
  }
}

/** Whether there is an edge of the recursion that this is the sequence of. */
function hasEdge(selector: Selector): boolean {
  switch (selector.is) {
    case 'edge':
      return true
    case 'fields':
      return [...selector.fields.values()].some(hasEdge)
    case 'union':
      return selector.members.some(hasEdge)
    // an edge in there is that one's own
    case 'recursive':
    case 'match':
      return false
    default:
      return hasEdge(selector.next)
  }
}

function expect(node: Node, kinds: readonly NodeKind[], path: Path): void {
  if (!kinds.includes(node.kind)) throw invalid(`got ${node.kind}, expected ${kinds.join(' or ')}`, path)
}

function text(node: Node, path: Path): string {
  expect(node, ['string'], path)
  return node.value() as string
}

/** An integer; what is beyond the safe ones is beyond any length, too. */
function integer(node: Node, path: Path): number {
  expect(node, ['integer'], path)
  return Math.min(Math.max(Number(node.value()), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
}

function natural(node: Node, path: Path): number {
  const n = integer(node, path)
  if (n < 0) throw invalid(`got ${n}, expected 0 or more`, path)
  return n
}

function invalid(message: string, path: Path): SelectorError {
  return new SelectorError('SELECTOR_INVALID', `not a selector: ${message}`, path.join('/'))
}
