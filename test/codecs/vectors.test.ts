/** The vectors of ipld/codec-fixtures: data-model values, each as a file a codec, named by CID. Every file decodes, and encodes to every file beside it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../../scripts/run.js'
import { type Codec, createHost } from '../../src/index.js'
import { text } from '../engines/text.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { linksByReference, subjects } from './subject.js'

/** `AUTOCODEC_VECTORS` names another place for all vectors. */
const FOLDER = join(process.env.AUTOCODEC_VECTORS ?? join(root, '../shared/vectors'), 'codec-fixtures')

interface File {
  readonly codec: string
  readonly cid: CID
  readonly bytes: Uint8Array
}

function read(name: string): File[] {
  return readdirSync(join(FOLDER, name)).map((file) => {
    const dot = file.indexOf('.')
    return { codec: file.slice(dot + 1), cid: CID.parse(file.slice(0, dot)), bytes: new Uint8Array(readFileSync(join(FOLDER, name, file))) }
  })
}

if (!existsSync(FOLDER)) skip('vectors of codec-fixtures', `${FOLDER} is not there; fixtures.core.test.ts covers the same ground`)
else {
  const host = await createHost()
  const { there, absent } = subjects(host)
  const codecs = new Map<string, Codec>()
  for (const { name } of there) codecs.set(name, await host.codec(name))
  for (const name of absent) skip(`vectors of ${name}`, 'the host has no such codec')
  const used = { files: 0, pairs: 0 }

  for (const name of readdirSync(FOLDER)
    .filter((name) => !name.startsWith('.'))
    .sort()) {
    test(name, async () => {
      const files = read(name).filter(({ codec }) => codecs.has(codec))
      for (const { codec: from, cid, bytes } of files) {
        const source = codecs.get(from)!
        const subject = there.find(({ name }) => name === from)!
        assert.is(cid.code, source.code)
        assert.ok(CID.createV1(source.code, await sha256.digest(bytes)).equals(cid), `${cid} is not the CID of its bytes`)
        assert.is(text(source.decode(bytes)), text(subject.reference.decode(bytes)), `decode ${from}`)
        assert.equal(source.links(bytes).map(String), linksByReference(subject, bytes), `links ${from}`)
        used.files++
        for (const { codec: to, bytes: expected, cid } of files) {
          const target = codecs.get(to)!
          const encoded = target.encode(source.decode(bytes))
          assert.equal(encoded, expected, `${from} to ${to} by way of a value`)
          assert.ok(CID.createV1(target.code, await sha256.digest(encoded)).equals(cid))
          assert.equal(await host.transcode(bytes, from, to), expected, `${from} to ${to} from tape to tape`)
          used.pairs++
        }
      }
    })
  }
  test.after(() => note(`${used.files} files, ${used.pairs} conversions between them`))
}

test.run()
