/** `autocodec codec rm`: a codec that commands know no longer. */
import type { Command } from 'commander'
import { parseCodec } from '../../codec-name.js'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import type { Act } from '../../program.js'
import { storeOf } from '../../store.js'
import { codeText, plain } from '../../text.js'

export function rm(codec: Command, act: Act): void {
  codec
    .command('rm')
    .description('forget a codec that was kept by add; its module goes with the next "autocodec cache gc"')
    .argument('<codec>', 'its name, number or CID')
    .action(act(run))
}

async function run(context: Context, which: string): Promise<void> {
  const store = storeOf(context)
  const id = parseCodec(which)
  const kept = (await store.codecs()).filter(({ code, name, cid }) =>
    typeof id === 'number' ? code === id : typeof id === 'string' ? name === id : cid.equals(id)
  )
  if (kept.length === 0) throw new CliError('NO_SUCH_CODEC', EXIT.missing, `no codec ${plain(which)} is kept in ${plain(store.name)}`)
  for (const { cid, code, name } of kept) {
    await store.forget(cid)
    await context.out.line([codeText(code), name, cid].join('\t'))
  }
}
