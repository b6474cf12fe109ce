/** The examples of docs/autocodec.md are what the code makes. `AUTOCODEC_WRITE_DOCS=1` writes them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/codec/index.js'
import { readTag, taggedValue, wrapperValue } from '../../src/dag/index.js'

const DOCS = join(root, 'docs/autocodec.md')
const module = CID.parse(readFileSync(join(root, 'examples/codec-in-c/CID'), 'utf8').split('\n')[0])
const hello = new TextEncoder().encode('5:hello,')
const helloCid = CID.createV1(0x300002, await sha256.digest(hello))
const rows: [name: string, value: unknown, kind: string][] = [
  ['wrapper', wrapperValue({ codec: module, root: hello }), 'wrapper'],
  ['link', wrapperValue({ codec: module, root: helloCid }), 'wrapper'],
  ['tagged', taggedValue({ codec: module, bytes: hello, links: [] }), 'tagged']
]
const host = await createHost()
const cbor = await host.codec('dag-cbor')

for (const [name, value, kind] of rows) {
  test(`docs/autocodec.md: ${name}`, async () => {
    const block = cbor.encode(value)
    const cid = CID.createV1(cbor.code, await sha256.digest(block))
    const json = new TextDecoder().decode(await host.transcode(block, 'dag-cbor', 'dag-json'))
    const example = `<!-- example: ${name} -->\n\`\`\`json\n${json}\n${cid}\n\`\`\``
    const place = new RegExp(`<!-- example: ${name} -->\\n\`\`\`json\\n[^\`]*\`\`\``)
    if (process.env.AUTOCODEC_WRITE_DOCS === '1') writeFileSync(DOCS, readFileSync(DOCS, 'utf8').replace(place, example))
    assert.is(place.exec(readFileSync(DOCS, 'utf8'))?.[0], example)
    assert.is(readTag(cbor.node(block))?.kind, kind)
  })
}

test('docs/autocodec.md: the CIDs in the text', () => {
  const text = readFileSync(DOCS, 'utf8')
  for (const cid of [module, helloCid]) assert.ok(text.includes(`\`${cid}\``), String(cid))
})

test.run()
