/**
 * A run between two calls, as blocks (docs/functions.md section 9). The root is DAG-CBOR; what is large, memory and input, is in raw blocks of up to 1 MiB that it links to, and lists that
 * may be long in blocks of 1,024 items, so that no block is larger than others take.
 *
 * ```ipldsch
 * type Checkpoint struct { v Int  module &Module  fun String  guest Guest  run Run  streams {String:Stream}  shown [&[Shown]]
 *   counts {String:Int}  effects [Effect]  emitted Emitted  made [&[Made]] }
 * type Guest struct { pages Int  globals Bytes  memory [&[Part]] }         # globals: 8 bytes each, little-endian
 * type Part struct { at Int  blocks [&Raw] }
 * type Run struct { answer Int  left Int  spent Int  paid Int  kind String  input [&Raw]  own Bool }   # own: the input is the guest's own
 * type Stream struct { kind String  source [&[&Any]]  offset Int  length nullable Int  since nullable Int  chunks Int }
 * type Shown union { &Any link  [&Any] list } representation kinded        # list: of one, of a block that the run has made
 * type Made struct { cid &Any  bytes &Raw }
 * ```
 */
import * as dagCbor from '@ipld/dag-cbor'
import { sha256 } from 'multiformats/hashes/sha2'
import { DEFAULT_LIMITS } from '../codec/limits.js'
import type { RunnerState } from '../codec/runner.js'
import { digestKey } from '../dag/key.js'
import { CID } from '../ipld/index.js'
import type { Counts, Shown } from './account.js'
import { PER_BLOCK } from './emitted.js'
import { TaskError } from './errors.js'
import type { AskedEffect } from './outcome.js'
import { STREAM_KINDS, type StreamSource } from './stream.js'

export type CheckpointBlocks = readonly { readonly cid: CID; readonly bytes: Uint8Array }[]

/** A run that waits: what its guest is, and what has been done for it. */
export interface Checkpoint {
  readonly module: CID
  readonly fun: string
  readonly runner: RunnerState
  readonly input: Uint8Array
  readonly streams: readonly ({ readonly of: StreamSource; readonly chunks: number } | undefined)[]
  /** what the guest's input is are its own words */
  readonly ownInput: boolean
  readonly shown: readonly Shown[]
  readonly counts: Counts
  readonly effects: readonly AskedEffect[]
  readonly emitted: { readonly count: number; readonly index: readonly CID[]; readonly links: readonly CID[] }
  readonly made: CheckpointBlocks
}

const VERSION = 2
const RAW = 0x55
const PART = 1024 * 1024
/** Items of all lists that stand in blocks: sixteen streams of as many links as a request has room for. */
const MAX_ITEMS = 2 ** 23

export async function writeCheckpoint(state: Checkpoint & { readonly answer: number }): Promise<{ checkpoint: CID; blocks: CheckpointBlocks }> {
  const blocks: { cid: CID; bytes: Uint8Array }[] = []
  const put = async (bytes: Uint8Array, codec = RAW): Promise<CID> => {
    const cid = CID.createV1(codec, await sha256.digest(bytes))
    blocks.push({ cid, bytes })
    return cid
  }
  const putAll = async (bytes: Uint8Array): Promise<CID[]> => {
    const cids: CID[] = []
    for (let at = 0; at < bytes.length; at += PART) cids.push(await put(bytes.slice(at, at + PART)))
    return cids
  }
  const putList = async (items: readonly unknown[]): Promise<CID[]> => {
    const cids: CID[] = []
    for (let at = 0; at < items.length; at += PER_BLOCK) cids.push(await put(dagCbor.encode(items.slice(at, at + PER_BLOCK)), dagCbor.code))
    return cids
  }
  const { guest, answer, left, spent, paid, input: kind } = state.runner
  const globals = new Uint8Array(guest.globals.length * 8)
  const view = new DataView(globals.buffer)
  for (const [i, bits] of guest.globals.entries()) view.setBigUint64(i * 8, bits, true)
  const memory = []
  for (const { at, bytes } of guest.memory) memory.push({ at, blocks: await putAll(bytes) })
  const made = []
  for (const { cid, bytes } of state.made) made.push({ cid, bytes: await put(bytes) })
  const streams: Record<string, object> = {}
  for (const [number, stream] of state.streams.entries()) {
    if (stream === undefined) continue
    const { kind, source, offset, length = null, since = null } = stream.of
    streams[number] = { kind, source: await putList(source), offset, length, since, chunks: stream.chunks }
  }
  const root = dagCbor.encode({
    v: VERSION,
    module: state.module,
    fun: state.fun,
    guest: { pages: guest.pages, globals, memory: await putList(memory) },
    run: { answer, left, spent, paid, kind, input: await putAll(state.input), own: state.ownInput },
    streams,
    shown: await putList(state.shown.map(({ cid, own }) => (own ? [cid] : cid))),
    counts: state.counts,
    effects: state.effects,
    emitted: state.emitted,
    made: await putList(made)
  })
  return { checkpoint: await put(root, dagCbor.code), blocks }
}

/** @param get blocks, verified @throws TaskError CHECKPOINT, BLOCK_NOT_FOUND */
export async function readCheckpoint(
  cid: CID,
  get: (cid: CID) => Promise<Uint8Array | undefined>,
  expected: { readonly module: CID; readonly fun: string; readonly memory: number; readonly fuel: number }
): Promise<Checkpoint> {
  // what is named again and again is no guest's memory
  let room = expected.memory + DEFAULT_LIMITS.input
  const fetch = async (cid: CID): Promise<Uint8Array> => {
    const bytes = await get(cid)
    if (bytes === undefined) throw new TaskError('BLOCK_NOT_FOUND', `nobody has block ${cid} of the checkpoint`)
    return bytes
  }
  const all = async (cids: unknown): Promise<Uint8Array> => {
    const parts: Uint8Array[] = []
    for (const part of list(cids, 'blocks')) {
      const bytes = await fetch(link(part, 'a block'))
      room -= bytes.length
      if (room < 0) throw new TaskError('CHECKPOINT', `${cid} has more bytes than a guest of ${expected.memory} bytes`)
      parts.push(bytes)
    }
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }
  let items = MAX_ITEMS
  const lists = new Map<string, readonly unknown[]>()
  const allItems = async (cids: unknown, field: string): Promise<unknown[]> => {
    const whole: unknown[] = []
    for (const part of list(cids, field)) {
      const cid = link(part, field)
      const known = lists.get(cid.toString()) ?? list(decode(await fetch(cid), cid), field)
      lists.set(cid.toString(), known)
      items -= Math.max(known.length, 1)
      if (items < 0) throw new TaskError('CHECKPOINT', `${field}: lists of more than ${MAX_ITEMS} items in all`)
      for (const item of known) whole.push(item)
    }
    return whole
  }
  const root = map(decode(await fetch(cid), cid), 'checkpoint')
  if (root.v !== VERSION) throw wrong('v', root.v, String(VERSION))
  const module = link(root.module, 'module')
  if (!module.equals(expected.module) || root.fun !== expected.fun)
    throw new TaskError('CHECKPOINT', `${cid} is of ${root.fun} of ${module}, expected ${expected.fun} of ${expected.module}`)
  const guest = map(root.guest, 'guest')
  const run = map(root.run, 'run')
  const emitted = map(root.emitted, 'emitted')
  const counts = map(root.counts, 'counts')
  const memory = []
  for (const part of await allItems(guest.memory, 'memory'))
    memory.push({ at: integer(map(part, 'part').at, 'at'), bytes: await all(map(part, 'part').blocks) })
  const made = []
  for (const block of await allItems(root.made, 'made')) {
    const [named, stored] = [link(map(block, 'made').cid, 'made'), link(map(block, 'made').bytes, 'made')]
    if (digestKey(named) !== digestKey(stored)) throw wrong('made', stored, `the bytes of ${named}`)
    made.push({ cid: named, bytes: await fetch(stored) })
  }
  if (integer(run.left, 'left') + integer(run.spent, 'spent') !== expected.fuel)
    throw wrong('fuel', `${run.left} left and ${run.spent} spent`, `${expected.fuel} together`)
  const [index, links] = [list(emitted.index, 'index'), list(emitted.links, 'links')]
  if (emitted.count !== index.length * PER_BLOCK + links.length) throw wrong('emitted', emitted.count, `${index.length} lists and ${links.length} links`)
  const input = await all(run.input)
  return {
    module,
    fun: expected.fun,
    runner: {
      guest: { pages: integer(guest.pages, 'pages'), globals: readGlobals(guest.globals), memory },
      answer: run.answer as RunnerState['answer'],
      left: integer(run.left, 'left'),
      spent: integer(run.spent, 'spent'),
      paid: integer(run.paid, 'paid'),
      input: run.kind as RunnerState['input'],
      size: input.length
    },
    input,
    streams: await readStreams(map(root.streams, 'streams'), allItems),
    ownInput: boolean(run.own, 'own'),
    shown: (await allItems(root.shown, 'shown')).map((item) => {
      const own = Array.isArray(item) && item.length === 1
      return { cid: link(own ? item[0] : item, 'shown'), own }
    }),
    counts: {
      blocks: integer(counts.blocks, 'blocks'),
      created: integer(counts.created, 'created'),
      output: integer(counts.output, 'output'),
      effects: integer(counts.effects, 'effects'),
      recorded: integer(counts.recorded, 'recorded')
    },
    effects: list(root.effects, 'effects').map((effect) => {
      const { cmd, args } = map(effect, 'effect')
      if (typeof cmd !== 'string') throw wrong('cmd', cmd, 'a command')
      return { cmd, args }
    }),
    emitted: {
      count: integer(emitted.count, 'count'),
      index: index.map((cid) => link(cid, 'index')),
      links: links.map((cid) => link(cid, 'links'))
    },
    made
  }
}

async function readStreams(streams: Record<string, unknown>, allItems: (cids: unknown, field: string) => Promise<unknown[]>): Promise<Checkpoint['streams']> {
  const read: Checkpoint['streams'][number][] = []
  for (const [number, value] of Object.entries(streams)) {
    if (!/^(\d|1[0-5])$/.test(number)) throw wrong('streams', number, '0 to 15')
    const { kind, source, offset, length, since, chunks } = map(value, 'stream')
    const found = STREAM_KINDS.find((each) => each === kind)
    if (found === undefined) throw wrong('kind', kind, STREAM_KINDS.join(', '))
    const of: StreamSource = {
      kind: found,
      source: (await allItems(source, 'source')).map((cid) => link(cid, 'source')),
      offset: integer(offset, 'offset'),
      length: length === null ? undefined : integer(length, 'length'),
      since: since === null ? undefined : integer(since, 'since')
    }
    if (of.source.length === 0 && (found === 'file' || found === 'dag')) throw wrong('source', 'nothing', 'a link')
    read[Number(number)] = { of, chunks: integer(chunks, 'chunks') }
  }
  return Array.from(read)
}

function readGlobals(value: unknown): bigint[] {
  if (!(value instanceof Uint8Array) || value.length % 8 !== 0) throw wrong('globals', value, 'bytes, 8 a global')
  const view = new DataView(value.buffer, value.byteOffset, value.length)
  return Array.from({ length: value.length / 8 }, (_, i) => view.getBigUint64(i * 8, true))
}

function decode(bytes: Uint8Array, cid: CID): unknown {
  try {
    return dagCbor.decode(bytes)
  } catch (cause) {
    throw new TaskError('CHECKPOINT', `${cid} is no checkpoint: ${(cause as Error).message}`, cause)
  }
}

function map(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) throw wrong(field, value, 'a map')
  return value as Record<string, unknown>
}

function list(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(field, value, 'a list')
  return value
}

function link(value: unknown, field: string): CID {
  const cid = CID.asCID(value)
  if (cid === null) throw wrong(field, value, 'a link')
  return cid
}

function boolean(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw wrong(field, value, 'true or false')
  return value
}

function integer(value: unknown, field: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrong(field, value, 'an integer of 0 or more')
  return value as number
}

function wrong(field: string, got: unknown, expected: string): TaskError {
  const what = typeof got === 'object' ? (got === null ? 'null' : got instanceof Uint8Array ? `${got.length} bytes` : 'an object') : String(got)
  return new TaskError('CHECKPOINT', `checkpoint, ${field}: got ${what}, expected ${expected}`)
}
