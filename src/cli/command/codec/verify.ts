/** `autocodec codec verify`: whether a module is what its CID says, and a codec that the sandbox lets in. */
import type { Command } from 'commander'
import { createHost, readManifest } from '../../../codec/index.js'
import { parseCid } from '../../codec-name.js'
import type { Context } from '../../context.js'
import { CliError, EXIT } from '../../exit.js'
import { findModule } from '../../module.js'
import type { Act } from '../../program.js'
import { codeText, figure, plain } from '../../text.js'

interface VerifyOptions {
  readonly cid?: string
}

export function verify(codec: Command, act: Act): void {
  codec
    .command('verify')
    .description('check a codec: its hash, its manifest, and that the sandbox accepts it')
    .argument('<module>', 'a FILE.wasm, or a codec C')
    .option('--cid <cid>', 'the CID that the module should have; without it the name of the file is taken, if it is a CID')
    .action(act(run))
}

async function run(context: Context, which: string, options: VerifyOptions): Promise<void> {
  const { bytes, cid, expected } = await findModule(context, which)
  const wanted = options.cid === undefined ? expected : parseCid(options.cid)
  if (options.cid !== undefined && wanted === undefined) throw new CliError('USAGE', EXIT.usage, `--cid: ${plain(options.cid)} is not a CID`)
  if (wanted !== undefined && !wanted.equals(cid)) throw new CliError('MISMATCH', EXIT.data, `${plain(which)}: its bytes are ${cid}, expected ${wanted}`)
  await context.out.line(`hash       ${wanted === undefined ? 'nothing to compare with, the CID is' : 'as the CID says,'} ${cid}`)

  const manifest = readManifest(bytes)
  await context.out.line(`manifest   ${manifest.name}, ${codeText(manifest.code)}, ABI ${manifest.abi}`)

  // loading is what the host does before it runs a module: validation, instrumentation, the exports of the ABI
  const host = await createHost({ limits: context.limits })
  const { manifest: loaded } = await host.codec((await host.add(bytes, plain(which))).cid)
  await context.out.line(`sandbox    accepted ${loaded.name}, ${figure(bytes.length)} bytes`)
}
