/** `autocodec function info`: what a function is called with, and what it answers. */
import type { Command } from 'commander'
import type { FunctionSignature } from '../../../codec/manifest.js'
import type { Context } from '../../context.js'
import type { Act } from '../../program.js'
import { figure, plain } from '../../text.js'

interface InfoOptions {
  readonly json?: boolean
}

export function info(group: Command, act: Act): void {
  group
    .command('info')
    .description('show a module of functions: its manifest, what each function takes and answers, and the limits under which it runs')
    .argument('<function>', 'a module: the name of one that is shipped, a CID, or a FILE.wasm')
    .option('--json', 'the manifest as it stands in the module')
    .action(act(run))
}

async function run(context: Context, which: string, options: InfoOptions): Promise<void> {
  const [{ findFunction }, { DEFAULT_TASK_LIMITS }] = await Promise.all([import('../../function-module.js'), import('../../../task/index.js')])
  const { out } = context
  const module = await findFunction(which, async (cid) => (await context.blocks()).get(cid))
  const manifest = await module.manifest()
  if (options.json === true) return out.line(JSON.stringify(manifest))
  const { name, abi, kind, window, functions, head: _, ...rest } = manifest
  const rows: [string, string][] = [
    ['name', name],
    ['cid', module.cid.toString()],
    ['size', `${figure((await module.bytes()).length)} bytes`],
    ['abi', `${abi}, ${kind}, window of ${figure(window)} bytes`],
    ...Object.entries(rest).map(([key, value]): [string, string] => [key, String(value)]),
    ...Object.entries(DEFAULT_TASK_LIMITS).map(([key, value]): [string, string] => [key, `${figure(value)}${UNITS[key] ?? ''} at most, unless asked otherwise`])
  ]
  for (const [key, value] of rows) await out.line(`${key.padEnd(13)}${plain(value)}`)
  for (const signature of functions) for (const line of linesOf(signature)) await out.line(line)
}

const UNITS: Readonly<Record<string, string>> = { memory: ' bytes', time: ' ms', output: ' bytes' }

function* linesOf({ name, description, params, outputs, emits }: FunctionSignature): Generator<string> {
  yield ''
  yield `function     ${plain(name)}`
  if (description !== undefined) yield `             ${plain(description)}`
  for (const [param, what] of Object.entries(params ?? {})) yield `  param      ${plain(param)}: ${plain(String(what))}`
  if (outputs !== undefined) yield `  answers    ${outputs.map(plain).join(', ')}`
  if (emits === true) yield '  emits      a stream of nodes'
}
