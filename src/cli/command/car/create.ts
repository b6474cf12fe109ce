/** `autocodec car create`: files as the blocks of a CAR. */
import type { Command } from 'commander'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { keyOf, verifyBlock, writeCar } from '../../../dag/index.js'
import { codecFor } from '../../codec-name.js'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import { nameOf, readInput, STDIN } from '../../input.js'
import type { Act } from '../../program.js'
import { Progress } from '../../progress.js'
import { plain } from '../../text.js'
import { writeWhole } from '../../whole-file.js'

interface CreateOptions {
  readonly codec?: string
  readonly root?: readonly string[]
  readonly output?: string
}

/** A file that is to be a block; its bytes are read again when they are written, so that none are held. */
interface Planned {
  readonly file: string
  readonly cid: CID
}

export function create(car: Command, act: Act): void {
  car
    .command('create')
    .description('make a CAR of files, a block each, in their order; a block that comes twice is written once. Each must be valid in its codec')
    .argument('<file...>', 'the blocks')
    .option('--codec <c>', 'the codec of all of them; without it the name of each file decides: its extension (x.dag-cbor), or the CID that it is')
    .option('--root <cid>', 'a root; may be repeated. Default: the blocks that no other links to', (cid: string, before: string[] = []) => [...before, cid])
    .option('-o, --output <file>', 'where to write the CAR; default standard output')
    .action(act(run))
}

async function run(context: Context, files: readonly string[], options: CreateOptions): Promise<void> {
  const { out } = context
  const { output } = options
  if (output === undefined && out.isTerminal)
    throw new CliError('TERMINAL', EXIT.usage, 'a CAR is not text and would upset the terminal: write it to a file with -o FILE, or pipe it on')
  if (files.includes(STDIN)) throw new CliError('USAGE', EXIT.usage, 'standard input can be read once only, and a CAR begins with its roots: give files')
  const roots = options.root?.map(parseRoot)
  const host = await context.host()
  const planned: Planned[] = []
  const linked = new Set<string>()
  for (const file of files) {
    const bytes = await readInput(file)
    const codec = await codecFor(host, file, bytes, options.codec)
    for (const link of codec.links(bytes)) linked.add(keyOf(link))
    planned.push({ file, cid: CID.createV1(codec.code, await sha256.digest(bytes)) })
  }
  const progress = new Progress('written')
  const chunks = writeCar(roots ?? topOf(planned, linked), blocksOf(planned, progress))
  try {
    if (output === undefined) for await (const chunk of chunks) await out.write(chunk)
    else await writeWhole(output, chunks)
  } finally {
    progress.end()
  }
}

/** Blocks that no other links to, each once. */
function topOf(planned: readonly Planned[], linked: ReadonlySet<string>): CID[] {
  const top = new Map(planned.filter(({ cid }) => !linked.has(keyOf(cid))).map(({ cid }) => [keyOf(cid), cid]))
  return [...top.values()]
}

async function* blocksOf(planned: readonly Planned[], progress: Progress): AsyncGenerator<{ cid: CID; bytes: Uint8Array }> {
  let length = 0
  for (const [at, { file, cid }] of planned.entries()) {
    const bytes = await readInput(file)
    await verifyBlock(cid, bytes).catch((cause) => {
      throw new CliError('MISMATCH', EXIT.failure, `${nameOf(file)} has changed while the CAR was being made`, { cause })
    })
    yield { cid, bytes }
    length += bytes.length
    progress.at(length, at + 1)
  }
}

function parseRoot(text: string): CID {
  try {
    return CID.parse(text)
  } catch (cause) {
    throw new CliError('USAGE', EXIT.usage, `--root: ${plain(text)} is not a CID`, { cause })
  }
}
