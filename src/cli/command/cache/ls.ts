/** `autocodec cache ls`: what is kept. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'
import { storeOf } from '../../store.js'

export function ls(cache: Command, act: Act): void {
  cache
    .command('ls')
    .description('list what is kept: CID (raw, since only hashes are known), bytes, hour of last use, and the name of a codec, in columns that tabs separate')
    .action(act(run))
}

async function run(context: Context): Promise<void> {
  const store = storeOf(context)
  const names = new Map((await store.codecs()).map(({ cid, name }) => [cid.toString(), name]))
  for await (const { cid, size, used } of store.blocks()) {
    await context.out.line([cid, size, `${new Date(used).toISOString().slice(0, 13)}:00Z`, names.get(cid.toString()) ?? ''].join('\t').trimEnd())
  }
}
