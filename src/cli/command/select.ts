/** `autocodec select`: what a selector selects of a DAG. */
import type { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import type { Codec, Host } from '../../codec/index.js'
import { DagError, type Match, readSelector, type Selector, select as selected, type Visit } from '../../dag/index.js'
import { type GetBlock, layoutInterpreter } from '../../dag/layout/index.js'
import { sliceJson } from '../../ipld/slice-json.js'
import { parseCid } from '../codec-name.js'
import type { Context } from '../context.js'
import { EXIT, type Exit, exitOf, worse } from '../exit.js'
import { readInput } from '../input.js'
import type { Act } from '../program.js'
import { find, getOf, readBlock } from '../target.js'
import { plain } from '../text.js'
import { whole } from '../whole.js'

interface SelectOptions {
  readonly all?: boolean
  readonly once?: boolean
  readonly nodes?: number
  readonly blocks?: number
  readonly depth?: number
}

export function select(program: Command, act: Act): void {
  program
    .command('select')
    .description('print what a selector selects: path and value as DAG-JSON, separated by a tab, a line each')
    .argument('<cid/path>', 'where to begin; with a path, at the block that it leads to')
    .argument('<selector>', 'the selector: DAG-JSON, a file that has it as DAG-JSON or DAG-CBOR (- for standard input), or the CID of a block')
    .option('--all', 'also the paths that are only visited on the way, with nothing after them')
    .option('--once', 'follow each link once, whatever the paths that lead there')
    .option('--nodes <n>', 'visit so many nodes at most; more are a failure', whole)
    .option('--blocks <n>', 'load so many blocks at most; more are a failure', whole)
    .option('--depth <n>', 'longest path; longer ones are a failure', whole)
    .action(act(run))
}

async function run(context: Context, address: string, source: string, options: SelectOptions): Promise<Exit> {
  const { out } = context
  const host = await context.host()
  const get = getOf(await context.blocks())
  const target = await find(context, address, {})
  const root = 'value' in target ? target.value.cid : target.node.cid
  const printed = new Printed(host, await host.codec('dag-json'), get)
  let exit = EXIT.ok as Exit
  const visits = selected(root, await selectorOf(context, host, source), {
    get: async (cid, to) => get(cid, to ?? {}),
    codec: ({ code }) => host.codec(code),
    interpret: layoutInterpreter(host, { get, verify: false, limits: context.limits }),
    dead({ path, cid, reason }) {
      exit = worse(exit, exitOf(reason))
      context.complain(
        plain(
          reason instanceof DagError && reason.code === 'BLOCK_NOT_FOUND' ? reason.message : `"${path.join('/')}", ${cid}: ${String((reason as Error).message)}`
        )
      )
    },
    once: options.once,
    maxNodes: options.nodes,
    maxBlocks: options.blocks,
    maxDepth: options.depth
  })
  for await (const visit of visits) {
    printed.at(visit)
    const path = plain(visit.path.join('/'))
    for (const match of visit.matches) await out.line(`${path}\t${await printed.text(visit, match)}`)
    if (options.all === true && visit.matches.length === 0) await out.line(path)
  }
  if (exit === EXIT.missing) context.complain((await context.places()).advice)
  return exit
}

async function selectorOf(context: Context, host: Host, source: string): Promise<Selector> {
  const cid = parseCid(source)
  const bytes =
    cid !== undefined ? await readBlock(context, cid) : source.trimStart().startsWith('{') ? new TextEncoder().encode(source) : await readInput(source)
  const codec = await host.codec(cid?.code ?? (bytes[0] === OPENING_BRACE ? 'dag-json' : 'dag-cbor'))
  // people write spaces, and fields in the order in which they want the visits
  return readSelector(codec.node(bytes, { strict: false }))
}

const OPENING_BRACE = 0x7b

/** Values as DAG-JSON: cut from that of their block, made from tape to tape, so that no number changes. */
class Printed {
  readonly #host: Host
  readonly #json: Codec
  readonly #get: GetBlock
  /** the blocks around the visit, the outermost first: at how many segments each begins, and its text once it is wanted */
  readonly #blocks: { readonly cid: CID; readonly start: number; text?: string }[] = []

  constructor(host: Host, json: Codec, get: GetBlock) {
    this.#host = host
    this.#json = json
    this.#get = get
  }

  at({ path, place }: Visit): void {
    const blocks = this.#blocks
    // a layout's files and directories are in no block's text
    if (place.node === undefined) return
    if (place.root) {
      while (blocks.length > 0 && blocks[blocks.length - 1].start >= path.length) blocks.pop()
      blocks.push({ cid: place.cid, start: path.length })
    } else while (blocks.length > 1 && !blocks[blocks.length - 1].cid.equals(place.cid)) blocks.pop()
  }

  async text({ path, place }: Visit, match: Match): Promise<string> {
    const { node, kind } = place
    if (node !== undefined && match.subset === undefined && (kind === 'float' || kind === 'map' || kind === 'list')) {
      const block = this.#blocks[this.#blocks.length - 1]
      block.text ??= await this.#textOf(block.cid)
      return sliceJson(block.text, path.slice(block.start).map(String))
    }
    const value = await match.value()
    // a directory of a layout has entries, which the selector may go on to, and no value
    return value === undefined ? '' : new TextDecoder().decode(this.#json.encode(value))
  }

  async #textOf(cid: CID): Promise<string> {
    const codec = await this.#host.codec(cid.code)
    const bytes = (await this.#get(cid, {})) as Uint8Array
    return new TextDecoder().decode(this.#json.encodeTape(codec.tape(bytes)))
  }
}
