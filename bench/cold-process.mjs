// A process of its own for one cold start: prints the milliseconds to the first value. Plain JavaScript, since what translates TypeScript would take part in each `import()`.
import { createHost } from 'autocodec'

const [, , codec, hex] = process.argv
const bytes = Uint8Array.from(Buffer.from(hex, 'hex'))
const start = performance.now()
const host = await createHost()
const value = (await host.codec(codec)).decode(bytes)
const time = performance.now() - start
if (value === undefined) throw new Error(`${codec} gave no value`)
process.stdout.write(`${time}\n`)
