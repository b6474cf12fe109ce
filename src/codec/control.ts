/** Bytes of the control block (docs/abi.md section 3); the window follows it. */
export const CONTROL = 128
