/** `autocodec receipt get`: a receipt as it was signed. */
import type { Command } from 'commander'
import type { Context } from '../../context.js'
import { writeBlock } from '../../output.js'
import type { Act } from '../../program.js'
import { type StateOptions, withState } from '../../work-options.js'

interface GetOptions extends StateOptions {
  readonly output?: string
}

export function get(receipt: Command, act: Act): void {
  withState(
    receipt
      .command('get')
      .description('write a receipt as the block of DAG-CBOR that was signed')
      .argument('<receipt>', 'the CID of a task or of a receipt, or a file')
      .option('-o, --output <file>', 'where to write it; default standard output')
  ).action(act(run))
}

async function run(context: Context, which: string, options: GetOptions): Promise<void> {
  const [{ findReceipt }, { openWorkplace }] = await Promise.all([import('../../receipts.js'), import('../../executor.js')])
  const { bytes } = await findReceipt(which, async () => (await openWorkplace(context, options)).engine)
  await writeBlock(context.out, bytes, { file: options.output, text: false })
}
