/** Signed and encrypted objects: the general form of JWS and JWE (ipld.io/specs/codecs/dag-jose). */
import type { Node } from '../../ipld/index.js'
import { plain, shorten } from '../text.js'
import { type Draw, SHOWN } from './face.js'
import { binary, byteCount, cidOf, field, link, rows } from './read.js'

/** Longest header that is looked into. */
const HEADER = 16_384

export const jose: Draw = ({ node }) => {
  const signatures = field(node, 'signatures')
  if (signatures?.kind === 'list') {
    const payload = binary(field(node, 'payload'))
    const target = link(field(node, 'link')) ?? cidOf(payload)
    return {
      title: 'JWS, a signed object',
      rows: rows(
        ['payload', target === undefined ? (payload === undefined ? undefined : byteCount(payload.length)) : `→ ${target}`],
        ['signatures', `${signatures.length}, not checked here`]
      ),
      ...listOf(signatures, (entry) => {
        const length = binary(field(entry, 'signature'))?.length
        return [header(entry, 'alg') ?? '?', header(entry, 'kid') ?? '', length === undefined ? '' : byteCount(length)]
      })
    }
  }
  const ciphertext = binary(field(node, 'ciphertext'))
  if (ciphertext === undefined) return undefined
  const recipients = field(node, 'recipients')
  return {
    title: 'JWE, an encrypted object',
    rows: rows(
      ['ciphertext', byteCount(ciphertext.length)],
      ['encryption', header(node, 'enc')],
      ['algorithm', header(node, 'alg')],
      ['recipients', recipients?.kind === 'list' ? String(recipients.length) : undefined]
    ),
    ...(recipients?.kind === 'list' ? listOf(recipients, (entry) => [header(entry, 'alg') ?? '?', header(entry, 'kid') ?? '']) : {})
  }
}

function listOf(node: Node, row: (entry: Node) => string[]): { list: string[][]; more: number } {
  const list: string[][] = []
  for (const [, entry] of node.entries()) {
    if (list.length === SHOWN) break
    list.push(row(entry))
  }
  return { list, more: node.length - list.length }
}

/** A member of the protected header, which is JSON in bytes, or of one that is not protected. */
function header(node: Node, name: string): string | undefined {
  const text = binary(field(node, 'protected'))
  let value: unknown
  if (text !== undefined && text.length <= HEADER) {
    try {
      const json: unknown = JSON.parse(new TextDecoder().decode(text))
      if (typeof json === 'object' && json !== null && Object.hasOwn(json, name)) value = (json as Record<string, unknown>)[name]
    } catch {
      // a header that is none says nothing
    }
  }
  const other = field(field(node, 'header', 'unprotected'), name)
  if (value === undefined && other?.kind === 'string') value = other.value()
  return typeof value === 'string' ? plain(shorten(value, 100)) : undefined
}
