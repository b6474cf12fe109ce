/** Files and directories through a layout, for the commands: found by path, listed, written out. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CID } from 'multiformats/cid'
import type { Host } from '../codec/index.js'
import { type Car, readCar, survey } from '../dag/index.js'
import { type GetBlock, type LayoutLimits, type LayoutNode, openLayout, type RangeOptions } from '../dag/layout/index.js'
import { CarFile } from './car-file.js'
import { parseCid } from './codec-name.js'
import { CliError, EXIT } from './exit.js'
import { nameOf } from './input.js'
import type { Output } from './output.js'
import { plain } from './text.js'

/** What the commands have in common. */
export interface TreeOptions {
  /** a name or the CID of a module; without it the root's codec decides */
  readonly layout?: string
  /** without it the CAR's first */
  readonly root?: string
}

/** Does `work` on the node at a path in a CAR, whose blocks are verified. */
export async function inCar<T>(
  host: Host,
  limits: Partial<LayoutLimits>,
  file: string,
  path: string,
  options: TreeOptions,
  work: (node: LayoutNode) => Promise<T>
): Promise<T> {
  await using source = await CarFile.open(file)
  const car = await readCar(source.chunks())
  const found = await survey(car, nameOf(file))
  const get: GetBlock = async (cid) => {
    const entry = found.find(cid)
    if (entry?.fault !== undefined) throw entry.fault
    return entry && source.bytes(entry.offset, entry.length)
  }
  const top = await openLayout(host, { root: rootOf(car, file, options.root), get, layout: options.layout, limits })
  // awaited here: the file is closed on return
  return await work(await top.path(path))
}

function rootOf(car: Car, file: string, wanted: string | undefined): CID {
  if (wanted !== undefined) {
    const cid = parseCid(wanted)
    if (cid === undefined) throw new CliError('USAGE', EXIT.usage, `--root: ${plain(wanted)} is not a CID`)
    return cid
  }
  const [root] = car.roots
  if (root === undefined) throw new CliError('USAGE', EXIT.usage, `${nameOf(file)} has no roots; name one with --root CID`)
  return CID.asCID(root) as CID
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
