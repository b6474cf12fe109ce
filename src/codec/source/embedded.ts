/** The catalog that is shipped: a CAR inside the package, whose modules go the way of foreign ones. */
import { CID } from 'multiformats/cid'
import { HostError } from '../errors.js'
import type { Source } from './interface.js'

export interface Embedded extends Source {
  /** CID of the catalog */
  readonly catalog: CID
  /** all modules, by CID */
  readonly blocks: ReadonlyMap<string, Uint8Array>
}

let loaded: Promise<Embedded> | undefined

/** Loaded once, when it is first wanted, so that bundlers can keep it apart. */
export function embedded(): Promise<Embedded> {
  return (loaded ??= import('../embedded.generated.js').then(({ CATALOG, CAR }) => {
    const blocks = readBlocks(fromBase64(CAR))
    return { name: 'embedded', catalog: CID.parse(CATALOG), blocks, get: async cid => blocks.get(cid.toString()) }
  }))
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/** The blocks of a CAR v1 that the build has written. A whole CAR library would be three times the size of the host; `autocodec/dag` has one, for CARs from elsewhere. */
function readBlocks(car: Uint8Array): Map<string, Uint8Array> {
  const blocks = new Map<string, Uint8Array>()
  let at = 0
  let header = true
  while (at < car.length) {
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = car[at++]
      length |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    const end = at + length
    if (end > car.length) throw new HostError('CATALOG', 'the embedded CAR is damaged')
    if (!header) {
      const [cid, block] = CID.decodeFirst(car.subarray(at, end))
      blocks.set(cid.toString(), block)
    }
    header = false
    at = end
  }
  return blocks
}
