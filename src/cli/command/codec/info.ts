/** `autocodec codec info`: what a codec's module says of itself, needs, and may use. */
import type { Command } from 'commander'
import { DEFAULT_LIMITS, readManifest } from '../../../codec/index.js'
import type { Context } from '../../context.js'
import { findModule } from '../../module.js'
import type { Act } from '../../program.js'
import { codeText, figure, plain } from '../../text.js'

export function info(codec: Command, act: Act): void {
  codec
    .command('info')
    .description('show a codec: its manifest, its module, and the limits under which it runs')
    .argument('<codec>', 'a codec C, or a module as a FILE.wasm')
    .action(act(run))
}

async function run(context: Context, which: string): Promise<void> {
  const { bytes, cid } = await findModule(context, which)
  const { name, code, abi, kind, window, ...rest } = readManifest(bytes)
  const module = await WebAssembly.compile(bytes as BufferSource)
  const limits = { ...DEFAULT_LIMITS, ...context.limits }
  const rows: [string, string][] = [
    ['name', name],
    ['code', codeText(code)],
    ['cid', cid.toString()],
    ['size', `${figure(bytes.length)} bytes`],
    ['abi', `${abi}, ${kind}, window of ${figure(window)} bytes`],
    ...Object.entries(rest).map(([key, value]): [string, string] => [key, String(value)]),
    [
      'imports',
      WebAssembly.Module.imports(module)
        .map((item) => `${item.module}.${item.name}`)
        .join(', ') || 'none'
    ],
    [
      'exports',
      WebAssembly.Module.exports(module)
        .map((item) => item.name)
        .join(', ')
    ],
    ['fuel', `${figure(limits.fuel)} a call${limits.fuelPerByte === 0 ? '' : `, and ${figure(limits.fuelPerByte)} for each byte of input`}`],
    ['memory', `${figure(limits.memory)} bytes at most`],
    ['stack', `${figure(limits.stack)} slots`]
  ]
  for (const [key, value] of rows) await context.out.line(`${key.padEnd(13)}${plain(value)}`)
}
