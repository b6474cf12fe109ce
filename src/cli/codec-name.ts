/** How the user names a codec: by name, by number, by the CID of its module; or not at all, where the file's name says it. */
import { basename } from 'node:path'
import { CID } from 'multiformats/cid'
import type { Codec, CodecId, Host } from '../codec/index.js'
import { verifyBlock } from '../dag/index.js'
import { CliError, EXIT } from './exit.js'
import { nameOf, STDIN } from './input.js'
import { codeText, plain } from './text.js'

/** `dag-cbor`, `0x71`, `113` or a CID. */
export function parseCodec(text: string): CodecId {
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) {
    const code = Number(text)
    if (!Number.isSafeInteger(code)) throw new CliError('USAGE', EXIT.usage, `${plain(text)} is not a multicodec: they go up to 2^53 − 1`)
    return code
  }
  return parseCid(text) ?? text
}

export function parseCid(text: string): CID | undefined {
  try {
    return CID.parse(text)
  } catch {
    return undefined
  }
}

/** Extensions that files of a format usually have, where that is not the codec's name. */
const EXTENSIONS: Readonly<Record<string, string>> = { torrent: 'torrent-file', msgpack: 'messagepack' }

/** The codec of `--codec`, or the one that the file's name gives: as its extension, or as the CID that it is, which the bytes must then match. */
export async function codecFor(host: Host, file: string, bytes: Uint8Array, wanted: string | undefined): Promise<Codec> {
  if (wanted !== undefined) return host.codec(parseCodec(wanted))
  const name = basename(file)
  if (file !== STDIN) {
    const dot = name.lastIndexOf('.')
    const extension = EXTENSIONS[name.slice(dot + 1)] ?? name.slice(dot + 1)
    for (const known of host.codecs()) if (dot >= 0 && known.manifest.name === extension) return host.codec(known.cid)
    const cid = parseCid(name.split('.')[0])
    if (cid !== undefined) {
      const codec = await host.codec(cid.code)
      await verifyBlock(cid, bytes)
      return codec
    }
  }
  const names = [...host.codecs()].map(({ manifest }) => manifest.name).sort()
  throw new CliError(
    'NO_CODEC',
    EXIT.usage,
    `nothing says which codec ${nameOf(file)} is in: give --codec with a name, a number or a CID (here are ${names.join(', ')})`
  )
}

/** A codec by its name where it is known, else by its number. */
export function codecName(host: Host, code: number): string {
  for (const { manifest } of host.codecs()) if (manifest.code === code) return manifest.name
  return codeText(code)
}
