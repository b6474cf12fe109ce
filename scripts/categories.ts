/** Makes functions/json-path/categories.ts: the general categories of Unicode as this Node knows them. Run it by itself, `node --import tsx scripts/categories.ts`, when they are to move. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'

/** In the order of their numbers; a major category is a run of them. */
const NAMES = 'Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn Cs'.split(' ')
const PATTERNS = NAMES.map((name) => new RegExp(`^\\p{${name}}$`, 'u'))
const PER_LINE = 15

/** Runs of code points of one category: the first of them, and the category in the lowest five bits. */
const runs: number[] = []
let before = -1
for (let point = 0; point <= 0x10ffff; point++) {
  const character = String.fromCodePoint(point)
  // mostly it is the same as before
  const category = before >= 0 && PATTERNS[before].test(character) ? before : PATTERNS.findIndex((pattern) => pattern.test(character))
  if (category !== before) runs.push((point << 5) | category)
  before = category
}

const lines = Array.from({ length: Math.ceil(runs.length / PER_LINE) }, (_, i) => `  ${runs.slice(i * PER_LINE, (i + 1) * PER_LINE).join(', ')}`)
writeFileSync(
  join(root, 'functions/json-path/categories.ts'),
  `/** General categories of Unicode ${process.versions.unicode}, made by scripts/categories.ts: for each run of code points of one category the first of them, times 32, and the category. */

/** The categories by their numbers: ${NAMES.join(', ')}. */
export const CATEGORIES: string = '${NAMES.join('')}'

export const RUN_COUNT: u32 = ${runs.length}

// @ts-ignore: decorator
@lazy export const RUNS: usize = memory.data<u32>([
${lines.join(',\n')}
], 16)
`
)
