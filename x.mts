import wabt from 'wabt'
import { readFileSync, writeFileSync } from 'node:fs'
const { parseWat } = await wabt()
const b = parseWat('p', readFileSync('fixtures/functions/puppet.wat','utf8')).toBinary({}).buffer
const t = Buffer.from(b).toString('base64')
writeFileSync('test/task/puppet.module.ts', `/** \`fixtures/functions/puppet.wat\` as a module, for tests that run in browsers too; puppet.test.ts holds it to its text. */\nexport const PUPPET =\n  '${t}'\n`)
