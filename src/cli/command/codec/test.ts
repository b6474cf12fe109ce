/** `autocodec codec test`: whether a codec keeps what every codec owes. */
import { type Command, InvalidArgumentError } from 'commander'
import { conform, type Verdict } from '../../../conformance/index.js'
import type { Context } from '../../context.js'
import { EXIT, type Exit } from '../../exit.js'
import { findModule } from '../../module.js'
import type { Act } from '../../program.js'
import { count, figure, hex, plain, shorten } from '../../text.js'
import { readVectors } from '../../vectors.js'

interface TestOptions {
  readonly vectors?: readonly string[]
  readonly runs: number
  readonly seed: number
}

/** Faults of a law that are shown, and bytes of a block. */
const SHOWN = 3
const BYTES = 32

export function test(codec: Command, act: Act): void {
  codec
    .command('test')
    .description('try a codec on vectors and damaged ones: round trip, strictness, errors, determinism, isolation, fuel and the rest of docs/conformance.md')
    .argument('<codec>', 'a module as a FILE.wasm, or a codec C')
    .option('--vectors <dir>', 'blocks of the format, see docs/conformance.md; may be repeated', (value: string, before: string[] = []) => [...before, value])
    .option('--runs <n>', 'damaged blocks to try', whole, 1000)
    .option('--seed <n>', 'the same seed gives the same trial', whole, 1)
    .action(act(run))
}

async function run(context: Context, which: string, options: TestOptions): Promise<Exit> {
  const { out } = context
  const { bytes, cid } = await findModule(context, which)
  const vectors = await readVectors(options.vectors ?? [])
  const { runs, seed } = options
  await out.line(
    `${plain(which)}, ${cid}: ${count(vectors.valid.length, 'valid vector')}, ${figure(vectors.invalid.length)} invalid, ${count(runs, 'run')}, seed ${seed}`
  )
  let failed = 0
  let laws = 0
  for await (const verdict of conform(bytes, vectors, { runs, seed, limits: context.limits })) {
    laws++
    if (verdict.failed > 0) failed++
    for (const line of lines(verdict)) await out.line(verdict.failed > 0 ? out.paint.red(line) : line)
  }
  await out.line(failed === 0 ? out.paint.green(`${count(laws, 'law')} kept`) : out.paint.red(`${count(failed, 'law')} broken, ${figure(laws - failed)} kept`))
  return failed === 0 ? EXIT.ok : EXIT.refused
}

function* lines({ law, says, checked, failed, faults, skipped, stopped = false }: Verdict): Generator<string> {
  const name = law.padEnd(12)
  if (skipped !== undefined) yield `skip  ${name}  ${skipped}`
  else if (failed === 0) yield `ok    ${name}  ${count(checked, 'check')}`
  else {
    yield `FAIL  ${name}  ${figure(failed)} of ${count(checked, 'check')}${stopped ? ', and no more were made' : ''}: ${says}`
    for (const { what, message, bytes } of faults.slice(0, SHOWN)) {
      yield `      ${plain(shorten(what, 100))}: ${plain(shorten(message, 400))}`
      if (bytes !== undefined)
        yield `        block ${bytes.length === 0 ? 'of no bytes' : `${hex(bytes.subarray(0, BYTES))}${bytes.length > BYTES ? `… ${figure(bytes.length)} bytes` : ''}`}`
    }
    if (failed > SHOWN) yield `      and ${figure(failed - SHOWN)} more`
  }
}

function whole(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Expected a whole number.')
  return value
}
