/** `autocodec cat`: the bytes at a path. */
import type { Command } from 'commander'
import { resolve } from '../../dag/index.js'
import { OpenBlocks, parseAddress, withBlocks } from '../blocks.js'
import type { Context } from '../context.js'
import { writeBlock } from '../output.js'
import type { Act } from '../program.js'
import { isText } from '../text.js'
import { bytesOf } from './get.js'

interface CatOptions {
  readonly output?: string
  readonly dir?: readonly string[]
}

export function cat(program: Command, act: Act): void {
  withBlocks(program.command('cat'))
    .description('write the bytes or the string at a path, as they are')
    .argument('<cid/path>', 'a CID, and keys and indices below it')
    .option('-o, --output <file>', 'where to write them; default standard output')
    .action(act(run))
}

async function run(context: Context, address: string, options: CatOptions): Promise<void> {
  const { cid, path } = parseAddress(address)
  await using open = await OpenBlocks.open(context, options)
  const host = await context.host()
  // what a layout makes of many blocks, a file, would be asked for here
  const bytes = bytesOf(await resolve(cid, path, { blocks: open.blocks, codecs: host.loader }), address)
  await writeBlock(context.out, bytes, { file: options.output, text: isText(bytes) })
}
