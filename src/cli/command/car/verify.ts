/** `autocodec car verify`: whether all of a CAR is there and is what it says. Holds a chunk at a time. */
import type { Command } from 'commander'
import { DagError, decodeBlocks, digestKey, readCar } from '../../../dag/index.js'
import type { Context } from '../../context.js'
import { EXIT, type Exit, exitOf, worse } from '../../exit.js'
import { openInput } from '../../input.js'
import type { Act } from '../../program.js'
import { Progress } from '../../progress.js'
import { count, figure, size } from '../../text.js'

/** Bad blocks that are named; the rest is counted. */
const NAMED = 10

export function verify(car: Command, act: Act): void {
  car.command('verify').description('check the hash of every block').argument('<file>', 'the CAR; - for standard input').action(act(run))
}

async function run(context: Context, file: string): Promise<Exit> {
  const { size: total, chunks } = await openInput(file)
  const car = await readCar(chunks)
  const progress = new Progress('verified', total)
  const missing = new Map(car.roots.map((root) => [digestKey(root), root]))
  let exit: Exit = EXIT.ok
  let blocks = 0
  let length = 0
  let bad = 0
  let broken = false
  const fail = (message: string, error: unknown) => {
    progress.end()
    exit = worse(exit, exitOf(error))
    context.complain(message)
  }
  try {
    for await (const batch of decodeBlocks(car, { values: false, links: false, faults: 'report' }).batches()) {
      for (const { cid, bytes, offset = 0, fault } of batch) {
        blocks++
        length += bytes.length
        if (missing.size > 0) missing.delete(digestKey(cid))
        if (fault !== undefined) {
          bad++
          exit = worse(exit, exitOf(fault))
          if (bad <= NAMED) fail(`block at byte ${offset}: ${fault.message}`, fault)
        }
        progress.at(offset + bytes.length, blocks)
      }
    }
  } catch (error) {
    if (!(error instanceof DagError)) throw error
    broken = true
    fail(error.message, error)
  }
  progress.end()
  if (bad > NAMED) context.complain(`and ${figure(bad - NAMED)} more`)
  const sound = bad === 0 ? 'all verified' : `${figure(blocks - bad)} verified, ${figure(bad)} not`
  const verdict = broken ? `${sound}, the rest cannot be read` : sound
  const without = missing.size === 0 ? '' : `; not in it: ${[...missing.values()].map((root) => `root ${root}`).join(', ')}`
  await context.out.line(`CAR version ${car.version}, ${count(car.roots.length, 'root')}, ${count(blocks, 'block')}, ${size(length)}, ${verdict}${without}`)
  return exit
}
