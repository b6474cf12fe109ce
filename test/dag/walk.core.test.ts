import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Child, digestKey, keyOf, walk } from '../../src/dag/index.js'
import { cbor, type Made } from './sample.js'

interface Named {
  readonly name: string
  readonly children: readonly Child[]
}

/** A store whose blocks are named, so that a walk reads as a list of names. */
async function store(): Promise<{
  add(name: string, links: readonly (string | CID)[]): Promise<Made>
  steps(roots: readonly string[], limits?: object): Promise<string[]>
}> {
  const blocks = new Map<string, Made & { name: string; links: CID[] }>()
  const byName = new Map<string, CID>()
  const cidOf = (link: string | CID) => (typeof link === 'string' ? (byName.get(link) as CID) : link)
  return {
    async add(name, links) {
      const cids = links.map(cidOf)
      const made = await cbor({ name, links: cids })
      blocks.set(digestKey(made.cid), { ...made, name, links: cids })
      byName.set(name, made.cid)
      return made
    },
    async steps(roots, limits = {}) {
      const lines: string[] = []
      const steps = walk<Named>(roots.map(cidOf), {
        get: async (cid) => blocks.get(digestKey(cid))?.bytes,
        visit: async (cid) => {
          const { name, links } = blocks.get(digestKey(cid)) as { name: string; links: CID[] }
          return { name, children: links.map((link, at) => ({ cid: link, label: String(at) })) }
        },
        ...limits
      })
      for await (const { state, depth, visit, last, cid } of steps) {
        const name = visit?.name ?? [...blocks.values()].find((made) => keyOf(made.cid) === keyOf(cid))?.name ?? '?'
        lines.push(`${'-'.repeat(depth)}${name}${state === 'block' ? '' : ` ${state}`}${last[depth] ? '.' : ''}`)
      }
      return lines
    }
  }
}

test('depth first, each block once, missing ones named', async () => {
  const { add, steps } = await store()
  const absent = await cbor('absent')
  await add('leaf', [])
  await add('left', ['leaf', absent.cid])
  await add('right', ['leaf', 'left', 'leaf'])
  await add('root', ['left', 'right'])
  assert.equal(await steps(['root', 'leaf']), [
    'root',
    '-left',
    '--leaf',
    '--? missing.',
    '-right.',
    '--leaf seen',
    '--left seen',
    '--leaf seen.',
    'leaf seen.'
  ])
})

test('the same bytes linked as another codec are another block', async () => {
  const { add, steps } = await store()
  const { cid } = await add('leaf', [])
  await add('root', [cid, CID.createV1(0x55, cid.multihash)])
  assert.equal(await steps(['root']), ['root.', '-leaf', '-leaf.'])
})

test('limits on depth and on blocks', async () => {
  const { add, steps } = await store()
  await add('b0', [])
  for (let at = 1; at <= 2000; at++) await add(`b${at}`, [`b${at - 1}`])
  assert.is((await steps(['b2000'])).length, 2001)
  for (const limits of [{ maxDepth: 100 }, { maxBlocks: 100 }]) {
    await steps(['b2000'], limits).then(
      () => assert.unreachable(),
      (error) => assert.is(error.code, 'WALK_LIMIT')
    )
    assert.is((await steps(['b99'], limits)).length, 100)
  }
})

test.run()
