/** The fields of blocks and transactions, by the names that Bitcoin's own interface (RPC getblock) has for them. */
export const NAMES = 'version parent tx time bits nonce transactions vin vout witness locktime witnessCommitment scriptSig sequence value scriptPubKey '

export const enum Field {
  VERSION,
  PARENT,
  TX,
  TIME,
  BITS,
  NONCE,
  TRANSACTIONS,
  VIN,
  VOUT,
  WITNESS,
  LOCKTIME,
  WITNESS_COMMITMENT,
  SCRIPT_SIG,
  SEQUENCE,
  VALUE,
  SCRIPT_PUB_KEY
}

/** Kinds of maps, for record/fields. */
export const enum Map { BLOCK, TRANSACTION, INPUT, OUTPUT }
