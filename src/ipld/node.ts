/** The lazy view of a decoded block: it finds its way on the tape and builds only what is asked for. */
import { Builder } from './build.js'
import { linksOf } from './check.js'
import type { CID } from './cid.js'
import { IpldError, notUtf8 } from './errors.js'
import { EXTRA, INPUT, KIND, KINDS, LIST, MAP, type NodeKind, RECORD, SOURCE, STRING, TEXT, WIDE, WORD } from './layout.js'
import type { Tape } from './tape.js'
import { utf8Text } from './text.js'

const builder = new Builder()
const encoder = new TextEncoder()

/**
 * A node of the IPLD data model.
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
  readonly #tape: Tape
  readonly #word: number

  /** @param tape checked, and not written to any more @param word the record's word index */
  constructor(tape: Tape, word: number = tape.start) {
    this.#tape = tape
    this.#word = word
  }

  get kind(): NodeKind {
    return KINDS[this.#tape.words[this.#word] & KIND] as NodeKind
  }

  /** Items of a list, entries of a map, bytes of a string (in UTF-8), of bytes or of a link; 0 for other kinds. */
  get length(): number {
    const kind = this.#tape.words[this.#word] & KIND
    return kind >= STRING ? this.#tape.words[this.#word + 1] >>> 0 : 0
  }

  /** The item at an index, or the value at a key. Undefined if there is none, or if this is neither a list nor a map. */
  get(key: string | number): Node | undefined {
    const { words } = this.#tape
    const kind = words[this.#word] & KIND
    if (kind === MAP) return this.#entry(String(key))
    if (kind !== LIST) return undefined
    const index = typeof key === 'number' ? key : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1
    if (!Number.isInteger(index) || index < 0 || index >= words[this.#word + 1] >>> 0) return undefined
    let w = this.#word + RECORD
    for (let i = 0; i < index; i++) w = after(this.#tape, w)
    return new Node(this.#tape, w)
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
        const where = done.length === 0 ? 'the root' : `"${done.join('/')}"`
        throw new IpldError(
          'NOT_FOUND',
          `no "${segment}" in ${where}, which is ${node.kind === 'integer' ? 'an' : 'a'} ${node.kind}${node.kind === 'list' || node.kind === 'map' ? ` of ${node.length}` : ''}`
        )
      }
      done.push(segment)
      node = next
    }
    return node
  }

  /** Keys and values of a map, indices and items of a list, in the order of the block; nothing for other kinds. */
  *entries(): Generator<[string | number, Node]> {
    const tape = this.#tape
    const kind = tape.words[this.#word] & KIND
    if (kind === LIST) {
      const count = tape.words[this.#word + 1] >>> 0
      for (let i = 0, w = this.#word + RECORD; i < count; i++, w = after(tape, w)) yield [i, new Node(tape, w)]
    } else if (kind === MAP) {
      for (const { key, value } of mapEntries(tape, this.#word)) yield [stringAt(tape, key), new Node(tape, value)]
    }
  }

  /** The CIDs in this node and below, in the order of the block. */
  links(): CID[] {
    return linksOf(this.#tape, this.#word, after(this.#tape, this.#word))
  }

  /** The node as a JavaScript value, as `decode` gives it. */
  value(): unknown {
    return builder.build(this.#tape, this.#word, after(this.#tape, this.#word))
  }

  #entry(key: string): Node | undefined {
    const tape = this.#tape
    const { words, memory } = tape
    const wanted = encoder.encode(key)
    next: for (const { key: w, value } of mapEntries(tape, this.#word)) {
      if (words[w + 1] !== wanted.length) continue
      const { bytes, at } = place(tape, w, memory)
      for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) continue next
      return new Node(tape, value)
    }
    return undefined
  }
}

function after(tape: Tape, w: number): number {
  return (tape.words[w] & KIND) < LIST ? w + RECORD : tape.start + (tape.words[w + 2] >>> 0) * RECORD
}

/** The words of each entry's key and value. */
function* mapEntries(tape: Tape, map: number): Generator<{ key: number; value: number }> {
  const { words, start } = tape
  const count = words[map + 1] >>> 0
  const shared = words[map] >>> EXTRA
  let w = map + RECORD
  let other = start + (words[map + 3] >>> 0) * RECORD + RECORD
  for (let i = 0; i < count; i++) {
    if (i < shared) {
      yield { key: other, value: w }
      other = after(tape, other + RECORD)
      w = after(tape, w)
    } else {
      yield { key: w, value: w + RECORD }
      w = after(tape, w + RECORD)
    }
  }
}

/** Where a string's UTF-8 stands. */
function place(tape: Tape, w: number, memory: Uint8Array): { bytes: Uint8Array; at: number } {
  const { words } = tape
  const offset = (words[w + 2] >>> 0) + (words[w] & WIDE ? 0 : (words[w + 3] >>> 0) * WORD)
  const source = words[w] & SOURCE
  return source === INPUT ? { bytes: tape.input, at: offset } : { bytes: memory, at: (source === TEXT ? tape.text : tape.data) + offset }
}

function stringAt(tape: Tape, w: number): string {
  if ((tape.words[w] & (SOURCE | WIDE)) === TEXT) return tape.ascii.substring(tape.words[w + 2], tape.words[w + 2] + tape.words[w + 1])
  const { bytes, at } = place(tape, w, tape.memory)
  const text = utf8Text(bytes, at, tape.words[w + 1] >>> 0)
  if (text === undefined) throw notUtf8(tape, w)
  return text
}
