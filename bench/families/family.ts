/** A format of its own, and the package that people read it with. */
export interface Rival {
  /** of the codec */
  readonly codec: string
  readonly case: string
  /** the package, as it is called in the table */
  readonly ref: string
  readonly bytes: Uint8Array
  readonly theirs: () => unknown
  /** What differs between the two values, if anything does: data models of one format differ in names, so only some look at all of it. */
  readonly differs: (ours: unknown, theirs: unknown) => string | undefined
}

/** Rivals of one format, made when they are wanted: most packages are loaded for this alone. */
export interface Family {
  readonly codecs: readonly string[]
  rivals(): Promise<Rival[]>
}

/** Counts of the same thing on both sides. */
export function counts(what: string, ours: number | undefined, theirs: number): string | undefined {
  return ours === theirs ? undefined : `ours has ${ours} ${what}, theirs ${theirs}`
}
