/** Torrents for the tests: pieces as blocks, and the info dictionary as the block that names them. */
import { createHash } from 'node:crypto'
import bencode from 'bencode'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import type { GetBlock, VerifyBlock } from '../../../src/dag/layout/index.js'

const INFO = 0x7b
const RAW = 0x55
const SHA1 = 0x11

export interface TorrentFile {
  readonly path: readonly string[]
  readonly content: Uint8Array
  readonly attr?: string
  readonly target?: readonly string[]
}

export const sha1 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha1').update(bytes).digest())
export const cidOf = (code: number, digest: Uint8Array): CID => CID.createV1(code, Digest.create(SHA1, digest))
/** The CID of an info dictionary. */
export const infoCid = (info: Uint8Array): CID => cidOf(INFO, sha1(info))

export class Torrent {
  readonly blocks = new Map<string, Uint8Array>()
  asked: CID[] = []
  readonly get: GetBlock = (cid) => {
    this.asked.push(cid)
    return this.blocks.get(cid.toString())
  }

  /** Verifies what is hashed with SHA-1, and knows no other hash. */
  readonly verify: VerifyBlock = (cid, bytes) => {
    if (cid.multihash.code !== SHA1 || Buffer.compare(sha1(bytes), cid.multihash.digest) !== 0) throw new Error(`${cid}: not these bytes`)
  }

  put(code: number, bytes: Uint8Array): CID {
    const cid = cidOf(code, sha1(bytes))
    this.blocks.set(cid.toString(), bytes)
    return cid
  }

  /** An info dictionary of any fields. */
  info(fields: object): CID {
    return this.put(INFO, new Uint8Array(bencode.encode(fields)))
  }

  /** Cuts content into pieces. */
  pieces(content: Uint8Array, length: number): Uint8Array {
    const digests: Uint8Array[] = []
    for (let at = 0; at < content.length; at += length) digests.push(this.put(RAW, content.slice(at, at + length)).multihash.digest)
    return new Uint8Array(Buffer.concat(digests))
  }

  single(content: Uint8Array, length: number, more: object = {}): CID {
    return this.info({ length: content.length, name: 'single', 'piece length': length, pieces: Buffer.from(this.pieces(content, length)), ...more })
  }

  multi(files: readonly TorrentFile[], length: number, more: object = {}): CID {
    const content = new Uint8Array(Buffer.concat(files.map((file) => file.content)))
    const list = files.map(({ path, content, attr, target }) => ({
      ...(attr === undefined ? {} : { attr }),
      length: content.length,
      path,
      ...(target === undefined ? {} : { 'symlink path': target })
    }))
    return this.info({ files: list, name: 'multi', 'piece length': length, pieces: Buffer.from(this.pieces(content, length)), ...more })
  }
}
