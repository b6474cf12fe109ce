/** `autocodec codec pack`: a module and its manifest become one block. */
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { isWasm, sealManifest } from '../../../codec/index.js'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import { nameOf, readInput } from '../../input.js'
import { moduleCid } from '../../module.js'
import type { Act } from '../../program.js'
import { plain } from '../../text.js'

interface PackOptions {
  readonly manifest: string
  readonly output: string
}

export function pack(codec: Command, act: Act): void {
  codec
    .command('pack')
    .description('write the manifest into a module, in place of any that it has, and print the CID of the codec')
    .argument('<module>', 'the FILE.wasm as the compiler made it')
    .requiredOption('--manifest <file>', 'the manifest as JSON (docs/abi.md section 2)')
    .requiredOption('-o, --output <file>', 'where to write the codec')
    .action(act(run))
}

async function run(context: Context, file: string, options: PackOptions): Promise<void> {
  const module = await readInput(file)
  if (!isWasm(module)) throw new CliError('NOT_A_MODULE', EXIT.data, `${nameOf(file)} is not a Wasm module of version 1`)
  const text = new TextDecoder().decode(await readInput(options.manifest))
  let manifest: unknown
  try {
    manifest = JSON.parse(text)
  } catch (error) {
    throw new CliError('NOT_A_MODULE', EXIT.data, `${nameOf(options.manifest)} is not JSON: ${plain((error as Error).message)}`, { cause: error })
  }
  const sealed = sealManifest(module, manifest)
  await writeFile(options.output, sealed)
  await context.out.line((await moduleCid(sealed)).toString())
}
