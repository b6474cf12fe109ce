/** Multicodecs that links name. */
export const BLOCK_CODEC: u32 = 0xb0
export const TX_CODEC: u32 = 0xb1
export const COMMITMENT_CODEC: u32 = 0xb2
