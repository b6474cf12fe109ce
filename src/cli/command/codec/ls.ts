/** `autocodec codec ls`: the codecs at hand. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'
import { codeText, plain } from '../../text.js'

export function ls(codec: Command, act: Act): void {
  codec.command('ls').description('list the codecs: number, name, bytes, CID and source, in columns that tabs separate').action(act(run))
}

async function run(context: Context): Promise<void> {
  const host = await context.host()
  const entries = [...host.codecs()].sort((a, b) => a.manifest.code - b.manifest.code)
  for (const { manifest, size, cid, source } of entries) {
    await context.out.line([codeText(manifest.code), manifest.name, size, cid, plain(source)].join('\t'))
  }
}
