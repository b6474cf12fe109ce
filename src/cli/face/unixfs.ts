/** UnixFS: what files, directories and their parts are in dag-pb (specs.ipfs.tech/unixfs). */
import type { Node } from '../../ipld/index.js'
import { plain, shorten, size } from '../text.js'
import { type Draw, SHOWN } from './face.js'
import { byteCount, bytes, date, field, integer, link, rows, text } from './read.js'

const TYPES = ['raw data', 'directory', 'file', 'metadata', 'symlink', 'sharded directory']
const SYMLINK = 4

/** Fields of the Data message that are shown. */
interface Message {
  readonly type: number
  readonly data?: Uint8Array
  readonly fileSize?: bigint
  readonly mode?: number
  readonly seconds?: bigint
}

export const unixfs: Draw = ({ node }) => {
  const data = bytes(field(node, 'Data'))
  const links = field(node, 'Links')
  const message = data === undefined ? undefined : parse(data)
  if (message === undefined || links?.kind !== 'list') return undefined
  const { type, data: content, fileSize, mode, seconds } = message
  const list: string[][] = []
  for (const [, entry] of links.entries()) {
    if (list.length === SHOWN) break
    const tsize = integer(field(entry, 'Tsize'))
    list.push([tsize === undefined ? '' : size(Number(tsize)), text(field(entry, 'Name')) ?? '', link(field(entry, 'Hash')) ?? '?'])
  }
  return {
    title: `UnixFS ${TYPES[type] ?? `node of type ${type}`}`,
    rows: rows(
      ['file size', fileSize === undefined ? undefined : byteCount(fileSize)],
      ['target', type === SYMLINK && content !== undefined ? plain(shorten(new TextDecoder().decode(content), 200)) : undefined],
      ['here', content === undefined || type === SYMLINK ? undefined : byteCount(content.length)],
      ['mode', mode === undefined ? undefined : (mode & 0o7777).toString(8).padStart(4, '0')],
      ['modified', date(seconds)],
      ['links', links.length === 0 ? undefined : `${links.length}, ${byteCount(total(links))} below`]
    ),
    list,
    more: links.length - list.length
  }
}

function total(links: Node): bigint {
  let sum = 0n
  for (const [, entry] of links.entries()) sum += integer(field(entry, 'Tsize')) ?? 0n
  return sum
}

/** The Data message; undefined if the bytes are none. */
function parse(data: Uint8Array): Message | undefined {
  const found: { -readonly [K in keyof Message]?: Message[K] } = {}
  for (const { number, value } of fields(data)) {
    if (value === undefined) return undefined
    if (number === 1 && typeof value === 'bigint') found.type = Number(value)
    if (number === 2 && typeof value === 'object') found.data = value
    if (number === 3 && typeof value === 'bigint') found.fileSize = value
    if (number === 7 && typeof value === 'bigint') found.mode = Number(value & 0xffffffffn)
    if (number === 8 && typeof value === 'object') {
      for (const inner of fields(value)) if (inner.number === 1 && typeof inner.value === 'bigint') found.seconds = BigInt.asIntN(64, inner.value)
    }
  }
  return found.type === undefined ? undefined : { ...found, type: found.type }
}

/** The fields of a protobuf message. The last has no value if the message is damaged. */
function* fields(data: Uint8Array): Generator<{ number: number; value?: bigint | Uint8Array }> {
  let at = 0
  const varint = (): bigint | undefined => {
    let value = 0n
    for (let i = 0n; i < 10n; i++) {
      const byte = data[at++]
      if (byte === undefined) return undefined
      value |= BigInt(byte & 0x7f) << (7n * i)
      if (byte < 0x80) return value
    }
    return undefined
  }
  while (at < data.length) {
    const head = varint()
    const number = Number((head ?? 0n) >> 3n)
    const wire = head === undefined ? -1 : Number(head & 7n)
    if (wire === 0) yield { number, value: varint() }
    else if (wire === 2) {
      const length = varint()
      if (length === undefined || length > BigInt(data.length - at)) {
        yield { number }
        return
      }
      yield { number, value: data.subarray(at, at + Number(length)) }
      at += Number(length)
    } else if (wire === 5 || wire === 1) at += wire === 5 ? 4 : 8
    else {
      yield { number }
      return
    }
  }
}
