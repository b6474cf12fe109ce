import { type CodecName, firstValue } from './subject.js'

// A process of its own for one cold start: prints the milliseconds to the first value.
const [, , codec, hex] = process.argv
const bytes = Uint8Array.from(Buffer.from(hex, 'hex'))
const start = performance.now()
const value = await firstValue(codec as CodecName, bytes)
const time = performance.now() - start
if (value === undefined) throw new Error(`${codec} gave no value`)
process.stdout.write(`${time}\n`)
