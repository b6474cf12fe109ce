/** Largest numbers that a module may have, so that preparing it takes time and memory linear in its size. */
export const LIMITS = {
  types: 4_096,
  params: 256,
  results: 64,
  imports: 256,
  functions: 32_768,
  globals: 4_096,
  exports: 4_096,
  /** entries of the table, and of all its element segments together */
  table: 65_536,
  segments: 16_384,
  /** of one function, parameters included */
  locals: 4_096,
  /** of all functions together: a local costs a byte in the module and much more in compiled code */
  totalLocals: 1_048_576,
  /** places in all functions where the host puts code in or looks */
  edits: 1_048_576,
  /** bytes of one function */
  body: 1_048_576,
  /** blocks within each other */
  nesting: 4_096,
  /** of one br_table */
  labels: 16_384
} as const

/** Defaults of the policy, see `Policy`. */
export const DEFAULTS = {
  maxModuleSize: 4 * 1024 * 1024,
  maxMemory: 64 * 1024 * 1024,
  maxStack: 73_728
} as const

/** Bytes of a page of memory (Wasm spec, 4.2.8). */
export const PAGE = 65_536
