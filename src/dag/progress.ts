/** What long work tells of itself, as Helia does: events named by path, to an `onProgress` of the caller's. */
import type { CID } from 'multiformats/cid'

interface ProgressDetails {
  /** so many blocks have been read, of so many bytes, since the work began; after each batch */
  readonly 'autocodec:dag:blocks': { readonly blocks: number; readonly bytes: number; readonly offset?: number }
  /** a block that was passed by, and why */
  readonly 'autocodec:dag:fault': { readonly cid: CID; readonly fault: Error }
}

export type DagProgress = { [T in keyof ProgressDetails]: { readonly type: T; readonly detail: ProgressDetails[T] } }[keyof ProgressDetails]

export type OnProgress = (event: DagProgress) => void
