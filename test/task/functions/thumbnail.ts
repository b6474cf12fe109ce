/** Runs thumbnail over bytes that are cut into blocks. */
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import * as assert from 'uvu/assert'
import { createHost } from '../../../src/index.js'
import { loadFunction, type Outcome, runFunction, type TaskLimits } from '../../../src/task/index.js'
import { decodePng, type Pixels, pixelsOf } from './png.js'

const module = await loadFunction(await createHost(), 'thumbnail')

export interface Thumbnail {
  readonly outcome: Outcome
  /** the answer, but for the image */
  readonly answer?: Record<string, unknown>
  readonly image?: Uint8Array
  /** `CODE offset` where it fails */
  readonly error?: string
}

export interface Wish {
  readonly width?: unknown
  readonly height?: unknown
  readonly format?: unknown
  readonly quality?: unknown
}

interface Options {
  /** bytes of a block */
  readonly cut?: number
  readonly limits?: Partial<TaskLimits>
}

export async function thumbnail(bytes: Uint8Array, wish: Wish, { cut = 1 << 18, limits }: Options = {}): Promise<Thumbnail> {
  const blocks: Uint8Array[] = []
  for (let at = 0; at === 0 || at < bytes.length; at += cut) blocks.push(bytes.subarray(at, at + cut))
  return thumbnailOf(blocks, wish, limits)
}

/** As `thumbnail`, of bytes that are in blocks already. */
export async function thumbnailOf(parts: readonly Uint8Array[], wish: Wish, limits?: Partial<TaskLimits>): Promise<Thumbnail> {
  const blocks = new Map<string, Uint8Array>()
  const file: CID[] = []
  for (const block of parts) {
    const cid = CID.createV1(raw.code, await sha256.digest(block))
    blocks.set(cid.toString(), block)
    file.push(cid)
  }
  return outcomeOf(await runFunction(module, { fun: 'thumbnail', params: { file, ...wish }, get: (cid) => blocks.get(cid.toString()), limits }))
}

function outcomeOf(outcome: Outcome): Thumbnail {
  const { result, blocks } = outcome
  if ('error' in result) return { outcome, error: [result.error.code, result.error.offset].filter((part) => part !== undefined).join(' ') }
  const { image, ...answer } = result.ok as { image: CID } & Record<string, unknown>
  return { outcome, answer, image: blocks.find(({ cid }) => cid.equals(image))?.bytes }
}

/** Fails unless the images are the same, but for so much in each value. */
export function same(got: Pixels, expected: Pixels, within = 0): void {
  assert.equal([got.width, got.height], [expected.width, expected.height])
  let most = 0
  for (let i = 0; i < expected.rgba.length; i++) most = Math.max(most, Math.abs(got.rgba[i] - expected.rgba[i]))
  assert.ok(most <= within, `differs by ${most}, expected at most ${within}`)
}

/** What thumbnail makes, as pixels. */
export async function pixelsMade(bytes: Uint8Array, wish: Wish, cut?: number): Promise<Pixels> {
  const { image, error } = await thumbnail(bytes, { format: 'png', ...wish }, { cut })
  assert.is(error, undefined)
  return pixelsOf(decodePng(image!))
}
