import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { CliError, EXIT, exitOf, MEANINGS, worse } from '../../src/cli/exit.js'
import { paintFor } from '../../src/cli/paint.js'
import { count, figure, isText, plain, quote, shorten, size, time } from '../../src/cli/text.js'
import { CodecError, HostError } from '../../src/codec/index.js'
import { DagError } from '../../src/dag/index.js'
import { SandboxError } from '../../src/sandbox/index.js'

const rows: [got: unknown, wanted: unknown][] = [
  [plain('a\u001b[31m\n\u202e\u0085é'), 'a\\u001b[31m\\n\\u202e\\u0085é'],
  [quote('a"b\\'), '"a\\"b\\\\"'],
  [shorten('abcdef', 6), 'abcdef'],
  [shorten('abcdef', 5), 'abcd…'],
  [shorten('ab…cdef', 4), 'ab…'],
  [shorten('ab😀cd', 4), 'ab…'],
  [figure(0), '0'],
  [figure(1234567), '1,234,567'],
  [size(999), '999 B'],
  [size(1000), '1.0 KB'],
  [size(123456), '123 KB'],
  [size(999_600), '1.0 MB'],
  [size(2.5e12), '2.5 TB'],
  [time(0.123), '0.12 ms'],
  [time(12.34), '12.3 ms'],
  [time(345.6), '346 ms'],
  [time(4321), '4.3 s'],
  [count(1, 'block'), '1 block'],
  [count(0, 'block'), '0 blocks'],
  [isText(new TextEncoder().encode('text\n\tmore é')), true],
  [isText(Uint8Array.of(0x1b, 0x5b)), false],
  [isText(Uint8Array.of(0xff)), false],
  [exitOf(new CliError('USAGE', EXIT.usage, '')), 2],
  [exitOf(new DagError('HASH_MISMATCH', '')), 3],
  [exitOf(new DagError('CAR_TRUNCATED', '')), 3],
  [exitOf(new DagError('UNKNOWN_HASH', '')), 4],
  [exitOf(new HostError('UNKNOWN_CODEC', '')), 4],
  [exitOf(new HostError('HASH_MISMATCH', '')), 3],
  [exitOf(new HostError('ABI', '')), 6],
  [exitOf(new CodecError('MALFORMED', 'x', '')), 3],
  [exitOf(new CodecError('INVALID_TAPE', 'x', '')), 6],
  [exitOf(new SandboxError('FUEL', '')), 6],
  [exitOf(new Error('')), 1],
  [exitOf('text'), 1],
  [worse(EXIT.ok, EXIT.unknown), 4],
  [worse(EXIT.data, EXIT.unknown), 3],
  [worse(EXIT.unknown, EXIT.refused), 6],
  [Object.keys(MEANINGS), Object.values(EXIT).map(String)]
]
for (const [i, [got, wanted]] of rows.entries()) test(`row ${i}: ${JSON.stringify(wanted)}`, () => assert.equal(got, wanted))

test('colours are for terminals, unless NO_COLOR is set', () => {
  const before = { ...process.env }
  try {
    delete process.env.NO_COLOR
    process.env.TERM = 'xterm'
    assert.is(paintFor({ isTTY: true }).red('x'), '\u001b[31mx\u001b[39m')
    assert.is(paintFor({}).red('x'), 'x')
    process.env.NO_COLOR = '1'
    assert.is(paintFor({ isTTY: true }).red('x'), 'x')
  } finally {
    process.env = before
  }
})

test('docs/cli.md has the same exit codes', () => {
  const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')
  assert.equal(
    [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [code, meaning]),
    Object.entries(MEANINGS)
  )
})

test.run()
