/** What CIDs are compared by. */
import type { CID } from 'multiformats/cid'

/** What a walk compares CIDs by: the version makes no difference, the codec does. */
export function keyOf(cid: CID): string {
  return `${cid.code}/${digestKey(cid)}`
}

/** What a store of blocks compares CIDs by: the same bytes may be linked as several codecs. */
export function digestKey(cid: CID): string {
  return String.fromCharCode.apply(null, cid.multihash.bytes as unknown as number[])
}
