/**
 * Native codecs in place of modules. A tag names behaviour: whoever has the same behaviour otherwise need not run the module. That it is the same is proved on rows of bytes, such as
 * the fixtures of the module's format, before a reader takes it.
 */
import type { BlockCodec } from 'multiformats'
import { equals } from 'multiformats/bytes'
import { CID } from 'multiformats/cid'
import type { Codec } from '../../codec/codec.js'
import { CodecError } from '../../codec/errors.js'
import { DagError } from '../errors.js'

/** A block to try both on: any bytes, in the format or not. */
export interface EquivalenceRow {
  /** for messages */
  readonly name?: string
  readonly bytes: Uint8Array
}

/** A native codec that has been proved to be a module's equal. Only `proveEquivalent` makes one. */
export class Equivalent {
  /** the module that it stands for */
  readonly module: CID
  // biome-ignore lint/suspicious/noExplicitAny: blocks of any shape
  readonly codec: BlockCodec<number, any>
  /** rows that both read, and that both refused */
  readonly accepted: number
  readonly refused: number

  /** @internal */
  // biome-ignore lint/suspicious/noExplicitAny: blocks of any shape
  constructor(key: typeof KEY, module: CID, codec: BlockCodec<number, any>, accepted: number, refused: number) {
    if (key !== KEY) throw new TypeError('equivalents come from proveEquivalent')
    this.module = module
    this.codec = codec
    this.accepted = accepted
    this.refused = refused
  }
}

const KEY = Symbol('proved')

/**
 * Tries both codecs on every row: what the module reads the native codec reads to the same value, and encodes to the same bytes; what the module refuses it refuses too.
 *
 * @throws DagError NOT_EQUIVALENT with the row and the difference; TypeError if there is no row that the module reads, which would prove nothing
 */
// biome-ignore lint/suspicious/noExplicitAny: blocks of any shape
export function proveEquivalent(codec: Codec, native: BlockCodec<number, any>, rows: Iterable<EquivalenceRow>): Equivalent {
  let accepted = 0
  let refused = 0
  let index = 0
  for (const { name = `row ${index}`, bytes } of rows) {
    index++
    const differs = (what: string, cause?: unknown): DagError =>
      new DagError('NOT_EQUIVALENT', `${native.name} is no equivalent of ${codec.name} ${codec.cid}: ${name}: ${what}`, { cause })
    const wanted = attempt(() => codec.decode(bytes))
    // a limit of the sandbox says nothing about the format
    if ('error' in wanted && !(wanted.error instanceof CodecError)) throw wanted.error
    const got = attempt(() => native.decode(bytes.slice()))
    if ('error' in wanted) {
      if (!('error' in got)) throw differs(`the module refuses it (${(wanted.error as Error).message}), the native codec does not`)
      refused++
      continue
    }
    if ('error' in got) throw differs(`the native codec refuses it: ${(got.error as Error).message}`, got.error)
    const where = difference(wanted.value, got.value, '')
    if (where !== undefined) throw differs(`decoded values differ at ${where === '' ? 'the root' : `"${where.slice(1)}"`}`)
    const back = attempt(() => codec.encode(wanted.value))
    const nativeBack = attempt(() => native.encode(got.value))
    if ('error' in back !== 'error' in nativeBack) throw differs('one of them encodes the value again, the other does not')
    if ('value' in back && 'value' in nativeBack && !equals(back.value, nativeBack.value)) throw differs('encoded again it gives other bytes')
    accepted++
  }
  if (accepted === 0) throw new TypeError('rows: got none that the module reads, which prove nothing')
  return new Equivalent(KEY, codec.cid, native, accepted, refused)
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}

/** The path to the first place at which two values of the data model differ; undefined if they are the same. */
function difference(left: unknown, right: unknown, path: string): string | undefined {
  // NaN is itself, and −0 is not 0
  if (Object.is(left, right)) return undefined
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return path
  const [cid, other] = [CID.asCID(left), CID.asCID(right)]
  if (cid !== null || other !== null) return cid?.equals(other) === true ? undefined : path
  if (left instanceof Uint8Array || right instanceof Uint8Array)
    return left instanceof Uint8Array && right instanceof Uint8Array && equals(left, right) ? undefined : path
  if (Array.isArray(left) !== Array.isArray(right)) return path
  const [keys, others] = [Object.keys(left), Object.keys(right)]
  if (keys.length !== others.length) return path
  for (const key of keys) {
    if (!Object.hasOwn(right, key)) return `${path}/${key}`
    const where = difference((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key], `${path}/${key}`)
    if (where !== undefined) return where
  }
  return undefined
}
