import type { Comparison } from '../comparison.js'
import { bitcoinFamily, zcashFamily } from '../families/chain.js'
import { bencodeFamily, gitFamily, joseFamily, rlpFamily } from '../families/content.js'
import type { Family } from '../families/family.js'
import { plainFamily } from '../families/plain.js'

const FAMILIES: readonly Family[] = [plainFamily, bencodeFamily, rlpFamily, gitFamily, joseFamily, bitcoinFamily, zcashFamily]

/** What this work needs of a host. */
interface Host {
  codecs(): readonly { readonly manifest: { readonly name: string } }[]
  codec(name: string): Promise<{ decode(bytes: Uint8Array): unknown }>
}

/**
 * Blocks of formats that are not IPLD's own, against the packages that people read them with: bytes to values. Also the names of the codecs that the host does not have.
 * @param wanted whether any row of this codec may be measured: rivals are loaded, and their data made, only then
 */
export async function families(host: Host, wanted: (codec: string) => boolean = () => true): Promise<{ comparisons: Comparison[]; absent: string[] }> {
  const known = new Set(host.codecs().map(({ manifest }) => manifest.name))
  const absent = FAMILIES.flatMap(({ codecs }) => codecs).filter((codec) => !known.has(codec))
  const comparisons: Comparison[] = []
  for (const { codecs, rivals } of FAMILIES) {
    if (!codecs.some((codec) => known.has(codec) && wanted(codec))) continue
    for (const { codec: name, case: row, ref, bytes, theirs, differs } of await rivals()) {
      if (!known.has(name)) continue
      const codec = await host.codec(name)
      comparisons.push({
        work: 'families',
        codec: name,
        case: row,
        group: undefined,
        bytes: bytes.length,
        ref,
        unit: '×',
        ours: () => codec.decode(bytes),
        theirs,
        differs
      })
    }
  }
  return { comparisons, absent }
}
