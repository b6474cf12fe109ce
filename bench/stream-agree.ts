import { difference } from './agree.js'
import { ourPass, type Passed, theirPass, type Visit } from './stream.js'

// A process of its own that compares what both sides give for a CAR; fails with the first block that differs.
const path = process.argv[2]
const seen: Parameters<Visit>[] = []
const ours = await ourPass(path, (...block) => seen.push(block))
let at = 0
const theirs: Passed = await theirPass(path, (...block) => {
  const reason = difference(seen[at++], block)
  if (reason !== undefined) throw new Error(`block ${at - 1}: ${reason}`)
})
if (ours.blocks !== theirs.blocks || ours.links !== theirs.links) throw new Error(`ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`)
