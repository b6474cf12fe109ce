import { readFileSync } from 'node:fs'
import { ourPass } from './stream.js'

// A process of its own for one pass over a CAR: prints the most memory that it had, in MiB.
await ourPass(process.argv[2])
process.stdout.write(`${most() / 1024}\n`)

/** KiB. What the system says of the process itself, where it does: `maxRSS` begins with that of the process that started it. */
function most(): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? process.resourceUsage().maxRSS)
  } catch {
    return process.resourceUsage().maxRSS
  }
}
