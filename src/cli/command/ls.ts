/** `autocodec ls`: what is at a path. */
import type { Command } from 'commander'
import { resolve } from '../../dag/index.js'
import { OpenBlocks, parseAddress, withBlocks } from '../blocks.js'
import { codecName } from '../codec-name.js'
import type { Context } from '../context.js'
import { scalar } from '../preview.js'
import type { Act } from '../program.js'
import { plain } from '../text.js'

interface LsOptions {
  readonly links?: boolean
  readonly dir?: readonly string[]
}

/** Letters of a value. */
const WIDTH = 100

export function ls(program: Command, act: Act): void {
  withBlocks(program.command('ls'))
    .description('list the entries of a map or list: key, kind and value, in columns that tabs separate')
    .argument('<cid/path>', 'a CID, and keys and indices below it')
    .option('--links', 'list all links at the path and below it in its block instead: CID and codec')
    .action(act(run))
}

async function run(context: Context, address: string, options: LsOptions): Promise<void> {
  const { out } = context
  const { cid, path } = parseAddress(address)
  await using open = await OpenBlocks.open(context, options)
  const host = await context.host()
  const { node } = await resolve(cid, path, { blocks: open.blocks, codecs: host.loader })
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
