/** A codec's module as the `codec` commands take it: a file, or a codec that the host has. */
import { existsSync } from 'node:fs'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { parseCid, parseCodec } from './codec-name.js'
import type { Context } from './context.js'
import { readInput, STDIN } from './input.js'

interface Module {
  readonly bytes: Uint8Array
  readonly cid: CID
  /** what the CID should be, where something says so: the file's name, or the catalog */
  readonly expected?: CID
}

const RAW = 0x55

/** The CID of a module: CIDv1, raw, sha2-256 (docs/abi.md section 1). */
export async function moduleCid(bytes: Uint8Array): Promise<CID> {
  return CID.createV1(RAW, await sha256.digest(bytes))
}

/** What looks like a file is one; anything else is a codec's name, number or CID. */
export async function findModule(context: Context, which: string): Promise<Module> {
  if (which === STDIN || /[/\\]|\.wasm$/.test(which) || existsSync(which)) {
    const bytes = await readInput(which)
    const expected = parseCid(which.replace(/^.*[/\\]/, '').replace(/\.wasm$/, ''))
    return { bytes, cid: await moduleCid(bytes), expected }
  }
  const host = await context.host()
  const { cid } = await host.codec(parseCodec(which))
  const bytes = await host.module(cid)
  return { bytes, cid: await moduleCid(bytes), expected: cid }
}
