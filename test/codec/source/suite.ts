/** What every source must do, whatever is behind it. Each driver's test runs it; a chain or a host relies on no more than this. */
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Source, verify } from '../../../src/codec/index.js'
import type { Module } from '../resealed.js'

/** A driver under test. */
export interface Driver {
  readonly name: string
  /** A source that has exactly these blocks. */
  make(blocks: readonly Module[]): Promise<{ source: Source; close?: () => Promise<void> | void }>
  /** which of the blocks it has in any case, or can only have: for a driver whose content is fixed */
  readonly fixed?: readonly Module[]
  /** finds blocks by hash, so that it has them under CIDs of any codec */
  readonly byHash?: boolean
}

export function sourceSuite({ name, make, fixed, byHash = false }: Driver, blocks: readonly Module[], absent: CID): void {
  const held = fixed ?? blocks
  const using = (title: string, work: (source: Source) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const { source, close } = await make(held)
      try {
        await work(source)
      } finally {
        await close?.()
      }
    })

  using('has a name', async (source) => {
    assert.type(source.name, 'string')
    assert.ok(source.name.length > 0)
  })

  using('gives each block whole, as a Uint8Array that verifies', async (source) => {
    for (const { cid, bytes } of held) {
      const got = await source.get(cid)
      assert.instance(got, Uint8Array)
      assert.ok(Buffer.from(bytes).equals(got as Uint8Array))
      await verify(cid, got as Uint8Array)
    }
  })

  using('answers undefined, and does not fail, for what it does not have', async (source) => {
    assert.is(await source.get(absent), undefined)
  })

  using('gives the same block any number of times, also at once', async (source) => {
    const [{ cid, bytes }] = held
    const all = await Promise.all(Array.from({ length: 20 }, () => source.get(cid)))
    for (const got of all) assert.ok(Buffer.from(bytes).equals(got as Uint8Array))
    assert.ok(Buffer.from(bytes).equals((await source.get(cid)) as Uint8Array))
  })

  using('answers different askings at once, each with its own block', async (source) => {
    const all = await Promise.all([...held, ...held].map(async ({ cid, bytes }) => Buffer.from(bytes).equals((await source.get(cid)) as Uint8Array)))
    assert.ok(all.every(Boolean))
  })

  using('a signal that is not aborted changes nothing', async (source) => {
    const [{ cid, bytes }] = held
    const got = await source.get(cid, { signal: new AbortController().signal })
    assert.ok(Buffer.from(bytes).equals(got as Uint8Array))
  })

  using('a signal that is aborted never makes it give wrong bytes or say that a block is absent', async (source) => {
    const [{ cid, bytes }] = held
    const got = await source.get(cid, { signal: AbortSignal.abort() }).catch((error: Error) => {
      assert.is(error.name, 'AbortError')
      return bytes
    })
    assert.ok(Buffer.from(bytes).equals(got as Uint8Array))
  })

  if (byHash) {
    using('has a block under any codec', async (source) => {
      const [{ cid, bytes }] = held
      const got = await source.get(CID.createV1(0x300abc, cid.multihash))
      assert.ok(Buffer.from(bytes).equals(got as Uint8Array))
    })
  }
}
