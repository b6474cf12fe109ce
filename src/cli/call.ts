/** A call of a function as the command line gives it. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Host } from '../codec/index.js'
import type { Engine } from '../engine/index.js'
import type { CallOptions } from './call-options.js'
import { readValue } from './dag-json.js'
import { interruption } from './ending.js'
import { CliError, EXIT } from './exit.js'
import { type FoundFunction, findFunction, funOf, type Get } from './function-module.js'
import { openInput } from './input.js'
import { Progress } from './progress.js'
import { plain } from './text.js'

const RAW = 0x55
/** bytes of a block of a file that is given */
const PIECE = 1 << 20
const NAME = /^[a-zA-Z0-9_.-]{1,64}$/
const COMMAND = /^(\/[a-z0-9._-]+)+$/

export interface Call {
  readonly module: FoundFunction
  readonly mod: CID
  readonly fun: string
  readonly params: unknown
  readonly inputs: Record<string, { cmd: string; args: Record<string, unknown> }>
  readonly nonce: Uint8Array
  /** blocks that were put into the engine for it */
  readonly blocks: readonly CID[]
}

/** @param engine where the module, and files, are put */
export async function readCall(which: string, options: CallOptions, host: Host, engine: Engine, get: Get): Promise<Call> {
  // what is cheap and wrong is told before files are read
  const nonce = nonceOf(options.nonce)
  const inputs = await inputsOf(host, options.input ?? [])
  const files = (options.file ?? []).map((text) => pairOf(text, '--file', 'PATH'))
  let params = options.args === undefined ? null : await readValue(host, options.args, '--args')
  const module = await findFunction(which, get)
  const fun = funOf(await module.manifest(), options.fun)
  const blocks: CID[] = []
  if (!module.shipped) {
    await engine.blocks.put(module.cid, await module.bytes())
    blocks.push(module.cid)
  }
  if (files.length > 0) {
    const given = params ?? {}
    if (!isMap(given)) throw new CliError('USAGE', EXIT.usage, '--file names a parameter, and --args is no map: expected a map, or neither')
    const map: Record<string, unknown> = { ...given }
    for (const [name, path] of files) {
      if (Object.hasOwn(map, name)) throw new CliError('USAGE', EXIT.usage, `--file: the parameter ${plain(name)} is given twice`)
      map[name] = await putFile(path, engine)
      blocks.push(...(map[name] as CID[]))
    }
    params = map
  }
  return { module, mod: module.cid, fun, params, inputs, nonce, blocks }
}

/** A file as raw blocks, one after the other: it is never in memory as a whole. */
async function putFile(path: string, { blocks }: Engine): Promise<CID[]> {
  const { size, chunks } = await openInput(path)
  const signal = interruption()
  const progress = new Progress('stored', size)
  const cids: CID[] = []
  let done = 0
  try {
    for await (const bytes of pieces(chunks)) {
      signal.throwIfAborted()
      const cid = CID.createV1(RAW, await sha256.digest(bytes))
      if (!(await blocks.has(cid))) await blocks.put(cid, bytes)
      cids.push(cid)
      done += bytes.length
      progress.at(done)
    }
  } finally {
    progress.end()
  }
  return cids
}

/** The same bytes, cut at the same places however they come: a file and a pipe give the same blocks. */
async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(PIECE)
  let at = 0
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + PIECE - at)
      piece.set(part, at)
      at += part.length
      from += part.length
      if (at < PIECE) continue
      yield piece
      piece = new Uint8Array(PIECE)
      at = 0
    }
  }
  if (at > 0) yield piece.slice(0, at)
}

async function inputsOf(host: Host, given: readonly string[]): Promise<Call['inputs']> {
  const inputs: Call['inputs'] = {}
  for (const text of given) {
    const [name, rest] = pairOf(text, '--input', 'COMMAND[:JSON]')
    const colon = rest.indexOf(':')
    const cmd = colon === -1 ? rest : rest.slice(0, colon)
    if (!COMMAND.test(cmd)) throw new CliError('USAGE', EXIT.usage, `--input ${plain(name)}: got ${plain(cmd)}, expected a command such as /clock/now`)
    if (Object.hasOwn(inputs, name)) throw new CliError('USAGE', EXIT.usage, `--input: ${plain(name)} is given twice`)
    const args = colon === -1 ? {} : await readValue(host, rest.slice(colon + 1), `--input ${plain(name)}`)
    if (!isMap(args)) throw new CliError('USAGE', EXIT.usage, `--input ${plain(name)}: its arguments are no map`)
    inputs[name] = { cmd, args }
  }
  return inputs
}

/** `NAME=REST` */
function pairOf(text: string, option: string, rest: string): [string, string] {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(0, at))
  if (at === text.length - 1 || !NAME.test(name)) throw new CliError('USAGE', EXIT.usage, `${option}: got ${plain(text)}, expected NAME=${rest}`)
  return [name, text.slice(at + 1)]
}

function nonceOf(text: string | undefined): Uint8Array {
  if (text === undefined) return new Uint8Array(0)
  if (text === 'random') return crypto.getRandomValues(new Uint8Array(12))
  if (!/^([0-9a-f]{2}){1,64}$/i.test(text))
    throw new CliError('USAGE', EXIT.usage, `--nonce: got ${plain(text)}, expected 1 to 64 bytes in hexadecimal, or random`)
  return Uint8Array.from(text.match(/../g) as string[], (byte) => Number.parseInt(byte, 16))
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) && CID.asCID(value) === null
}
