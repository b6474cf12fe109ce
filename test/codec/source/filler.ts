/** A process that fills a store until it is killed, or until the blocks are used up: `filler.ts DIR SEED COUNT`. Says `ready`, then a line a block. */
import { DirectoryStore } from '../../../src/codec/source/directory-store.js'
import { cidOf } from '../resealed.js'

const [path, seed, count] = process.argv.slice(2)
const store = new DirectoryStore(path)
process.stdout.write('ready\n')
for (let i = 0; i < Number(count); i++) {
  // large enough that a write takes a while, of many sizes, and the same blocks for the same seed
  const bytes = new Uint8Array(20_000 + ((i * 7919) % 500_000)).fill(i + 1)
  new DataView(bytes.buffer).setUint32(0, Number(seed))
  new DataView(bytes.buffer).setUint32(4, i)
  const cid = await cidOf(bytes)
  await store.put(cid, bytes)
  if ((await store.get(cid))?.length !== bytes.length) throw new Error(`${cid} is not there`)
}
process.stdout.write('done\n')
