/**
 * The fields of Zcash's blocks and transactions (protocol specification, 7.1 and 7.6): the first are Bitcoin's, in the same places; those that Bitcoin does not have are called as in
 * the specification, without its `n` and `hash` before numbers and hashes.
 */
export const NAMES =
  'version parent tx time bits nonce transactions vin vout witness locktime witnessCommitment scriptSig sequence value scriptPubKey blockCommitments solution versionGroupId consensusBranchId expiryHeight vSpendsSapling vOutputsSapling valueBalanceSapling bindingSigSapling vJoinSplit joinSplitPubKey joinSplitSig vActionsOrchard flagsOrchard valueBalanceOrchard anchorOrchard proofsOrchard bindingSigOrchard cv anchor nullifier rk zkproof spendAuthSig cmu cmx ephemeralKey encCiphertext outCiphertext vpub_old vpub_new nullifiers commitments randomSeed vmacs encCiphertexts '

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
  LOCKTIME = 10,
  BLOCK_COMMITMENTS = 16,
  SOLUTION,
  VERSION_GROUP_ID,
  CONSENSUS_BRANCH_ID,
  EXPIRY_HEIGHT,
  V_SPENDS_SAPLING,
  V_OUTPUTS_SAPLING,
  VALUE_BALANCE_SAPLING,
  BINDING_SIG_SAPLING,
  V_JOIN_SPLIT,
  JOIN_SPLIT_PUB_KEY,
  JOIN_SPLIT_SIG,
  V_ACTIONS_ORCHARD,
  FLAGS_ORCHARD,
  VALUE_BALANCE_ORCHARD,
  ANCHOR_ORCHARD,
  PROOFS_ORCHARD,
  BINDING_SIG_ORCHARD,
  CV,
  ANCHOR,
  NULLIFIER,
  RK,
  ZKPROOF,
  SPEND_AUTH_SIG,
  CMU,
  CMX,
  EPHEMERAL_KEY,
  ENC_CIPHERTEXT,
  OUT_CIPHERTEXT,
  VPUB_OLD,
  VPUB_NEW,
  NULLIFIERS,
  COMMITMENTS,
  RANDOM_SEED,
  VMACS,
  ENC_CIPHERTEXTS
}

/** Kinds of maps, for record/fields, after Bitcoin's. */
export const enum Map { BLOCK, TRANSACTION, SPEND = 4, OUTPUT_DESCRIPTION, JOIN_SPLIT, ACTION }

/** Multicodecs that links name. */
export const BLOCK_CODEC: u32 = 0xc0
export const TX_CODEC: u32 = 0xc1
