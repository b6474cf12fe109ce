/** The lazy view of a decoded block: it finds its way on the tape, checks what it comes by, and builds only what is asked for. */
import { Builder } from './build.js'
import { after, eachChild, linksOf } from './check.js'
import type { CID } from './cid.js'
import { IpldError, invalidTape, notUtf8 } from './errors.js'
import { INPUT, KIND, KINDS, MAP, type NodeKind, SOURCE, STRING, TEXT, WIDE, WORD } from './layout.js'
import type { Tape, TapeHolder } from './tape.js'
import { utf8Text } from './text.js'

const builder = new Builder()
const encoder = new TextEncoder()

/**
 * A node of the IPLD data model. Any of its methods throws INVALID_TAPE where it comes by what no codec may write.
 *
 * @example
 * ```ts
 * import { createHost } from 'autocodec'
 * const host = await createHost()
 * const codec = await host.codec('dag-cbor')
 * const node = codec.node(codec.encode({ posts: [{ title: 'one' }, { title: 'two' }] }))
 * if (node.path('posts/1/title').value() !== 'two') throw new Error('not found')
 * ```
 */
export class Node {
  readonly #holder: TapeHolder
  /** words from the start of the tape to the node's record */
  readonly #at: number

  /** @throws IpldError INVALID_TAPE if no node is there */
  constructor(holder: TapeHolder, at = 0) {
    const { tape } = holder
    this.#holder = holder
    this.#at = at
    const end = after(tape, tape.start + at, tape.end)
    if (at === 0 && end !== tape.end) throw invalidTape(tape.indexOf(end), 'after the end of the root')
  }

  get kind(): NodeKind {
    const { words, start } = this.#holder.tape
    return KINDS[words[start + this.#at] & KIND] as NodeKind
  }

  /** Items of a list, entries of a map, bytes of a string (in UTF-8), of bytes or of a link; 0 for other kinds. */
  get length(): number {
    const { words, start } = this.#holder.tape
    const w = start + this.#at
    return (words[w] & KIND) >= STRING ? words[w + 1] >>> 0 : 0
  }

  /** The item at an index, or the value at a key. Undefined if there is none, or if this is neither a list nor a map. */
  get(key: string | number): Node | undefined {
    const { tape } = this.#holder
    const node = tape.start + this.#at
    let wanted: (at: number) => boolean
    if ((tape.words[node] & KIND) === MAP) {
      const bytes = encoder.encode(String(key))
      wanted = (at) => isKey(tape, at, bytes)
    } else {
      const index = typeof key === 'number' ? key : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1
      if (!(index < tape.words[node + 1] >>> 0)) return undefined
      wanted = (at) => at === index
    }
    let found: Node | undefined
    eachChild(tape, node, (at, w) => wanted(at) && (found = this.#child(tape, w)) !== undefined)
    return found
  }

  /**
   * The node at a path of keys and indices, as 'a/0/b'; leading and doubled slashes count for nothing. Use `get` for a key with a slash.
   * @throws IpldError NOT_FOUND with the segment that is not there, and what is
   */
  path(path: string): Node {
    let node: Node = this
    const done: string[] = []
    for (const segment of path.split('/')) {
      if (segment === '') continue
      const next = node.get(segment)
      if (next === undefined) {
        const { kind, length } = node
        const size = kind === 'list' || kind === 'map' ? ` of ${length}` : ''
        throw new IpldError(
          'NOT_FOUND',
          `no "${segment}" in ${done.length === 0 ? 'the root' : `"${done.join('/')}"`}, which is ${kind === 'integer' ? 'an' : 'a'} ${kind}${size}`
        )
      }
      done.push(segment)
      node = next
    }
    return node
  }

  /** Keys and values of a map, indices and items of a list, in the order of the block; nothing for other kinds. */
  *entries(): Generator<[string | number, Node]> {
    const { tape } = this.#holder
    const node = tape.start + this.#at
    const map = (tape.words[node] & KIND) === MAP
    // all at once, since the tape may be another before the next entry is asked for
    const entries: [string | number, Node][] = []
    eachChild(tape, node, (at, w) => {
      entries.push([map ? stringAt(tape, at) : at, this.#child(tape, w)])
    })
    yield* entries
  }

  /** The CIDs in this node and below, in the order of the block. */
  links(): CID[] {
    const { tape } = this.#holder
    const w = tape.start + this.#at
    return linksOf(tape, w, after(tape, w, tape.end))
  }

  /** The node as a JavaScript value, as `decode` gives it. */
  value(): unknown {
    const { tape } = this.#holder
    const w = tape.start + this.#at
    return builder.build(tape, w, after(tape, w, tape.end))
  }

  #child(tape: Tape, w: number): Node {
    return new Node(this.#holder, w - tape.start)
  }
}

function isKey(tape: Tape, w: number, key: Uint8Array): boolean {
  if (tape.words[w + 1] !== key.length) return false
  const { bytes, at } = place(tape, w)
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false
  return true
}

/** Where a string's UTF-8 stands. */
function place({ words, input, memory, text, data }: Tape, w: number): { bytes: Uint8Array; at: number } {
  const offset = (words[w + 2] >>> 0) + (words[w] & WIDE ? 0 : (words[w + 3] >>> 0) * WORD)
  const source = words[w] & SOURCE
  return source === INPUT ? { bytes: input, at: offset } : { bytes: memory, at: (source === TEXT ? text : data) + offset }
}

function stringAt(tape: Tape, w: number): string {
  if ((tape.words[w] & (SOURCE | WIDE)) === TEXT) return tape.ascii.substring(tape.words[w + 2], tape.words[w + 2] + tape.words[w + 1])
  const { bytes, at } = place(tape, w)
  const text = utf8Text(bytes, at, tape.words[w + 1] >>> 0)
  if (text === undefined) throw notUtf8(tape, w)
  return text
}
