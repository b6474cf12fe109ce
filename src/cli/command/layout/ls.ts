/** `autocodec layout ls`: the layouts that are shipped. */
import type { Command } from 'commander'
import { layouts } from '../../../dag/layout/index.js'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'
import { codeText } from '../../text.js'

export function ls(layout: Command, act: Act): void {
  layout.command('ls').description('list the layouts: name, multicodecs of their usual roots, and CID, in columns that tabs separate').action(act(run))
}

async function run(context: Context): Promise<void> {
  for (const { cid, manifest } of layouts()) await context.out.line([manifest.name, (manifest.codes ?? []).map(codeText).join(','), cid].join('\t'))
}
