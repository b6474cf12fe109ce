/** The commands, the options that they share, and how they are run. */
import { createRequire } from 'node:module'
import { Command, InvalidArgumentError } from 'commander'
import { DagError } from '../dag/index.js'
import { LayoutError } from '../dag/layout/index.js'
import { amount } from './amount.js'
import { gc } from './command/cache/gc.js'
import { ls as cacheLs } from './command/cache/ls.js'
import { verify as cacheVerify } from './command/cache/verify.js'
import { create } from './command/car/create.js'
import { extract } from './command/car/extract.js'
import { inspect } from './command/car/inspect.js'
import { ls as carLs } from './command/car/ls.js'
import { verify as carVerify } from './command/car/verify.js'
import { cat } from './command/cat.js'
import { add as codecAdd } from './command/codec/add.js'
import { get as codecGet } from './command/codec/get.js'
import { info } from './command/codec/info.js'
import { ls as codecLs } from './command/codec/ls.js'
import { pack } from './command/codec/pack.js'
import { rm } from './command/codec/rm.js'
import { test as codecTest } from './command/codec/test.js'
import { verify as codecVerify } from './command/codec/verify.js'
import { decode } from './command/decode.js'
import { encode } from './command/encode.js'
import { get } from './command/get.js'
import { inspect as inspectBlock } from './command/inspect.js'
import { cat as layoutCat } from './command/layout/cat.js'
import { dir } from './command/layout/dir.js'
import { ls as layoutLs } from './command/layout/ls.js'
import { links } from './command/links.js'
import { ls } from './command/ls.js'
import { select } from './command/select.js'
import { transcode } from './command/transcode.js'
import { walk } from './command/walk.js'
import { wrap } from './command/wrap.js'
import { Context, type GlobalOptions } from './context.js'
import { CliError, EXIT, type Exit, MEANINGS } from './exit.js'
import { Output } from './output.js'

/** Those that `tasks.ts` adds. */
const TASK_COMMANDS = ['run', 'work', 'delegate', 'invoke', 'revoke', 'function', 'key', 'receipt', 'token', 'name']

/** A command's work. What it returns is how the program ends; nothing is `ok`. */
type Work<A extends unknown[]> = (context: Context, ...args: A) => Promise<Exit | void>

/** Makes a command's work into what commander calls: with its arguments, its options and the context. */
export type Act = <A extends unknown[]>(work: Work<A>) => (...args: unknown[]) => Promise<void>

const act: Act =
  <A extends unknown[]>(work: Work<A>) =>
  async (...args) => {
    // commander's last argument is the command itself
    const command = args.pop() as Command
    const context = new Context(command.optsWithGlobals<GlobalOptions>(), new Output(process.stdout))
    try {
      process.exitCode = (await work(context, ...(args as A))) ?? process.exitCode
    } catch (error) {
      throw await withAdvice(error, context)
    } finally {
      await context.close()
    }
  }

/** @param line the words after the program's name */
export async function createProgram(line: readonly string[] = process.argv.slice(2)): Promise<Command> {
  const { version } = createRequire(import.meta.url)('autocodec/package.json') as { version: string }
  const program = new Command('autocodec')
  program
    .description(
      'Reads IPLD data with decoders that are content themselves: Wasm modules named by CID, verified like any block, run in a sandbox; and runs functions over it, with signed receipts.'
    )
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`autocodec: ${oneLine(text)}\n`) })
    .option('--module <file>', 'a codec to use, as a Wasm module; may be repeated', collect)
    .option('--modules <dir>', 'use all codecs (*.wasm) in a directory; may be repeated', collect)
    .option('--car <file>', 'find blocks and codecs in a CAR; may be repeated', collect)
    .option('--dir <dir>', 'find blocks in a directory: files named by CID, or those of blockstore-fs; may be repeated', collect)
    .option('--store <dir>', 'where codecs and blocks are kept between commands; default $AUTOCODEC_STORE, or autocodec in the cache directory')
    .option('--no-store', 'keep nothing, and use nothing kept')
    .option('--gateway <url>', 'a trustless gateway to get blocks from; may be repeated; default $AUTOCODEC_GATEWAY', collect)
    .option('--catalog <c>', 'a catalog of codecs, as a CID or a file; may be repeated', collect)
    .option('--trust <cid>', 'a codec that may run though only data names it, or a catalog of such; may be repeated', collect)
    .option('--allow-data-codecs', 'run any codec that data names')
    .option('--fuel <n>', 'fuel that one call of a codec may use, whatever the size of its input', number)
    .option('--memory <size>', 'memory that a codec may use: bytes, or with K, M or G', amount)
    .option('--trace', 'show where an error comes from')
    .addHelpText(
      'after',
      `\nFILE may be - for standard input. A codec C is a name (dag-cbor), a number (0x71, 113) or the CID of its module.\n\nExit codes:\n${exits()}`
    )

  for (const add of [inspectBlock, decode, encode, transcode, links, wrap, get, cat, ls, walk, select]) add(program, act)
  const car = program.command('car').description('content archives')
  for (const add of [carLs, inspect, carVerify, create, extract]) add(car, act)
  const codec = program.command('codec').description('the codecs themselves')
  for (const add of [codecLs, info, codecVerify, codecTest, pack, codecAdd, codecGet, rm]) add(codec, act)
  const cache = program.command('cache').description('blocks and codecs that are kept between commands')
  for (const add of [cacheLs, cacheVerify, gc]) add(cache, act)
  // commander would print the whole help, which says less than one line
  const layout = program.command('layout').description('files and directories that many blocks are')
  for (const add of [layoutLs, dir, layoutCat]) add(layout, act)
  const later = saysLater(program, line) ? (await import('./tasks.js')).addTasks(program, act) : []
  for (const group of [program, car, codec, cache, layout, ...later]) {
    group
      .helpCommand(true)
      .allowExcessArguments()
      .action(() => {
        const names = group.commands.map((command) => command.name()).join(', ')
        const [given] = group.args
        group.error(given === undefined ? `no command: expected one of ${names}; --help says more` : `unknown command '${given}'; expected one of ${names}`)
      })
  }
  return program
}

/** Whether the line may be about tasks: those commands are loaded only then, and all others start without them. */
function saysLater({ commands }: Command, line: readonly string[]): boolean {
  const known = new Set(commands.map((command) => command.name()))
  return TASK_COMMANDS.some((name) => line.includes(name)) || !line.some((word) => known.has(word)) || /^(-h|--help)$/.test(line[0])
}

/** A block that is nowhere: which places were asked, and what to give. The library's messages know nothing of options. */
async function withAdvice(error: unknown, context: Context): Promise<unknown> {
  if (!(error instanceof DagError || error instanceof LayoutError) || error.code !== 'BLOCK_NOT_FOUND') return error
  return new CliError('NOT_FOUND', EXIT.missing, `${error.message}; ${(await context.places()).advice}`, { cause: error })
}

function exits(): string {
  return Object.entries(MEANINGS)
    .map(([exit, meaning]) => `  ${exit}  ${meaning}`)
    .join('\n')
}

/** Commander's messages on one line, without its own prefix. */
function oneLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

function number(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value === 0) throw new InvalidArgumentError('Expected a whole number above 0.')
  return value
}
