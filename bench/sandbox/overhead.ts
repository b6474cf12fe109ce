/** What metering costs on fixtures/honest/workload.ts: `node --import tsx bench/sandbox/overhead.ts [NAME]`. */
import { SandboxModule } from '../../src/sandbox/index.js'
import { workload } from '../../test/sandbox/workload.js'

const bytes = await workload()
const only = process.argv[2]
const SIZE = 65_536
const plain = SandboxModule.compileSync(bytes, { imports: [], metered: false }).instantiate()
const metered = SandboxModule.compileSync(bytes, { imports: [] }).instantiate()

const at = plain.func('at')!()
/** Bytes 0–127: text for the scanners, short items for `items`. Many inputs, so that the branch predictor cannot learn one of them by heart. */
const inputs = Array.from({ length: 40 }, (_, k) => {
  let state = k + 1
  return Uint8Array.from({ length: SIZE }, (_, i) => (((state = Math.imul(state, 0x41c64e6d) + 12345) >>> 16) & 0x7f) | (i % 5 ? 0x20 : 0))
})

// One loop's time swings by a third with where its jumps happen to lie, either way: look at all the rows.
console.log('work       plain µs  metered µs  ratio   fuel/byte')
for (const name of ['scan', 'sum', 'wide', 'varints', 'items', 'pieces', 'sha256']) {
  if (only && only !== name) continue
  const times: number[][] = [[], []]
  const guests = [plain, metered]
  const run = (k: number) => {
    const f = guests[k].func(name)!
    let time = 0
    for (const input of inputs) {
      guests[k].start(1e12)
      new Uint8Array(guests[k].memory.buffer).set(input, at)
      const from = performance.now()
      f(SIZE)
      time += performance.now() - from
    }
    return (time / inputs.length) * 1000
  }
  for (let round = 0; round < 60; round++) for (const k of [0, 1]) times[k].push(run(k))
  const [a, b] = times.map((t) => t.slice(10).sort((x, y) => x - y)[10])
  metered.start(1e12)
  metered.func(name)!(SIZE)
  console.log(
    name.padEnd(10),
    a.toFixed(1).padStart(8),
    b.toFixed(1).padStart(11),
    (b / a).toFixed(3).padStart(7),
    ((1e12 - metered.fuelLeft()) / SIZE).toFixed(2).padStart(9)
  )
}
