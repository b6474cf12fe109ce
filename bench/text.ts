import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CarWriter } from '@ipld/car'
import type { CID } from 'multiformats/cid'
import { Random } from './random.js'

const MIB = 2 ** 20
const HEADER_ROOT = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

/** A UnixFS file of text in a CAR, raw leaves of 256 KiB. */
export interface TextFile {
  readonly path: string
  readonly root: CID
  readonly bytes: number
  remove(): void
}

/** Words and lines that differ from MiB to MiB. Made block by block, since it may be larger than memory. */
export async function makeText(size: number): Promise<TextFile> {
  const { importer } = await import('ipfs-unixfs-importer')
  const { CID } = await import('multiformats/cid')
  const folder = mkdtempSync(join(tmpdir(), 'autocodec-bench-'))
  const path = join(folder, 'text.car')
  const { writer, out } = CarWriter.create([CID.parse(HEADER_ROOT)])
  const written = pipeline(Readable.from(out), createWriteStream(path))
  const store = {
    put: async (cid: CID, bytes: Uint8Array) => {
      await writer.put({ cid, bytes })
      return cid
    }
  }
  let root: CID | undefined
  for await (const { cid } of importer([{ content: text(size) }], store as never, { rawLeaves: true })) root = cid as unknown as CID
  await writer.close()
  await written
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  return { path, root: root as CID, bytes: size * MIB, remove }
}

async function* text(size: number): AsyncGenerator<Uint8Array> {
  const r = new Random(7)
  let piece = ''
  while (piece.length < MIB) piece += `${r.word()}${r.chance(0.1) ? '\n' : r.chance(0.1) ? ',  ' : ' '}`
  const bytes = new TextEncoder().encode(piece).subarray(0, MIB)
  for (let i = 0; i < size; i++) {
    const next = bytes.slice()
    next.set(new TextEncoder().encode(`${i} `))
    yield next
  }
}
