/** `autocodec cache gc`: makes room. */
import { type Command, InvalidArgumentError } from 'commander'
import { amount } from '../../amount.js'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'
import { storeOf } from '../../store.js'
import { count, size } from '../../text.js'

interface GcOptions {
  readonly max: number
  readonly older?: number
}

const DAY = 24 * 60 * 60 * 1000

export function gc(cache: Command, act: Act): void {
  cache
    .command('gc')
    .description('remove what was not used for longest, and what killed processes left unfinished; codecs that were added stay')
    .option('--max <size>', 'how much may stay, in bytes or with K, M or G', amount, 0)
    .option('--older <days>', 'remove only what was not used for so many days', days)
    .action(act(run))
}

async function run(context: Context, options: GcOptions): Promise<void> {
  const store = storeOf(context)
  const kept = new Set((await store.codecs()).map(({ cid }) => cid.toString()))
  const blocks = []
  for await (const block of store.blocks()) if (!kept.has(block.cid.toString())) blocks.push(block)
  blocks.sort((a, b) => a.used - b.used)
  let left = blocks.reduce((sum, block) => sum + block.size, 0)
  let [removed, freed] = [0, 0]
  for (const block of blocks) {
    if (left <= options.max || (options.older !== undefined && Date.now() - block.used < options.older * DAY)) break
    await store.delete(block.cid)
    left -= block.size
    freed += block.size
    removed++
  }
  const unfinished = await store.sweep()
  await context.out.line(`${count(removed, 'block')} removed, ${size(freed)}${unfinished === 0 ? '' : `, and ${count(unfinished, 'unfinished file')}`}`)
}

function days(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Expected a number of days.')
  return Number(text)
}
