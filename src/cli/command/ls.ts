/** `autocodec ls`: what is at a path. */
import type { Command } from 'commander'
import type { LayoutNode } from '../../dag/layout/index.js'
import { codecName } from '../codec-name.js'
import type { Context } from '../context.js'
import { CliError, EXIT } from '../exit.js'
import type { Output } from '../output.js'
import { scalar } from '../preview.js'
import type { Act } from '../program.js'
import { find, nodeOf, type TargetOptions, withLayout } from '../target.js'
import { plain } from '../text.js'

interface LsOptions extends TargetOptions {
  readonly links?: boolean
}

/** Letters of a value. */
const WIDTH = 100

export function ls(program: Command, act: Act): void {
  withLayout(program.command('ls'))
    .description('list the entries of a directory: name, kind and size; or of a map or list: key, kind and value; in columns that tabs separate')
    .argument('<cid/path>', 'a CID, and keys, indices and names of files below it')
    .option('--links', 'list all links at the path and below it in its block instead: CID and codec')
    .action(act(run))
}

async function run(context: Context, address: string, options: LsOptions): Promise<void> {
  const { out } = context
  const host = await context.host()
  const target = await find(context, address, options)
  const directory = options.links === true ? undefined : await nodeOf(context, target, options)
  if (directory !== undefined) return listNode(out, directory)
  if (!('value' in target)) throw new CliError('USAGE', EXIT.usage, '--links lists links of the data model: the path leads to a file or directory')
  const { node } = target.value
  if (options.links === true) {
    for (const link of node.links()) await out.line(`${link}\t${plain(codecName(host, link.code))}`)
    return
  }
  if (node.kind !== 'map' && node.kind !== 'list') return out.line(`\t${node.kind}\t${scalar(node, WIDTH)}`)
  for (const [key, child] of node.entries()) {
    const { kind, length } = child
    const value = kind === 'map' || kind === 'list' ? String(length) : kind === 'link' ? String(child.value()) : scalar(child, WIDTH)
    await out.line(`${plain(String(key))}\t${kind}\t${value}`)
  }
}

/** Name, kind and size of each entry; of a file, itself. */
async function listNode(out: Output, node: LayoutNode): Promise<void> {
  if (node.kind !== 'directory') return out.line(row('', node))
  for await (const entry of node.entries()) {
    // a directory does not always say what its entries are
    const known = entry.kind === 'directory' || (entry.kind === 'file' && entry.size !== undefined) ? { ...entry, kind: entry.kind } : await node.open(entry)
    await out.line(row(entry.name, known))
  }
}

function row(name: string, { kind, size, target }: Pick<LayoutNode, 'kind' | 'size' | 'target'>): string {
  const what = kind === 'file' ? String(size) : kind === 'symlink' ? `-> ${plain(target ?? '')}` : '-'
  return [plain(name), kind, what].join('\t')
}
