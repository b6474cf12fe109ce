/** Receipts as commands take them: a file, or in the engine, by the CID of the task or of the receipt itself. */
import { existsSync } from 'node:fs'
import type { CID } from 'multiformats/cid'
import { type Engine, EngineError } from '../engine/index.js'
import { type Receipt, readReceipt } from '../ucan/index.js'
import { parseCid } from './codec-name.js'
import { CliError, EXIT } from './exit.js'
import { nameOf, STDIN } from './input.js'
import { plain } from './text.js'
import { readTokens } from './token-file.js'

/** @param open called only where the receipt is not in a file */
export async function findReceipt(which: string, open: () => Promise<Engine>): Promise<Receipt> {
  if (which === STDIN || existsSync(which)) {
    const { receipts } = await readTokens(which)
    if (receipts.length === 1) return receipts[0]
    throw new CliError('NO_TOKEN', EXIT.data, `${nameOf(which)} has ${receipts.length} receipts, expected one`)
  }
  const cid = parseCid(which)
  if (cid === undefined) throw new CliError('NO_RECEIPT', EXIT.missing, `no receipt ${plain(which)}: expected a file, or the CID of a task or of a receipt`)
  const engine = await open()
  const entry = await engine.receipts.get(cid)
  if (entry !== undefined) return readReceipt(entry.value)
  for await (const found of allReceipts(engine)) if ('receipt' in found && found.receipt.cid.equals(cid)) return found.receipt
  throw new CliError('NO_RECEIPT', EXIT.missing, `there is no receipt ${cid}, nor one of a task of that CID; "autocodec receipt ls" lists them`)
}

/** All that are kept, in the order of their tasks. What is damaged is told, and passed by. */
export async function* allReceipts({ receipts }: Engine): AsyncGenerator<{ task: CID; receipt: Receipt } | { task: CID; fault: Error }> {
  for (let after: CID | undefined, more = true; more; ) {
    more = false
    try {
      for await (const [task, { value }] of receipts.entries({ after })) {
        after = task
        yield readable(task, value)
      }
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'ENGINE_DAMAGED' || error.key === undefined) throw error
      yield { task: error.key, fault: error }
      after = error.key
      more = true
    }
  }
}

function readable(task: CID, value: Uint8Array): { task: CID; receipt: Receipt } | { task: CID; fault: Error } {
  try {
    return { task, receipt: readReceipt(value) }
  } catch (error) {
    return { task, fault: error as Error }
  }
}
