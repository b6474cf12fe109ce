/** Formats of content: bencode, RLP, Git and JOSE. */
import { RLP } from '@ethereumjs/rlp'
import bencode from 'bencode'
import * as dagJose from 'dag-jose'
import { util } from 'ipld-git'
import { CID } from 'multiformats/cid'
import { difference } from '../agree.js'
import { Random } from '../random.js'
import { counts, type Family, type Rival } from './family.js'

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** Strings of bencode are bytes for the package, and text for a data model where they are. */
function loosely(ours: unknown, theirs: unknown): string | undefined {
  const same = (a: unknown, b: unknown): boolean => {
    if (typeof a === 'string' && b instanceof Uint8Array) return a === text.decode(b)
    if (typeof a !== 'object' || a === null || a instanceof Uint8Array) return difference(a, b, true) === undefined
    const keys = Object.keys(a)
    return typeof b === 'object' && b !== null && keys.length === Object.keys(b).length && keys.every((key) => same((a as never)[key], (b as never)[key]))
  }
  return same(ours, theirs) ? undefined : 'the values are not the same'
}

export const bencodeFamily: Family = {
  codecs: ['bencode', 'torrent-file'],
  rivals: async () => {
    const r = new Random(11)
    const metainfo = {
      announce: 'http://tracker.example.org/announce',
      'announce-list': Array.from({ length: 8 }, () => [`http://${r.word()}.example.org/announce`]),
      comment: r.prose(80),
      'created by': 'bench',
      'creation date': 1_700_000_000,
      info: {
        files: Array.from({ length: 300 }, (_, i) => ({ length: r.int(1, 2 ** 30), path: [r.word(), r.word(), `${r.word()}-${i}.bin`] })),
        name: 'a torrent of 300 files',
        'piece length': 262_144,
        pieces: r.bytes(20 * 1500)
      }
    }
    const bytes = Uint8Array.from(bencode.encode(metainfo))
    const row = (codec: string): Rival => ({
      codec,
      case: 'torrent of 300 files',
      ref: 'bencode',
      bytes,
      theirs: () => bencode.decode(bytes),
      differs: loosely
    })
    return [row('bencode'), row('torrent-file')]
  }
}

export const rlpFamily: Family = {
  codecs: ['rlp'],
  rivals: async () => {
    const r = new Random(12)
    const transactions = Array.from({ length: 200 }, () => [
      r.bytes(2).map((byte) => byte | 1),
      r.bytes(5).map((byte) => byte | 1),
      r.bytes(3).map((byte) => byte | 1),
      r.bytes(20),
      r.bytes(8),
      r.bytes(r.pick([0, 4, 68, 300])),
      r.bytes(1),
      r.bytes(32),
      r.bytes(32)
    ])
    const bytes = Uint8Array.from(RLP.encode(transactions))
    return [
      { codec: 'rlp', case: '200 transactions', ref: '@ethereumjs/rlp', bytes, theirs: () => RLP.decode(bytes), differs: (a, b) => difference(a, b, true) }
    ]
  }
}

/** An object with git's header. */
function object(type: string, content: Uint8Array): Uint8Array {
  return Uint8Array.from([...utf8.encode(`${type} ${content.length}\0`), ...content])
}

const hash = (r: Random) => Array.from(r.bytes(20), (byte) => byte.toString(16).padStart(2, '0')).join('')

export const gitFamily: Family = {
  codecs: ['git-raw'],
  rivals: async () => {
    const r = new Random(13)
    const names = [...new Set(Array.from({ length: 300 }, () => `${r.word()}-${r.code(4)}.ts`))].sort()
    const tree = object('tree', Uint8Array.from(names.flatMap((name) => [...utf8.encode(`100644 ${name}\0`), ...r.bytes(20)])))
    const person = `${r.word()} ${r.word()} <${r.word()}@example.org> 1700000000 +0100`
    const commit = object(
      'commit',
      utf8.encode(`tree ${hash(r)}\nparent ${hash(r)}\nauthor ${person}\ncommitter ${person}\n\n${r.prose(50)}\n\n${r.prose(400)}\n`)
    )
    const size = (value: unknown) => Object.keys(value as object).length
    return [
      {
        codec: 'git-raw',
        case: 'tree of 300 entries',
        ref: 'ipld-git',
        bytes: tree,
        theirs: () => util.deserialize(tree),
        differs: (a, b) => counts('entries', size(a), size(b))
      },
      {
        codec: 'git-raw',
        case: 'commit',
        ref: 'ipld-git',
        bytes: commit,
        theirs: () => util.deserialize(commit),
        differs: (a, b) => {
          const [ours, theirs] = [a, b].map((value) => String((value as { message?: string }).message))
          return ours.trim() === theirs.trim() ? undefined : `messages: ours ${ours.slice(0, 40)}, theirs ${theirs.slice(0, 40)}`
        }
      }
    ]
  }
}

export const joseFamily: Family = {
  codecs: ['dag-jose'],
  rivals: async () => {
    const r = new Random(14)
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
    const sign = () => ({ protected: base64(utf8.encode(`{"alg":"EdDSA","kid":"did:key:${r.code(48)}"}`)), signature: base64(r.bytes(64)) })
    const make = (signatures: number) =>
      Uint8Array.from(dagJose.encode({ payload: base64(r.cid().bytes), signatures: Array.from({ length: signatures }, sign) }))
    return [1, 8].map((n): Rival => {
      const bytes = make(n)
      return {
        codec: 'dag-jose',
        case: `JWS of ${n} signature${n === 1 ? '' : 's'}`,
        ref: 'dag-jose',
        bytes,
        theirs: () => dagJose.decode(bytes as never),
        // the package's CID may be of another copy of multiformats
        differs: (a, b) => {
          const [ours, theirs] = [a, b].map((value) => value as { link?: unknown; signatures: readonly unknown[] })
          if (String(ours.link) !== String(theirs.link) && CID.asCID(ours.link) !== null) return `links: ours ${ours.link}, theirs ${theirs.link}`
          return difference(ours.signatures, theirs.signatures, true)
        }
      }
    })
  }
}
