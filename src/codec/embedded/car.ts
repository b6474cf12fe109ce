/** The modules of the embedded catalog as they are: for those who look at them, or prepare them anew. */
import { CID } from 'multiformats/cid'
import { HostError } from '../errors.js'
import { CAR } from './catalog.generated.js'

/** By CID. */
export function blocksOf(fromBase64: (text: string) => Uint8Array): Map<string, Uint8Array> {
  return readBlocks(fromBase64(CAR))
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
