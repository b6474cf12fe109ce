/** Which face is for which codec. */
import { bitcoin } from './bitcoin.js'
import { eth } from './eth.js'
import type { Draw, Face, Thing } from './face.js'
import { git } from './git.js'
import { jose } from './jose.js'
import { module } from './module.js'
import { torrent } from './torrent.js'
import { unixfs } from './unixfs.js'

const FACES: readonly (readonly [codecs: RegExp, draw: Draw])[] = [
  [/^git-raw$/, git],
  [/^(torrent-(file|info)|bencode)$/, torrent],
  [/^(bitcoin|zcash)-/, bitcoin],
  [/^dag-jose$/, jose],
  [/^dag-pb$/, unixfs],
  [/^eth-/, eth],
  [/^raw$/, module]
]

/** The face of a thing; undefined if it has none, or is not what its codec's blocks usually are. Never throws: a face is a courtesy. */
export async function faceOf(thing: Thing): Promise<Face | undefined> {
  for (const [codecs, draw] of FACES) {
    if (!codecs.test(thing.codec)) continue
    try {
      return await draw(thing)
    } catch {
      return undefined
    }
  }
  return undefined
}
