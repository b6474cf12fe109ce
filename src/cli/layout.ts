/** Files and directories through a layout, for the commands: found by path, listed, written out. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CID } from 'multiformats/cid'
import { type LayoutNode, openLayout, type RangeOptions } from '../dag/layout/index.js'
import { parseCid } from './codec-name.js'
import type { Context } from './context.js'
import { CliError, EXIT } from './exit.js'
import { nameOf, STDIN } from './input.js'
import type { Output } from './output.js'
import { getOf } from './target.js'
import { plain } from './text.js'

/** What the commands have in common. */
export interface TreeOptions {
  /** a name or the CID of a module; without it the root's codec decides */
  readonly layout?: string
  /** without it the CAR's first */
  readonly root?: string
}

/** The node at a path in a CAR, or below a CID that is found where all blocks are found. What the CAR does not have may be there, too. */
export async function nodeAt(context: Context, what: string, path: string, { layout, root }: TreeOptions): Promise<LayoutNode> {
  const cid = what === STDIN ? undefined : parseCid(what)
  if (cid === undefined) context.withCar(what)
  const top = await openLayout(await context.host(), {
    root: cid ?? (await rootOf(context, what, root)),
    get: getOf(await context.blocks()),
    verify: false,
    layout,
    limits: context.limits
  })
  return top.path(path)
}

/** The first root of a CAR, which is the first of all that are named. */
async function rootOf(context: Context, file: string, wanted: string | undefined): Promise<CID> {
  if (wanted !== undefined) {
    const cid = parseCid(wanted)
    if (cid === undefined) throw new CliError('USAGE', EXIT.usage, `--root: ${plain(wanted)} is not a CID`)
    return cid
  }
  const { cars } = await context.places()
  const [root] = await cars[0].roots()
  if (root === undefined) throw new CliError('USAGE', EXIT.usage, `${nameOf(file)} has no roots; name one with --root CID`)
  return root
}

/** A line an entry: CID and name; with `long`, kind and size in front of them, for which each entry is opened. */
export async function printEntries(out: Output, directory: LayoutNode, long: boolean): Promise<void> {
  for await (const entry of directory.entries()) {
    const name = plain(entry.name)
    if (!long) {
      await out.line([entry.cid, name].join('\t'))
      continue
    }
    const known: Pick<LayoutNode, 'kind' | 'size' | 'target'> | undefined =
      entry.kind === undefined || entry.kind === 'symlink' ? undefined : { ...entry, kind: entry.kind }
    const { kind, size, target } = known ?? (await directory.open(entry))
    await out.line([kind, size ?? '-', entry.cid, target === undefined ? name : `${name} -> ${plain(target)}`].join('\t'))
  }
}

/** The bytes of a file, as they come: to a file, or to standard output. To a terminal only as long as they are text. */
export async function printBytes(out: Output, file: LayoutNode, range: RangeOptions, to?: string): Promise<void> {
  if (to !== undefined) return pipeline(Readable.from(file.bytes(range), { objectMode: false }), createWriteStream(to))
  const decoder = out.isTerminal ? new TextDecoder('utf-8', { fatal: true }) : undefined
  for await (const chunk of file.bytes(range)) {
    try {
      decoder?.decode(chunk, { stream: true })
    } catch (cause) {
      throw new CliError('TERMINAL', EXIT.usage, 'these bytes are not text and would upset the terminal: write them to a file with -o FILE, or pipe them on', {
        cause
      })
    }
    await out.write(chunk)
  }
}
