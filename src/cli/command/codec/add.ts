/** `autocodec codec add`: a codec that commands know from now on. */
import type { Command } from 'commander'
import { createHost } from '../../../codec/index.js'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import { findModule } from '../../module.js'
import type { Act } from '../../program.js'
import { storeOf } from '../../store.js'
import { codeText, plain } from '../../text.js'

export function add(codec: Command, act: Act): void {
  codec
    .command('add')
    .description('get a codec, verify it, and keep it for all later commands; print its number, name and CID')
    .argument('<codec>', 'its CID, or a number or name that a catalog has, or a FILE.wasm')
    .action(act(run))
}

async function run(context: Context, which: string): Promise<void> {
  const store = storeOf(context)
  const { bytes, cid, expected } = await findModule(context, which)
  if (expected !== undefined && !expected.equals(cid)) throw new CliError('MISMATCH', EXIT.data, `${plain(which)}: its bytes are ${cid}, expected ${expected}`)
  // that the sandbox accepts it, before anybody relies on it
  const host = await createHost({ limits: context.limits })
  const { manifest } = await host.codec((await host.add(bytes, plain(which))).cid)
  await store.keep(cid, bytes, manifest)
  await context.out.line([codeText(manifest.code), manifest.name, cid].join('\t'))
}
