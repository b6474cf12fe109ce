import { ourPass } from './stream.js'

// A process of its own for one pass over a CAR: prints the most memory that it had, in MiB.
await ourPass(process.argv[2])
process.stdout.write(`${process.resourceUsage().maxRSS / 1024}\n`)
