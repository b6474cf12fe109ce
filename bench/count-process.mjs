// A process of its own that counts the words of one file, as an application would, without what the bench loads TypeScript with: prints the most memory that it had, in MiB.
import { readFileSync } from 'node:fs'
import { CID, createHost } from 'autocodec'
import { carBlocks } from 'autocodec/dag'
import { FileAccess } from 'autocodec/dag/node'
import { loadFunction, runFunction } from 'autocodec/task'

const [path, root] = process.argv.slice(2)
const file = await FileAccess.open(path)
const blocks = await carBlocks(file)
const module = await loadFunction(await createHost(), 'word-count')
const limits = { fuel: 1e12, time: 600_000 }
const { result } = await runFunction(module, { fun: 'count', params: { file: CID.parse(root) }, get: (cid) => blocks.get(cid), limits })
if ('error' in result) throw new Error(result.error.message)
await file[Symbol.asyncDispose]()
const [, kib] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
process.stdout.write(`${Number(kib ?? process.resourceUsage().maxRSS) / 1024}\n`)
