/** `autocodec links`: the CIDs in a block. */
import type { Command } from 'commander'
import { codecFor } from '../codec-name.js'
import type { Context } from '../context.js'
import { readInput } from '../input.js'
import type { Act } from '../program.js'
import { explainEmpty } from './decode.js'

interface LinksOptions {
  readonly codec?: string
  readonly lax?: boolean
}

export function links(program: Command, act: Act): void {
  program
    .command('links')
    .description('print the CIDs that a block links to, a line each, in the order of the block')
    .argument('<file>', 'the block; - for standard input')
    .option('--codec <c>', 'the codec; without it the name of the file decides, as for decode')
    .option('--lax', 'accept what the format lets a decoder accept beyond its canonical form')
    .action(act(run))
}

async function run(context: Context, file: string, options: LinksOptions): Promise<void> {
  const bytes = await readInput(file)
  const host = await context.host()
  const codec = await codecFor(host, file, bytes, options.codec)
  await explainEmpty(file, bytes, codec.name, async () => {
    for (const cid of codec.links(bytes, { strict: options.lax !== true })) await context.out.line(cid.toString())
  })
}
