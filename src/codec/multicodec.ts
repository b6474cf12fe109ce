/**
 * Names of multicodecs: the rows of the multicodec table (github.com/multiformats/multicodec, table.csv) that say how a block is encoded, those tagged ipld and serialization, and
 * what else stands in CIDs. Loaded on demand: only messages need it, and who asks for a codec by a name that nothing here has.
 */
const TABLE = `
50 protobuf 51 cbor 55 raw 60 rlp 63 bencode 70 dag-pb 71 dag-cbor 72 libp2p-key 78 git-raw 7b torrent-info 7c torrent-file
81 leofcoin-block 82 leofcoin-tx 83 leofcoin-pr 85 dag-jose 86 dag-cose
90 eth-block 91 eth-block-list 92 eth-tx-trie 93 eth-tx 94 eth-tx-receipt-trie 95 eth-tx-receipt 96 eth-state-trie 97 eth-account-snapshot
98 eth-storage-trie 99 eth-receipt-log-trie 9a eth-receipt-log
b0 bitcoin-block b1 bitcoin-tx b2 bitcoin-witness-commitment c0 zcash-block c1 zcash-tx ce streamid d0 stellar-block d1 stellar-tx
e0 decred-block e1 decred-tx f0 dash-block f1 dash-tx fa swarm-manifest fb swarm-feed fc beeson
129 dag-json 1f0 swhid-1-snp 200 json 201 messagepack 202 car 300 ipns-record 400 car-index-sorted 401 car-multihash-index-sorted
b403 rdfc-1 b501 ssz b601 json-jcs f101 fil-commitment-unsealed f102 fil-commitment-sealed`

const NAMES: ReadonlyMap<number, string> = new Map(
  TABLE.trim()
    .split(/\s+(?=[0-9a-f]+ )/)
    .map((row): [number, string] => {
      const [code, name] = row.split(' ')
      return [Number.parseInt(code, 16), name]
    })
)
const CODES: ReadonlyMap<string, number> = new Map([...NAMES].map(([code, name]) => [name, code]))

/** The name that the table gives a multicodec, if it has it. */
export function multicodecName(code: number): string | undefined {
  return NAMES.get(code)
}

/** The multicodec of a name in the table. */
export function multicodecOf(name: string): number | undefined {
  return CODES.get(name)
}

/** For messages: `0x90 (eth-block)`. */
export function multicodecText(code: number): string {
  const name = NAMES.get(code)
  return `0x${code.toString(16)}${name === undefined ? '' : ` (${name})`}`
}
