/** `autocodec cache verify`: whether what is kept is still what it was. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { EXIT, type Exit } from '../../exit.js'
import type { Act } from '../../program.js'
import { storeOf } from '../../store.js'
import { count, size } from '../../text.js'

export function verify(cache: Command, act: Act): void {
  cache.command('verify').description('check the hash of everything that is kept, and remove what has changed').action(act(run))
}

async function run(context: Context): Promise<Exit> {
  const store = storeOf(context)
  let [blocks, bytes, bad] = [0, 0, 0]
  for await (const block of store.blocks()) {
    // reading is what verifies, and removes
    const sound = (await store.get(block.cid)) !== undefined
    blocks++
    bytes += block.size
    if (sound) continue
    bad++
    context.complain(`${block.cid} had other bytes and was removed`)
  }
  await context.out.line(`${count(blocks, 'block')}, ${size(bytes)}, ${bad === 0 ? 'all verified' : `${count(bad, 'block')} removed`}`)
  return bad === 0 ? EXIT.ok : EXIT.data
}
