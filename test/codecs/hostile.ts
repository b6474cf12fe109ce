/** Input made to cost as much as it can, as generators by size in bytes: many keys that hash alike, come in the wrong order or differ in their last byte alone; maps that nearly share
 * their keys; nesting; counts that promise more than comes; numbers without an end. */
import { RLP } from '@ethereumjs/rlp'
import { ascii, bytesOf } from './blocks.js'

type Make = (size: number) => Uint8Array
type Shapes = Readonly<Record<string, Make>>

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
/** A beginning, a piece over and over, an end. */
const over =
  (head: Uint8Array, piece: Uint8Array, tail: Uint8Array = new Uint8Array(0)): Make =>
  (size) =>
    join(
      head,
      new Uint8Array(Math.max(1, Math.floor((size - head.length - tail.length) / piece.length)) * piece.length).map((_, i) => piece[i % piece.length]),
      tail
    )
const text = (head: string, piece: string, tail = ''): Make => over(ascii(head), ascii(piece), ascii(tail))
const hex = (head: string, piece: string, tail = ''): Make => over(bytesOf(head), bytesOf(piece), bytesOf(tail))

/** A format as far as maps of small integers need it. */
interface Format {
  key(key: string): Uint8Array
  map(entries: readonly Uint8Array[]): Uint8Array
  list(items: readonly Uint8Array[]): Uint8Array
  readonly value: Uint8Array
  /** sorts keys, where strict demands an order */
  sort?(keys: string[]): string[]
}

/** Count or length of CBOR and MessagePack in 32 bits or as few as can be. */
function cborHead(major: number, n: number): Uint8Array {
  if (n < 24) return Uint8Array.of((major << 5) | n)
  if (n < 256) return Uint8Array.of((major << 5) | 24, n)
  if (n < 65536) return Uint8Array.of((major << 5) | 25, n >> 8, n)
  return Uint8Array.of((major << 5) | 26, n >> 24, n >> 16, n >> 8, n)
}
const packCount = (fix: number, first: number, n: number): Uint8Array =>
  n < 16 ? Uint8Array.of(fix | n) : n < 65536 ? Uint8Array.of(first, n >> 8, n) : Uint8Array.of(first + 1, n >> 24, n >> 16, n >> 8, n)
const packText = (n: number): Uint8Array => (n < 32 ? Uint8Array.of(0xa0 | n) : n < 256 ? Uint8Array.of(0xd9, n) : Uint8Array.of(0xda, n >> 8, n))
const between = (parts: readonly Uint8Array[], comma: string): Uint8Array[] => parts.flatMap((part, i) => (i === 0 ? [part] : [ascii(comma), part]))
const byBytes = (keys: string[]): string[] => keys.sort()
const byLength = (keys: string[]): string[] => keys.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))

const JSON_TEXT: Format = {
  key: (key) => ascii(`"${key}":`),
  map: (entries) => join(ascii('{'), ...between(entries, ','), ascii('}')),
  list: (items) => join(ascii('['), ...between(items, ','), ascii(']')),
  value: ascii('1')
}
const CBOR: Format = {
  key: (key) => join(cborHead(3, key.length), ascii(key)),
  map: (entries) => join(cborHead(5, entries.length), ...entries),
  list: (items) => join(cborHead(4, items.length), ...items),
  value: Uint8Array.of(1),
  sort: byLength
}
const PACK: Format = {
  key: (key) => join(packText(key.length), ascii(key)),
  map: (entries) => join(packCount(0x80, 0xde, entries.length), ...entries),
  list: (items) => join(packCount(0x90, 0xdc, items.length), ...items),
  value: Uint8Array.of(1)
}
const BENCODE: Format = {
  key: (key) => ascii(`${key.length}:${key}`),
  map: (entries) => join(ascii('d'), ...entries, ascii('e')),
  list: (items) => join(ascii('l'), ...items, ascii('e')),
  value: ascii('i1e'),
  sort: byBytes
}

/** Keys of eight characters that begin alike and end alike, in no order; a prime to the range visits each once. */
const alike = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `abcd${((((i + from) * 48271) % 99991) + 0x100000).toString(16).slice(1)}z`)
const root = (size: number): number => Math.max(2, Math.floor(Math.sqrt(size / 12)))

/** What maps can be made to cost. @param sorts whether keys of one map are to be in the format's order, so that strict decoding goes to the end */
function maps(format: Format): Shapes {
  const map = (keys: readonly string[]): Uint8Array => format.map(keys.map((key) => join(format.key(key), format.value)))
  const ordered = format.sort ?? ((keys: string[]) => keys)
  return {
    'keys that hash alike, in no order': (size) => map(alike(Math.floor(size / 12))),
    'keys that hash alike, in order': (size) => map(ordered(alike(Math.floor(size / 12)))),
    'long keys that differ in the end': (size) => {
      const n = Math.floor(Math.sqrt(size))
      return map(alike(n).map((key) => 'k'.repeat(n) + key))
    },
    'the last key twice': (size) => {
      const keys = alike(Math.floor(size / 12))
      return map([...keys, keys[keys.length - 1]])
    },
    'the first key twice': (size) => {
      const keys = alike(Math.floor(size / 12))
      return map([...keys, keys[0]])
    },
    'maps that share all keys': (size) => format.list(Array.from({ length: root(size) }, () => map(alike(root(size))))),
    'maps that share all keys but the last': (size) => {
      const n = root(size)
      return format.list(Array.from({ length: n }, (_, i) => map([...ordered(alike(n - 1)), `zzzzzzzz${1000 + i}`])))
    },
    'maps that share all keys but the last, in no order': (size) => {
      const n = root(size)
      return format.list(Array.from({ length: n }, (_, i) => map([...alike(n - 1), `abc${1000 + i}z`])))
    },
    'maps that share the first key alone': (size) => {
      const n = root(size)
      return format.list(Array.from({ length: n }, (_, i) => map(['a', ...ordered(alike(n - 1, i * n))])))
    },
    'one large map, and many small ones that begin like it': (size) =>
      format.list([map(['a', ...ordered(alike(size >> 5))]), ...Array.from({ length: size >> 4 }, () => map(['a', 'b']))]),
    'maps of one key each, all different': (size) => format.list(alike(Math.floor(size / 14)).map((key) => map([key]))),
    'maps of no keys': (size) => format.list(Array.from({ length: size >> 1 }, () => map([])))
  }
}

/** As many maps in each other as may be, over and over. */
const JSON_SHAPES: Shapes = {
  ...maps(JSON_TEXT),
  'lists without an end': text('', '['),
  'maps without an end': text('', '{"a":'),
  'lists 1,000 deep, over and over': text('[', `${'['.repeat(1000)}${']'.repeat(1000)},`, '1]'),
  digits: text('', '9'),
  'digits after a point': text('0.', '0', '1'),
  'digits of an exponent': text('1e', '0', '1'),
  'small numbers of many digits': text('[', '2.2250738585072011e-308,', '1]'),
  'floats between two others': text('[', '9007199254740993.5,1.00000000000000011102230246251565,', '1]'),
  spaces: text('', ' ', '1'),
  escapes: text('"', '\\u0000', '"'),
  surrogates: text('"', '\\ud83d\\ude00', '"'),
  'characters of three bytes': over(ascii('"'), bytesOf('e6b0b4'), ascii('"')),
  'keys of characters of three bytes': over(ascii('{"'), bytesOf('e6b0b4'), ascii('":1}')),
  'texts of two bytes': over(ascii('['), bytesOf('22c3a9222c'), ascii('1]')),
  commas: text('[', ',')
}

const CBOR_SHAPES: Shapes = {
  ...maps(CBOR),
  'lists without an end': hex('', '81'),
  'lists of indefinite length without an end': hex('', '9f'),
  'lists that promise 2^64 − 1': hex('', '9bffffffffffffffff'),
  'lists that promise 2^32 − 1': hex('', '9affffffff'),
  'maps that promise 2^32 − 1': hex('', 'baffffffff6161'),
  'text that promises 2^32 − 1': hex('', '7affffffff'),
  'chunks of nothing': hex('5f', '40', 'ff'),
  'texts of chunks': hex('9f', '7f616160ff', 'ff'),
  'chunks without an end': hex('', '7f6161'),
  'self-described, over and over': hex('', 'd9d9f7', '01'),
  bignums: hex('9f', 'c2480100000000000000', 'ff'),
  'bignums of zeros': (size) => join(bytesOf('c2'), cborHead(2, size), new Uint8Array(size)),
  'bignums of chunks': hex('c25f', '4100', 'ff'),
  'tags without an end': hex('', 'c1'),
  'maps of indefinite length': hex('9f', 'bf616101ff', 'ff'),
  halves: hex('9f', 'f90001', 'ff')
}

const PACK_SHAPES: Shapes = {
  ...maps(PACK),
  'lists without an end': hex('', '91'),
  'maps without an end': hex('', '81a161'),
  'lists that promise 2^32 − 1': hex('', 'ddffffffff'),
  'maps that promise 2^32 − 1': hex('', 'dfffffffffa161'),
  'text that promises 2^32 − 1': hex('', 'dbffffffff'),
  'integers of 64 bits': (size) =>
    join(bytesOf('dd'), bytesOf((size >> 3).toString(16).padStart(8, '0')), ...Array.from({ length: size >> 3 }, () => bytesOf('cfffffffffffffffff')))
}

const BENCODE_SHAPES: Shapes = {
  ...maps(BENCODE),
  'lists without an end': text('', 'l'),
  'dictionaries without an end': text('', 'd1:a'),
  'no bytes': text('l', '0:', 'e'),
  'lists of nothing': text('l', 'le', 'e'),
  'dictionaries of nothing': text('l', 'de', 'e'),
  'digits of a length': text('', '0', '1:a'),
  'digits of an integer': text('i', '9', 'e'),
  'one key that is no UTF-8': (size) => join(ascii(`d${size}:`), new Uint8Array(size).fill(0xff), ascii('i1ee')),
  'keys that are no UTF-8': (size) =>
    join(ascii('d'), ...Array.from({ length: size >> 3 }, (_, i) => join(ascii('4:'), Uint8Array.of(0xff, i >> 8, i, 0), ascii('0:'))), ascii('e')),
  'such keys in falling order': (size) =>
    join(ascii('d'), ...Array.from({ length: size >> 3 }, (_, i) => join(ascii('4:'), Uint8Array.of(0xff, ~i >> 8, ~i, 0), ascii('0:'))), ascii('e')),
  'text that is almost UTF-8': (size) =>
    join(
      ascii(`l${size}:`),
      new Uint8Array(size).fill(0xc3).map((byte, i) => (i & 1 && i < size - 1 ? 0xa9 : byte)),
      ascii('e')
    ),
  'short texts that are almost UTF-8': over(ascii('l'), join(ascii('4:'), bytesOf('c3a9c3a9'), ascii('3:'), bytesOf('c3a9c3')), ascii('e'))
}

// --- torrents --------------------------------------------------------------------------------------------------------------------------------------------

const info = (more: string): string => `d${more}4:name1:a12:piece lengthi16384e6:pieces0:e`
const TORRENT_SHAPES: Shapes = {
  files: (size) => ascii(info(`5:filesl${'d6:lengthi1e4:pathl1:aee'.repeat(Math.ceil(size / 24))}e`)),
  'files that differ in their keys': (size) =>
    ascii(info(`5:filesl${Array.from({ length: Math.ceil(size / 34) }, (_, i) => `d5:${10000 + i}0:6:lengthi1e4:pathl1:aee`).join('')}e`)),
  'parts of one path': (size) => ascii(info(`5:filesld6:lengthi1e4:pathl${'1:a'.repeat(Math.ceil(size / 3))}eee`)),
  'keys of one file': (size) =>
    ascii(
      info(
        `5:filesld${byBytes(alike(Math.ceil(size / 14)))
          .map((key) => `10:${key}0:`)
          .join('')}6:lengthi1e4:pathl1:aeee`
      )
    ),
  pieces: (size) => {
    const n = Math.ceil(size / 20) * 20
    return ascii(`d6:lengthi${n}e4:name1:a12:piece lengthi1e6:pieces${n}:${'p'.repeat(n)}e`)
  },
  'files of a tree': (size) => {
    const names = Array.from({ length: Math.ceil(size / 76) }, (_, i) => `5:${10000 + i}d0:d6:lengthi9e11:pieces root32:${'r'.repeat(32)}ee`)
    return ascii(`d9:file treed${names.join('')}e12:meta versioni2e4:name1:a12:piece lengthi16384ee`)
  },
  'a tree as deep as may be, over and over': (size) => {
    const one = (i: number): string => `5:${10000 + i}${'d1:a'.repeat(900)}0:${'e'.repeat(900)}`
    return ascii(`d9:file treed${Array.from({ length: Math.ceil(size / 4500) }, (_, i) => one(i)).join('')}e12:meta versioni2e4:name1:a12:piece lengthi16384ee`)
  }
}
const inFile = (shapes: Shapes): Shapes =>
  Object.fromEntries(Object.entries(shapes).map(([name, make]) => [name, (size: number) => join(ascii('d4:info'), make(size), ascii('e'))]))

// --- git -------------------------------------------------------------------------------------------------------------------------------------------------

const object = (type: string, content: Uint8Array): Uint8Array => join(ascii(`${type} ${content.length}\0`), content)
const HASH = '0123456789abcdef0123456789abcdef01234567'
const PERSON = 'A <a@b> 1 +0000'
const COMMIT = `tree ${HASH}\nauthor ${PERSON}\ncommitter ${PERSON}\n`
const commit =
  (piece: string, tail = ''): Make =>
  (size) =>
    object('commit', ascii(COMMIT + piece.repeat(Math.ceil(size / piece.length)) + tail))
const tree =
  (name: (i: number, n: number) => string, mode: (i: number) => string = () => '100644'): Make =>
  (size) => {
    const n = Math.ceil(size / 40)
    return object('tree', join(...Array.from({ length: n }, (_, i) => join(ascii(`${mode(i)} ${name(i, n)}\0`), new Uint8Array(20).fill(1)))))
  }
const MERGETAG = `mergetag object ${HASH}\n type commit\n tag v\n tagger ${PERSON}\n \n text\n`

const GIT_SHAPES: Shapes = {
  'names in order': tree((i) => `name${100000 + i}`),
  'names in falling order': tree((i) => `name${900000 - i}`),
  'names that are no UTF-8, in order': tree((i) => `\xff${100000 + i}\xff`),
  'names that are no UTF-8, in falling order': tree((i) => `\xff${900000 - i}\xff`),
  'a name that is twice, far apart': tree(
    (i, n) => (i === n - 1 ? 'a' : i === 0 ? 'a' : `a.${100000 + i}`),
    (i) => (i === 0 ? '100644' : '40000')
  ),
  'directories and files by turns': tree(
    (i) => `a${100000 + i}`,
    (i) => (i & 1 ? '40000' : '100644')
  ),
  'a long name': (size) => object('tree', join(ascii(`100644 ${'n'.repeat(size)}\0`), new Uint8Array(20))),
  parents: (size) => object('commit', ascii(`tree ${HASH}\n${`parent ${HASH}\n`.repeat(Math.ceil(size / 48))}author ${PERSON}\ncommitter ${PERSON}\n\nx`)),
  'headers of all kinds by turns': commit(`encoding x\ngpgsig y\nother z\n${MERGETAG}`, '\nx'),
  'other headers': commit('a b\n', '\nx'),
  'lines of one header': (size) => object('commit', ascii(`${COMMIT}other x\n${' x\n'.repeat(Math.ceil(size / 3))}\nx`)),
  'lines of one signature': (size) => object('commit', ascii(`${COMMIT}gpgsig x\n${' \n'.repeat(Math.ceil(size / 2))}\nx`)),
  mergetags: commit(MERGETAG, '\nx'),
  'a mergetag of many lines': (size) => object('commit', ascii(`${COMMIT}${MERGETAG}${' x\n'.repeat(Math.ceil(size / 3))}\nx`)),
  'a person of brackets': (size) => object('commit', ascii(`tree ${HASH}\nauthor ${'<> '.repeat(Math.ceil(size / 3))}\ncommitter ${PERSON}\n\nx`)),
  'a message that is no UTF-8': (size) => object('commit', join(ascii(`${COMMIT}\n`), new Uint8Array(size).fill(0xe6))),
  'a blob': (size) => object('blob', new Uint8Array(size)),
  'headers of a tag': (size) => object('tag', ascii(`object ${HASH}\ntype commit\ntag v\ntagger ${PERSON}\n${'a b\n'.repeat(size >> 2)}\nx`)),
  'digits of a size': text('blob ', '0')
}

// --- protobuf, CARs, coins -------------------------------------------------------------------------------------------------------------------------------

const CAR_HEAD = '11a265726f6f7473806776657273696f6e01'
const CID = '0155120401020304'

const PROTOBUF_SHAPES: Shapes = {
  'integers of nothing': hex('', '0800'),
  'bytes of nothing': hex('', '0a00'),
  'groups without an end': hex('', '0b'),
  'groups of nothing': hex('', '0b0c'),
  'groups 500 deep, over and over': hex('', `${'0b'.repeat(500)}${'0c'.repeat(500)}`),
  'a varint without an end': hex('08', '80'),
  'varints of ten bytes': hex('', '08ffffffffffffffffff01')
}

const KEY_SHAPES: Shapes = {
  data: (size) => join(bytesOf('080012'), varint(size), new Uint8Array(size)),
  'types over and over': hex('', '0800'),
  'a varint without an end': hex('08', '80')
}

const varint = (n: number): Uint8Array => (n < 128 ? Uint8Array.of(n) : join(Uint8Array.of(0x80 | n), varint(n >> 7)))

const CAR_SHAPES: Shapes = {
  'sections of a CID alone': hex(CAR_HEAD, `08${CID}`),
  'sections of nothing': hex(CAR_HEAD, '00'),
  'sections of a byte': hex(CAR_HEAD, `09${CID}07`),
  roots: (size) => {
    const roots = join(
      bytesOf('a265726f6f7473'),
      cborHead(4, size >> 4),
      ...Array.from({ length: size >> 4 }, () => bytesOf(`d82a4900${CID}`)),
      bytesOf('6776657273696f6e01')
    )
    return join(varint(roots.length), roots)
  },
  'roots that promise 2^32 − 1': hex('ffffffff0fa265726f6f74739affffffff', `d82a4900${CID}`)
}

const input = `${'11'.repeat(32)}00000000${'00'}ffffffff`
const output = '000000000000000000'
const compact = (n: number): Uint8Array =>
  n < 253 ? Uint8Array.of(n) : n < 65536 ? Uint8Array.of(253, n, n >> 8) : Uint8Array.of(254, n, n >> 8, n >> 16, n >> 24)
const counted = (piece: string, bytes: number, size: number): Uint8Array => {
  const n = Math.ceil(size / bytes)
  return join(compact(n), over(new Uint8Array(0), bytesOf(piece))(n * bytes))
}
/** Transactions that are the same to Bitcoin and, of version 1, to Zcash. */
const COINS: Shapes = {
  inputs: (size) => join(bytesOf('01000000'), counted(input, 41, size), bytesOf('0000000000')),
  outputs: (size) => join(bytesOf(`0100000001${input}`), counted(output, 9, size), bytesOf('00000000')),
  'inputs that are not there': hex('01000000feffffff01', input),
  'outputs that are not there': hex(`0100000001${input}feffffff01`, output)
}
const WITNESSES: Shapes = {
  'witnesses of nothing': (size) => join(bytesOf(`0100000000010${'1'}${input}00`), counted('00', 1, size), bytesOf('00000000')),
  'witnesses that are not there': hex(`01000000000101${input}00feffffff01`, '00'),
  'inputs without witnesses': (size) =>
    join(bytesOf('010000000001'), counted(input, 41, size), bytesOf('00'), new Uint8Array(Math.ceil(size / 41)), bytesOf('00000000')),
  'a coinbase of commitments': (size) =>
    join(
      bytesOf(`0100000001${'00'.repeat(32)}ffffffff00ffffffff`),
      counted(`000000000000000026${'6a24aa21a9ed'}${'22'.repeat(32)}`, 47, size),
      bytesOf('00000000')
    )
}
/** Whole blocks, whose root is not that of their transactions: strict finds that out in the end. */
const blocks = (header: string, inputs = input): Shapes => ({
  'transactions of one input': (size) => join(bytesOf(header), counted(`0100000001${inputs}0000000000`, 51, size)),
  'transactions of nothing': (size) => join(bytesOf(header), counted('01000000000000000000', 10, size)),
  'transactions that are not there': hex(`${header}feffffff01`, '01000000000000000000'),
  ...Object.fromEntries(Object.entries(COINS).map(([name, make]) => [`one transaction, ${name}`, (size: number) => join(bytesOf(`${header}01`), make(size))]))
})
const ZCASH_V5 = '050000800a27a726f04dec4d00000000000000000000'
const ZCASH_HEADER = `04000000${'00'.repeat(136)}00`
const ZCASH: Shapes = {
  ...COINS,
  'version 5, spends that are not there': hex(`${ZCASH_V5.slice(0, 40)}0000feffffff01`, '11'),
  'version 5, outputs that are not there': hex(`${ZCASH_V5.slice(0, 40)}000000feffffff01`, '11'),
  'version 5, actions that are not there': hex(`${ZCASH_V5.slice(0, 40)}00000000feffffff01`, '11'),
  'version 2, joinsplits that are not there': hex('02000000000000000000feffffff01', '11')
}

// --- RLP and Ethereum ------------------------------------------------------------------------------------------------------------------------------------

const none = new Uint8Array(0)
const filled = (n: number): Uint8Array => new Uint8Array(n).fill(7)
const many = <T>(size: number, each: number, item: T): T[] => Array.from({ length: Math.ceil(size / each) }, () => item)
const log = [filled(20), [], none]
const receipt = (logs: unknown[]): Uint8Array => RLP.encode([1, 1, filled(256), logs] as Parameters<typeof RLP.encode>[0])
const transaction = (accessList: unknown[]): Uint8Array =>
  join(Uint8Array.of(1), RLP.encode([1, 1, 1, 1, filled(20), 1, none, accessList, 1, 1, 1] as Parameters<typeof RLP.encode>[0]))
const leaf = (value: Uint8Array): Uint8Array => RLP.encode([Uint8Array.of(0x20), value])

const RECEIPTS: Shapes = {
  logs: (size) => receipt(many(size, 24, log)),
  topics: (size) => receipt([[filled(20), many(size, 33, filled(32)), none]])
}
const TRANSACTIONS: Shapes = {
  addresses: (size) => transaction(many(size, 23, [filled(20), []])),
  'keys of an address': (size) => transaction([[filled(20), many(size, 33, filled(32))]])
}
const inLeaf = (shapes: Shapes): Shapes =>
  Object.fromEntries(Object.entries(shapes).map(([name, make]) => [`a leaf, ${name}`, (size: number) => leaf(make(size))]))
const TRIE: Shapes = {
  'a long path': (size) => RLP.encode([join(Uint8Array.of(0x20), filled(size)), none]),
  'branches in branches': (size) => {
    let node = RLP.encode([Uint8Array.of(0x20), none])
    while (node.length < size) node = join(bytesOf('f9'), Uint8Array.of((node.length + 16) >> 8, node.length + 16), node, new Uint8Array(16).fill(0x80))
    return node
  },
  'lists without an end': hex('', 'c1')
}
const RLP_SHAPES: Shapes = {
  'lists of nothing': (size) => RLP.encode(many(size, 1, [])),
  'bytes of nothing': (size) => RLP.encode(many(size, 1, none)),
  'lists without an end': hex('', 'c1'),
  'lists that promise 2^64 − 1': hex('', 'ffffffffffffffffff'),
  'lists in each other that end together': (size) => {
    let list: Uint8Array = Uint8Array.of(0xc0)
    for (let i = 0; i < 1000; i++) list = wrapped(list)
    return wrapped(join(...many(size, list.length, list)))
  }
}
function wrapped(content: Uint8Array): Uint8Array {
  const n = content.length
  if (n < 56) return join(Uint8Array.of(0xc0 + n), content)
  return join(n < 256 ? Uint8Array.of(0xf8, n) : n < 65536 ? Uint8Array.of(0xf9, n >> 8, n) : Uint8Array.of(0xfa, n >> 16, n >> 8, n), content)
}

const JWS: Shapes = {
  signatures: (size) =>
    join(
      bytesOf('a2677061796c6f6164480155120401020304'),
      bytesOf('6a7369676e617475726573'),
      cborHead(4, size >> 4),
      ...many(size >> 4, 1, bytesOf('a1697369676e61747572654101'))
    ),
  'signatures that promise 2^32 − 1': hex('a2677061796c6f61644801551204010203046a7369676e6174757265739affffffff', 'a1697369676e61747572654101'),
  'a long signature': (size) =>
    join(bytesOf('a2677061796c6f61644801551204010203046a7369676e61747572657381a1697369676e6174757265'), cborHead(2, size), filled(size)),
  recipients: (size) => join(bytesOf('a26a636970686572746578744101'), bytesOf('6a726563697069656e7473'), cborHead(4, size), ...many(size, 1, bytesOf('a0'))),
  ...Object.fromEntries(
    Object.entries(maps(CBOR)).map(([name, make]) => [
      `in a header, ${name}`,
      (size: number) => join(bytesOf('a26a636970686572746578744101'), bytesOf('6b756e70726f746563746564'), bytesOf('a16161'), make(size))
    ])
  ),
  'header maps without an end': hex('a26a6369706865727465787441016b756e70726f746563746564', 'a16161')
}

/** By codec. */
export const hostile: Readonly<Record<string, Shapes>> = {
  json: JSON_SHAPES,
  'json-jcs': JSON_SHAPES,
  cbor: CBOR_SHAPES,
  messagepack: PACK_SHAPES,
  'dag-jose': JWS,
  'git-raw': GIT_SHAPES,
  bencode: BENCODE_SHAPES,
  'torrent-info': TORRENT_SHAPES,
  'torrent-file': inFile(TORRENT_SHAPES),
  protobuf: PROTOBUF_SHAPES,
  'libp2p-key': KEY_SHAPES,
  'blake3-hashseq': { hashes: hex('', '11'.repeat(32)), zeros: hex('', '00'.repeat(32)) },
  car: CAR_SHAPES,
  'bitcoin-block': blocks('00'.repeat(80)),
  'bitcoin-tx': { ...COINS, ...WITNESSES },
  'bitcoin-witness-commitment': { zeros: hex('', '00') },
  'zcash-block': blocks(ZCASH_HEADER),
  'zcash-tx': ZCASH,
  rlp: RLP_SHAPES,
  'eth-block': RLP_SHAPES,
  'eth-block-list': RLP_SHAPES,
  'eth-tx': { ...TRANSACTIONS, ...RLP_SHAPES },
  'eth-tx-receipt': { ...RECEIPTS, ...RLP_SHAPES },
  'eth-receipt-log': { topics: (size) => RLP.encode([filled(20), many(size, 33, filled(32)), none]), ...RLP_SHAPES },
  'eth-account-snapshot': RLP_SHAPES,
  'eth-tx-trie': { ...inLeaf(TRANSACTIONS), ...TRIE },
  'eth-tx-receipt-trie': { ...inLeaf(RECEIPTS), ...TRIE },
  'eth-state-trie': TRIE,
  'eth-storage-trie': TRIE,
  'eth-receipt-log-trie': TRIE
}
