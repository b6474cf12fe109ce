import { readFileSync } from 'node:fs'
import { CID } from 'multiformats/cid'
import { ourCount, placeOf } from './count.js'

// A process of its own for one file: prints the most memory that it had, in MiB.
{
  await using place = await placeOf(process.argv[2], CID.parse(process.argv[3]))
  await ourCount(place)
}
const [, kib] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
process.stdout.write(`${Number(kib ?? process.resourceUsage().maxRSS) / 1024}\n`)
