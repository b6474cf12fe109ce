/** `autocodec function ls`: the functions that come with the package. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'

export function ls(group: Command, act: Act): void {
  group
    .command('ls')
    .description('list the functions that are shipped: module, function, bytes and CID of the module, in columns that tabs separate')
    .action(act(run))
}

async function run(context: Context): Promise<void> {
  const { functions } = await import('../../../task/index.js')
  const entries = [...functions()].sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1))
  for (const { manifest, size, cid } of entries) {
    for (const { name } of manifest.functions) await context.out.line([manifest.name, name, size, cid].join('\t'))
  }
}
