/** How a thing looks to a person: what it is, in words of its own format rather than of the data model. */
import type { Node } from '../../ipld/index.js'

/** A block that is looked at. */
export interface Thing {
  readonly node: Node
  /** name of the codec */
  readonly codec: string
  readonly bytes: Uint8Array
}

export interface Face {
  /** what it is, such as `git commit` */
  readonly title: string
  /** label and text, a line each. Text has been made safe for terminals */
  readonly rows: readonly (readonly [label: string, text: string])[]
  /** what is in it, such as the files of a directory; the first is a head of columns if there are several */
  readonly list?: readonly (readonly string[])[]
  /** entries that are not in `list` */
  readonly more?: number
  /** text that stands below, lines of its own */
  readonly text?: string
}

/** Draws a thing, or says that it is not one that it knows: fields absent, or of another kind. What it throws counts as that too. */
export type Draw = (thing: Thing) => Promise<Face | undefined> | Face | undefined

/** Entries of a list that are shown. */
export const SHOWN = 200
