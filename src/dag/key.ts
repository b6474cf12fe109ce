/** What CIDs are compared by. */
import type { CID } from 'multiformats/cid'

/** What a walk compares CIDs by: the version makes no difference, the codec does. */
export function keyOf(cid: CID): string {
  return `${cid.code}/${digestKey(cid)}`
}

/** What a store of blocks compares CIDs by: the same bytes may be linked as several codecs. */
export function digestKey(cid: CID): string {
  const { bytes } = cid.multihash
  if (bytes.length <= MAX_ARGUMENTS) return String.fromCharCode.apply(null, bytes as unknown as number[])
  // an identity CID may have a whole block in it
  let key = ''
  for (let at = 0; at < bytes.length; at += MAX_ARGUMENTS) key += String.fromCharCode.apply(null, bytes.subarray(at, at + MAX_ARGUMENTS) as unknown as number[])
  return key
}

/** Of one call: engines have room for some ten thousand. */
const MAX_ARGUMENTS = 4096
