/** `autocodec cat`: the bytes at a path. */
import type { Command } from 'commander'
import type { Context } from '../context.js'
import { printBytes } from '../layout.js'
import { writeBlock } from '../output.js'
import type { Act } from '../program.js'
import { behind, find, nodeOf, type TargetOptions, withLayout } from '../target.js'
import { isText } from '../text.js'
import { whole } from '../whole.js'
import { bytesOf } from './get.js'

interface CatOptions extends TargetOptions {
  readonly follow?: boolean
  readonly offset?: number
  readonly length?: number
  readonly output?: string
}

export function cat(program: Command, act: Act): void {
  withLayout(program.command('cat'))
    .description('write the bytes at a path as they are: of a file, or of bytes or a string of the data model')
    .argument('<cid/path>', 'a CID, and keys, indices and names of files below it')
    .option('--offset <n>', 'the first byte', whole)
    .option('--length <n>', 'how many bytes; of a file, the rest is not read', whole)
    .option('--follow', 'if the block names the codec of what it wraps, what it wraps; through the layout that it names')
    .option('-o, --output <file>', 'where to write them; default standard output')
    .action(act(run))
}

async function run(context: Context, address: string, { offset, length, output, follow, ...options }: CatOptions): Promise<void> {
  const tagged = follow === true ? await behind(context, address) : undefined
  const target = tagged ?? (await find(context, address, options))
  const node = 'node' in target ? target.node : 'value' in target ? await nodeOf(context, target, options) : undefined
  if (node !== undefined) return printBytes(context.out, node, { offset, length }, output)
  const all = 'value' in target ? bytesOf(target.value, address) : (target as { bytes: Uint8Array }).bytes
  const part = all.subarray(offset ?? 0, length === undefined ? undefined : (offset ?? 0) + length)
  await writeBlock(context.out, part, { file: output, text: isText(part) })
}
