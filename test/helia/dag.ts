/** A DAG through two codecs that no tool knows, UnixFS at its end; for Helia's parts, with the codecs and without. */
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { createHost, type Host, type HostOptions } from '../../src/codec/index.js'
import { type Module, resealed, sourceOf } from '../codec/resealed.js'

const SECRET = await resealed({ name: 'secret', code: 0x300001 })
const THIRD = await resealed({ name: 'third', code: 0x300002 })
/** A number that no catalog has. */
export const NOBODYS = 0x3000ff

export interface Dag {
  readonly blocks: readonly Module[]
  /** dag-cbor: {name, secret → …} */
  readonly top: CID
  /** 0x300001: {n: 1.0, list: [{deep: "found"}], third → …, file → …, nobody → …} */
  readonly secret: CID
  /** 0x300002: {leaf: true} */
  readonly third: CID
  /** dag-pb: a UnixFS file */
  readonly file: CID
  /** a number that nobody has, though its bytes are DAG-CBOR */
  readonly nobody: CID
  /** 0x300001 with bytes that are not in it */
  readonly broken: CID
}

export const FILE_TEXT = 'a file below a codec that nobody knew\n'

export async function dag(): Promise<Dag> {
  const cbor = await (await createHost()).codec('dag-cbor')
  const blocks: Module[] = []
  const put = async (code: number, bytes: Uint8Array): Promise<CID> => {
    const cid = CID.createV1(code, await sha256.digest(bytes))
    blocks.push({ cid, bytes })
    return cid
  }
  const text = new TextEncoder().encode(FILE_TEXT)
  // PBNode { Data: UnixFS { Type: File, Data, filesize } }
  const unixfs = Uint8Array.of(0x08, 2, 0x12, text.length, ...text, 0x18, text.length)
  const file = await put(0x70, Uint8Array.of(0x0a, unixfs.length, ...unixfs))
  const third = await put(0x300002, cbor.encode({ leaf: true }))
  const nobody = await put(NOBODYS, cbor.encode({ hidden: third }))
  // the float 1.0 stays one only where no JavaScript value is between
  const plain = cbor.encode({ file, list: [{ deep: 'found' }], nobody, 'a/b': 'slash', n: 0.5, third })
  const whole = plain.slice()
  const at = indexOf(whole, Uint8Array.of(0xfb, 0x3f, 0xe0))
  whole.set([0xfb, 0x3f, 0xf0], at)
  const secret = await put(0x300001, whole)
  const top = await put(0x71, cbor.encode({ name: 'top', secret }))
  const broken = await put(0x300001, Uint8Array.of(0xff, 0xff))
  return { blocks, top, secret, third, file, nobody, broken }
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) if (part.every((byte, i) => bytes[at + i] === byte)) return at
  throw new Error('not there')
}

/** A host with a catalog of the two codecs. */
export function knowing(options: HostOptions = {}): Promise<Host> {
  const catalog = new Map([
    [0x300001, SECRET.cid],
    [0x300002, THIRD.cid]
  ])
  return createHost({ catalogs: [catalog], sources: [sourceOf('modules', SECRET, THIRD)], ...options })
}
