/** The example of a codec in C builds as its README says, is the module that it is recorded to be, and does what it says. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Run, root, run } from '../../scripts/run.js'
import { type Codec, type CodecError, createHost } from '../../src/index.js'
import { note } from '../note.js'
import { skip } from '../skip.js'

const FOLDER = join(root, 'examples/codec-in-c')
const WASM = join(root, 'build/examples-codecs/netstrings.wasm')

/** What a tool says of its version; undefined if it is not there. */
const version = (tool: string) =>
  run(tool, ['--version']).then(
    ({ stdout }: Run) => stdout.split('\n')[0].trim(),
    () => undefined
  )

const text = (data: string) => new TextEncoder().encode(data)
const string = (value: Uint8Array[]) => value.map((bytes) => Buffer.from(bytes).toString())

const valid: [what: string, data: string, expected: string[]][] = [
  ['nothing', '', []],
  ['an empty string', '0:,', ['']],
  ['strings', '3:foo,0:,12:hello, world,', ['foo', '', 'hello, world']],
  ['a long string, which is not read', `600:${'x'.repeat(600)},1:y,`, ['x'.repeat(600), 'y']],
  ['more than the window', `5000:${'x'.repeat(5000)},${'3:abc,'.repeat(1000)}`, ['x'.repeat(5000), ...new Array(1000).fill('abc')]],
  ['enough to make memory grow', '0:,'.repeat(20_000), new Array(20_000).fill('')]
]

const invalid: [what: string, data: string, code: string, offset: number][] = [
  ['no length', ':,', 'MALFORMED', 0],
  ['a length that is none', '1:a,x:,', 'MALFORMED', 4],
  ['a leading zero', '1:a,03:foo,', 'NON_CANONICAL', 4],
  ['no comma', '3:fooo', 'MALFORMED', 5],
  ['an end in a string', '3:fo', 'UNEXPECTED_END', 4],
  ['an end before the comma', '3:foo', 'UNEXPECTED_END', 5],
  ['an end in a length', '12', 'UNEXPECTED_END', 2],
  ['a length beyond 32 bits', '4294967296:', 'TOO_LARGE', 0]
]

const shapes: [what: string, value: unknown, path: string][] = [
  ['a map', {}, ''],
  ['a string', ['a'], '0'],
  ['a list in the list', [text('a'), [text('b')]], '1']
]

function attempt(work: () => unknown): CodecError {
  try {
    work()
  } catch (error) {
    assert.is((error as Error).name, 'CodecError', String(error))
    return error as CodecError
  }
  throw new Error('it was accepted')
}

async function build(): Promise<Codec> {
  mkdirSync(join(root, 'build/examples-codecs'), { recursive: true })
  const { code, output } = await run('sh', [join(FOLDER, 'build.sh'), WASM])
  assert.is(code, 0, output)
  const { cid } = await host.add(readFileSync(WASM))
  return host.codec(cid)
}

const clang = await version('clang')
const linker = await version('wasm-ld')
const host = await createHost()

if (clang === undefined || linker === undefined) skip('codec-in-c', `${clang === undefined ? 'clang' : 'wasm-ld'} is not installed`)
else {
  const codec = await build()

  test('is the module that is recorded', async () => {
    const [recorded, compiler] = readFileSync(join(FOLDER, 'CID'), 'utf8').trim().split('\n')
    const cid = CID.createV1(0x55, await sha256.digest(readFileSync(WASM)))
    if (clang === compiler) assert.is(cid.toString(), recorded)
    else if (cid.toString() !== recorded) note(`built by ${clang}, which gives ${cid}; the record is of ${compiler}`)
  })

  test('has its manifest', () => {
    assert.equal([codec.name, codec.code], ['netstrings', 0x300002])
  })

  for (const [what, data, expected] of valid) {
    test(`decodes and encodes ${what}`, () => {
      const block = text(data)
      const value = codec.decode(block)
      assert.equal(string(value), expected)
      assert.equal(codec.encode(value), block)
      assert.equal(codec.encodeTape(codec.tape(block)), block)
    })
  }

  test('runs pinned, where variables are as the call before has left them', async () => {
    const pinned = await createHost({ pinned: [codec.cid] })
    await pinned.add(readFileSync(WASM))
    const again = await pinned.codec(codec.cid)
    for (let round = 0; round < 3; round++) {
      for (const [, data, expected] of valid) {
        assert.equal(string(again.decode(text(data))), expected)
        assert.equal(again.encode(expected.map(text)), text(data))
      }
    }
  })

  for (const [what, data, code, offset] of invalid) {
    test(`refuses ${what}`, () => {
      const failure = attempt(() => codec.decode(text(data)))
      assert.equal([failure.code, failure.offset], [code, offset])
    })
  }

  for (const [what, value, path] of shapes) {
    test(`does not encode ${what}`, () => {
      const failure = attempt(() => codec.encode(value))
      assert.equal([failure.code, failure.path], ['WRONG_KIND', path])
    })
  }
}

test.run()
