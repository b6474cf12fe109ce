/** A value in part of a line, for people. */
import type { Node } from '../ipld/index.js'
import { hex, plain, quote, shorten } from './text.js'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The shape and start of a node in at most about `width` characters. It builds no more values than it shows. */
export function preview(node: Node, width: number): string {
  return shorten(draw(node, width, 0), width)
}

function draw(node: Node, room: number, depth: number): string {
  switch (node.kind) {
    case 'list':
      return depth > 0 || node.length === 0 ? `[${node.length === 0 ? '' : node.length}]` : parts(node, room, depth, '[', ']')
    case 'map':
      return depth > 0 ? (node.length === 0 ? '{}' : `{${node.length}}`) : parts(node, room, depth, '{', '}')
    default:
      return scalar(node, room)
  }
}

function parts(node: Node, room: number, depth: number, open: string, close: string): string {
  let text = open
  for (const [key, child] of node.entries()) {
    if (text.length > 1) text += ', '
    if (text.length >= room) return `${text}…`
    if (typeof key === 'string') text += `${keyText(key)}: `
    text += draw(child, Math.max(8, Math.min(40, room - text.length)), depth + 1)
  }
  return text + close
}

/** A key as it reads best: in quotes only where it could be mistaken. */
export function keyText(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? key : quote(key, 60)
}

/** A node that is neither list nor map. */
export function scalar(node: Node, room: number): string {
  switch (node.kind) {
    case 'string':
      return quote(node.value() as string, Math.max(3, room - 2))
    case 'bytes':
      return bytesText(node.value() as Uint8Array, room)
    case 'link':
      return `→ ${shortCid(String(node.value()))}`
    case 'float': {
      // 1.0 is not 1 in the data model
      const value = node.value() as number
      return Object.is(value, -0) ? '-0.0' : Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value)
    }
    default:
      return plain(String(node.value()))
  }
}

/** Bytes as the text that they are, or their start in hexadecimal. */
function bytesText(bytes: Uint8Array, room: number): string {
  const text = asText(bytes.subarray(0, 256), bytes.length > 256)
  if (text !== undefined) return quote(text + (bytes.length > 256 ? '…' : ''), Math.max(3, room - 2))
  const shown = Math.max(4, Math.min(16, (room - 12) >> 1))
  return bytes.length === 0 ? 'no bytes' : `0x${hex(bytes.subarray(0, shown))}${bytes.length > shown ? `… ${bytes.length} bytes` : ''}`
}

function asText(bytes: Uint8Array, cut: boolean): string | undefined {
  if (bytes.length === 0) return undefined
  // a character may be cut through at the end: it has at most four bytes
  for (let less = 0; less <= (cut ? 3 : 0); less++) {
    try {
      const text = decoder.decode(bytes.subarray(0, bytes.length - less))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what has them is no text
      return /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text) ? undefined : text
    } catch {}
  }
  return undefined
}

/** Enough of a CID to tell it from the others of one DAG. The start says version, codec and hash, so the end matters more. */
export function shortCid(cid: string): string {
  return cid.length > 20 ? `${cid.slice(0, 8)}…${cid.slice(-8)}` : cid
}
