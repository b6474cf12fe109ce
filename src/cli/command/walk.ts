/** `autocodec walk`: all blocks that a block leads to. */
import type { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import { type Step, type Visited, type WalkBlocksEnd, walkBlocks } from '../../dag/index.js'
import { codecName } from '../codec-name.js'
import type { Context } from '../context.js'
import { EXIT, type Exit, exitOf, worse } from '../exit.js'
import type { Act } from '../program.js'
import { Progress } from '../progress.js'
import { branches } from '../report.js'
import { find, parseAddress } from '../target.js'
import { codeText, count, plain, size } from '../text.js'
import { whole } from '../whole.js'

interface WalkOptions {
  readonly breadthFirst?: boolean
  readonly depth?: number
  readonly blocks?: number
  readonly pretty?: boolean
}

/** Blocks that are asked for before their turn. */
const PREFETCH = 8

export function walk(program: Command, act: Act): void {
  program
    .command('walk')
    .description('list a block and all that it leads to, each once: CID, codec, bytes and depth, in columns that tabs separate')
    .argument('<cid/path>', 'where to begin')
    .option('--breadth-first', 'all blocks of a depth before those below; default depth first')
    .option('--depth <n>', 'go so many links down; 0 is the first block alone', whole)
    .option('--blocks <n>', 'list so many blocks at most', whole)
    .option('--pretty', 'draw the DAG as a tree; depth first')
    .action(act(run))
}

async function run(context: Context, address: string, options: WalkOptions): Promise<Exit> {
  const { out } = context
  const host = await context.host()
  const blocks = await context.blocks()
  const root = await rootOf(context, address)
  const progress = new Progress('walked')
  const steps = walkBlocks([root], {
    blocks,
    codecs: host.loader,
    order: options.breadthFirst === true && options.pretty !== true ? 'breadth-first' : 'depth-first',
    prefetch: PREFETCH,
    maxDepth: options.depth === undefined ? undefined : options.depth + 1,
    maxBlocks: options.blocks,
    limits: 'report',
    missing: 'report',
    unknown: 'report',
    faulty: 'report',
    onProgress: (event) => {
      if (event.type === 'autocodec:dag:blocks' && !out.isTerminal) progress.at(event.detail.bytes, event.detail.blocks)
    }
  })
  let exit: Exit = EXIT.ok
  for (;;) {
    const { value, done } = await steps.next()
    if (done) {
      progress.end()
      return conclude(context, value as WalkBlocksEnd, exit, (await context.places()).advice)
    }
    const step = value as Step<Visited>
    const fault = step.visit?.fault
    // blocks without a codec are counted, and told of at the end
    if (fault !== undefined && fault.code !== 'UNKNOWN_CODEC') {
      exit = worse(exit, exitOf(fault))
      progress.end()
      context.complain(plain(fault.message))
    }
    const codec = plain(codecName(host, step.cid.code))
    if (options.pretty === true) await out.line(`${out.paint.dim(branches(step))}${out.paint.yellow(String(step.cid))}  ${out.paint.dim(remark(step, codec))}`)
    else if (step.state === 'block') await out.line([step.cid, codec, step.bytes?.length, step.depth].join('\t'))
  }
}

/** The block that the path ends in. A CID alone need not be there: the walk says so. */
async function rootOf(context: Context, address: string): Promise<CID> {
  const { cid, path } = parseAddress(address)
  if (path.length === 0) return cid
  const target = await find(context, address, {})
  return 'value' in target ? target.value.cid : target.node.cid
}

function remark({ state, bytes, visit }: Step<Visited>, codec: string): string {
  if (state === 'seen') return '↑ shown above'
  if (state === 'beyond') return '… not followed'
  if (state === 'missing') return visit?.fault === undefined ? 'missing' : 'not the bytes that the CID names'
  return `${codec}  ${size(bytes?.length ?? 0)}`
}

/** What was left out, each kind in a line. Where the user has set the limit that is no failure. */
function conclude(context: Context, { missing, beyond, unknown }: WalkBlocksEnd, exit: Exit, advice: string): Exit {
  let worst = exit
  if (missing > 0) {
    context.complain(`${count(missing, 'block')} ${missing === 1 ? 'is' : 'are'} linked and in none of the places; ${advice}`)
    worst = worse(worst, EXIT.missing)
  }
  for (const [code, blocks] of unknown) {
    context.complain(`unknown codec ${codeText(code)}: the links of ${count(blocks, 'block')} are not known; give the codec's module with --module FILE.wasm`)
    worst = worse(worst, EXIT.unknown)
  }
  if (beyond > 0) context.complain(`${count(beyond, 'link')} not followed, for --depth or --blocks`)
  return worst
}
