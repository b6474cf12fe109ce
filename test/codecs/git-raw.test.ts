/** Git objects: rows of odd ones; the fixtures; a repository that git makes here; the public loose objects; damaged ones; and ipld-git where it agrees. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { A, B, COMMIT, commit, entry, file, link, object, objects, PERSON, raw, refused, TAG, tagOf, WHO } from '../../scripts/fixture-git.js'
import { root } from '../../scripts/run.js'
import { createHost } from '../../src/index.js'
import { note } from '../note.js'
import { skip } from '../skip.js'
import { ascii, hexOf, keepsBlock, mutated, outcomeOf, RUNS } from './blocks.js'

const host = await createHost()
const git = await host.codec('git-raw')
const cbor = await host.codec('dag-cbor')

for (const [what, block, value] of objects) {
  test(what, () => {
    assert.equal(git.decode(block), value)
    assert.ok(keepsBlock(git, cbor, block))
  })
}

for (const [what, block, expected, lax] of refused) {
  test(`refused: ${what}`, () => {
    assert.is(
      outcomeOf(() => git.decode(block)),
      expected
    )
    if (lax === undefined) {
      assert.is(
        outcomeOf(() => git.decode(block, { strict: false })),
        expected
      )
      return
    }
    assert.equal(git.decode(block, { strict: false }), lax)
    const form = git.encodeTape(git.tape(block, { strict: false }))
    assert.ok(keepsBlock(git, cbor, form))
    assert.is.not(hexOf(form), hexOf(block))
  })
}

/** Values that have no block, or would come back as others. */
const unwritten: [what: string, value: unknown, code: string][] = [
  ['null', null, 'WRONG_KIND'],
  ['bytes that are no blob', ascii('tree 0\0'), 'MALFORMED'],
  ['bytes of another size', ascii('blob 1\0'), 'UNEXPECTED_END'],
  ['a file without mode', { a: { hash: link(A) } }, 'MISSING_FIELD'],
  ['a file of another mode', { a: { mode: '644', hash: link(A) } }, 'MALFORMED'],
  ['a file of another hash', { a: { mode: '100644', hash: CID.parse('bafkqaaa') } }, 'INVALID_CID'],
  ['a name that is escaped for nothing', { '\0a': file }, 'MALFORMED'],
  ['a name that is escaped though it is UTF-8', { '\0Ã\0©': file }, 'MALFORMED'],
  ['a name with a zero byte', { '\0\0': file }, 'UNSUPPORTED'],
  ['an empty name', { '': file }, 'UNSUPPORTED'],
  ['an unknown field', { ...COMMIT, more: 1 }, 'UNKNOWN_FIELD'],
  ['no parents', { tree: link(A) }, 'MISSING_FIELD'],
  ['an author who would be a map', { ...COMMIT, author: WHO }, 'UNSUPPORTED'],
  ['a name with a bracket', { ...COMMIT, author: { ...PERSON, name: '<' } }, 'UNSUPPORTED'],
  ['a date with a space', { ...COMMIT, author: { ...PERSON, date: '1 ' } }, 'UNSUPPORTED'],
  ['a timezone without date', { ...COMMIT, author: { email: '', timezone: '' } }, 'MISSING_FIELD'],
  ['a person of two lines', { ...COMMIT, author: { ...PERSON, email: 'a\nb' } }, 'UNSUPPORTED'],
  ['another header that is a field', { ...COMMIT, other: ['encoding x'] }, 'UNSUPPORTED'],
  ['another header that begins with a space', { ...COMMIT, other: [' x'] }, 'UNSUPPORTED'],
  ['another header that is the committer', { tree: link(A), parents: [], author: PERSON, other: ['committer x'] }, 'UNSUPPORTED'],
  ['the usual order', { ...COMMIT, encoding: 'x', signature: 'y', order: ['encoding', 'signature'] }, 'UNSUPPORTED'],
  ['an order without all', { ...COMMIT, encoding: 'x', signature: 'y', other: ['z'], order: ['signature', 'other'] }, 'MISSING_FIELD'],
  ['an order of more', { ...COMMIT, signature: 'y', order: ['signature', 'encoding'] }, 'UNKNOWN_FIELD'],
  ['a mergetag whose message does not end a line', { ...COMMIT, mergetag: [{ ...TAG, message: 'x' }] }, 'UNSUPPORTED'],
  ['a tag’s type of two lines', { ...TAG, type: 'a\nb' }, 'UNSUPPORTED']
]
for (const [what, value, code] of unwritten) {
  test(`not written: ${what}`, () => assert.is(outcomeOf(() => git.encode(value)).split(' ')[0], code))
}

test('links, in document order', () => {
  const links = (block: Uint8Array) => git.links(block).map(String)
  assert.equal(links(object('tree', entry('40000', 'd') + entry('160000', 'm', B))), [link(A), link(B)].map(String))
  assert.equal(links(commit(`mergetag object ${B}\n type commit\n tag v1\n`)), [link(A), link(B)].map(String))
  assert.equal(links(tagOf('')), [link(A)].map(String))
  assert.equal(links(ascii('blob 1\0a')), [])
})

test('a blob costs its header', () => {
  const size = 5_000_000
  const block = new Uint8Array(size + 13)
  block.set(ascii(`blob ${size}\0`))
  assert.is((git.decode(block) as Uint8Array).length, block.length)
  const large = git.fuel
  git.decode(ascii('blob 7\0abcdefg'))
  assert.ok(large < git.fuel + 400, `${large} and ${git.fuel}`)
  assert.is(Buffer.compare(git.encodeTape(git.tape(block)), block), 0)
})

test('whatever is longer than the window', () => {
  const names = Array.from({ length: 3000 }, (_, i) => `${i % 7 === 0 ? raw('e9') : 'n'}${String(i).padStart(4, '0')}${'x'.repeat((i * 37) % 300)}`)
  const tree = object(
    'tree',
    names
      .sort((a, b) => Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')))
      .map((name) => entry('100644', name))
      .join('')
  )
  assert.is(Object.keys(git.decode(tree) as object).length, 3000)
  assert.ok(keepsBlock(git, cbor, tree))
  const long = 'line of some length\n '.repeat(3000)
  for (const block of [
    commit(`gpgsig ${long}\n\n${long}`),
    commit(`other ${long}${raw('e9')}\n\n${long}${raw('e9')}`),
    commit(`mergetag object ${B}\n type commit\n tag v1\n \n ${long}\n\n${long}é`),
    tagOf(`\n${long}`)
  ]) {
    assert.ok(keepsBlock(git, cbor, block))
  }
})

test('names of 7,000 bytes, each the beginning of the next, and too long ones', () => {
  const chain = object('tree', Array.from({ length: 300 }, (_, i) => entry('100644', `a${'-'.repeat(i)}`)).join(''))
  assert.ok(keepsBlock(git, cbor, chain))
  const long = object('tree', entry('100644', 'a'.repeat(7000)) + entry('100644', 'b'.repeat(7000)) + entry('100644', 'c'.repeat(6999)))
  assert.ok(keepsBlock(git, cbor, long))
  assert.is(
    outcomeOf(() => git.decode(object('tree', entry('100644', 'a'.repeat(7001))))),
    'TOO_LARGE 10'
  )
})

test('any tree that is sorted as git sorts', () => {
  const names = fc.array(fc.constantFrom(0x2d, 0x2e, 0x2f, 0x30, 0x61, 0x62, 0xc3, 0xa9, 0xe9), { minLength: 1, maxLength: 5 }).map((list) => Buffer.from(list))
  const entries = fc.uniqueArray(fc.tuple(names, fc.boolean()), { selector: ([name]) => name.toString('hex'), maxLength: 12 })
  fc.assert(
    fc.property(entries, (list) => {
      const path = ([name, directory]: (typeof list)[number]) => Buffer.concat([name, Buffer.from(directory ? '/' : '')])
      // names with slashes in them may come in another order than git's when they end where others have a slash
      fc.pre(new Set(list.map((item) => path(item).toString('hex'))).size === list.length)
      const sorted = [...list].sort((a, b) => Buffer.compare(path(a), path(b)))
      const body = sorted.map(([name, directory]) => entry(directory ? '40000' : '100644', name.toString('latin1'))).join('')
      assert.ok(keepsBlock(git, cbor, object('tree', body)))
    }),
    { numRuns: RUNS }
  )
})

// --- git -------------------------------------------------------------------------------------------------------------------------------------------------

/** All objects of a repository. */
function objectsOf(folder: string, run: (args: string[], input?: Buffer) => Buffer): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  const names = run(['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype) %(objectsize)']).toString().trim().split('\n')
  for (const line of names) {
    const [name, type, size] = line.split(' ')
    found.set(name, Buffer.concat([Buffer.from(`${type} ${size}\0`), run(['cat-file', type, name])]))
  }
  assert.ok(existsSync(folder))
  return found
}

const made: Uint8Array[] = []
if (spawnSync('git', ['--version']).status !== 0) skip('a repository that git makes', 'git is not installed')
else {
  test('a repository that git makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'autocodec-git-'))
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_AUTHOR_NAME: 'Žluťoučký Kůň',
      GIT_AUTHOR_EMAIL: 'author@example.com',
      GIT_AUTHOR_DATE: '1525125994 +0545',
      GIT_COMMITTER_NAME: 'C',
      GIT_COMMITTER_EMAIL: '',
      GIT_COMMITTER_DATE: '100000000 -1200'
    }
    const run = (args: string[], input?: Buffer | string): Buffer =>
      execFileSync('git', args, { cwd: folder, env, input: input ?? '', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 26 })
    const put = (type: string, content: string | Buffer) => run(['hash-object', '-t', type, '-w', '--stdin', '--literally'], content).toString().trim()
    try {
      run(['init', '-q', '-b', 'main'])
      const blob = put('blob', 'content\n')
      const empty = put('tree', '')
      const sub = run(['mktree'], `100644 blob ${blob}\tž\n100644 blob ${blob}\tb.c\n`).toString().trim()
      const first = run(['commit-tree', empty, '-m', 'First']).toString().trim()
      const tree = run(
        ['mktree', '--missing', '-z'],
        Buffer.from(
          [
            `100644 blob ${blob}\tlib-x`,
            `040000 tree ${sub}\tlib`,
            `100755 blob ${blob}\tlib0`,
            `120000 blob ${blob}\t"quoted"`,
            `160000 commit ${first}\tsubmodule`,
            `100644 blob ${blob}\tcaf\xe9`,
            `100644 blob ${blob}\ttree`
          ]
            .map((line) => `${line}\0`)
            .join(''),
          'latin1'
        )
      )
        .toString()
        .trim()
      const left = run(['commit-tree', tree, '-p', first, '-m', 'Left']).toString().trim()
      const right = run(['-c', 'i18n.commitEncoding=ISO-8859-2', 'commit-tree', tree, '-p', first], Buffer.from('\xbelu\xbb', 'latin1')).toString().trim()
      run(['tag', '-a', '-m', 'Tag of a commit\n\nwith a body', 'v1', right])
      run(['tag', '-a', '-m', 'Tag of a tag', 'v2', 'v1'])
      run(['tag', '-a', '-m', 'Tag of a tree', 'v3', tree])
      run(['tag', '-a', '-m', 'Tag of a blob', 'v4', blob])
      run(['update-ref', 'refs/heads/main', left])
      run(['reset', '-q', '--hard'])
      // a merge of a signed tag has it in its header
      const signature = '-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n'
      run(['update-ref', 'refs/tags/v5', put('tag', `object ${right}\ntype commit\ntag v5\ntagger ${WHO}\n\nSigned\n${signature}`)])
      run(['-c', 'user.name=M', '-c', 'user.email=m@example.com', 'merge', '-q', '--no-ff', '-m', 'Merge', 'v5'])
      const merge = run(['cat-file', 'commit', 'HEAD']).toString('latin1')
      const signed = merge.replace('\n\n', '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n =x\n -----END PGP SIGNATURE-----\n \n\n')
      put('commit', Buffer.from(signed, 'latin1'))
      put('commit', Buffer.from(signed.replace(/\nauthor .*\n/, '\nauthor nobody\n'), 'latin1'))
      put('tag', `object ${blob}\ntype blob\ntag old\n\nwithout tagger\n`)

      const found = objectsOf(folder, run)
      assert.ok(found.size >= 16)
      for (const [name, block] of found) {
        assert.is(createHash('sha1').update(block).digest('hex'), name)
        assert.ok(keepsBlock(git, cbor, block), name)
        for (const { multihash } of git.links(block)) assert.ok(found.has(Buffer.from(multihash.digest).toString('hex')), `a link of ${name}`)
        made.push(block)
      }
      // what git says of a tree, name by name
      const listed = run(['ls-tree', '-z', tree]).toString('latin1').split('\0').filter(Boolean)
      const value = git.decode(found.get(tree)!) as Record<string, { mode: string; hash: CID }>
      assert.is(Object.keys(value).length, listed.length)
      for (const line of listed) {
        const [, mode, hash, name] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line)!
        const { mode: got, hash: link } = value[name.replace('\xe9', '\0é')]
        assert.is(got.padStart(6, '0'), mode)
        assert.is(Buffer.from(link.multihash.digest).toString('hex'), hash)
      }
      // and of a merge
      const [{ mergetag, parents, author }] = [git.decode(found.get(run(['rev-parse', 'HEAD']).toString().trim())!) as any]
      assert.is(mergetag[0].message, `Signed\n${signature}`)
      assert.is(parents.length, 2)
      assert.equal(author, { name: 'Žluťoučký Kůň', email: 'author@example.com', date: '1525125994', timezone: '+0545' })
      note(`${found.size} objects of git`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

// --- the public objects, and damaged ones ----------------------------------------------------------------------------------------------------------------

const VECTORS = join(process.env.AUTOCODEC_VECTORS ?? join(root, '../shared/vectors'), 'git/loose-objects')
const loose: Uint8Array[] = []
if (!existsSync(VECTORS)) skip('loose objects of go-ipld-git', `${VECTORS} is not there`)
else {
  const reference = (await import('ipld-git' as string)).default.util
  for (const folder of readdirSync(VECTORS)) {
    for (const name of readdirSync(join(VECTORS, folder))) {
      const block = new Uint8Array(inflateSync(readFileSync(join(VECTORS, folder, name))))
      loose.push(block)
      test(`loose object ${folder}${name}`, () => {
        assert.is(createHash('sha1').update(block).digest('hex'), folder + name)
        assert.ok(keepsBlock(git, cbor, block))
        const value = git.decode(block) as Record<string, any>
        const theirs = reference.deserialize(block)
        if (block[0] === 0x62) assert.is(hexOf(value as Uint8Array), hexOf(theirs))
        else if (block[1] === 0x72) {
          assert.equal(Object.keys(value), Object.keys(theirs))
          for (const [name, { mode, hash }] of Object.entries(theirs) as any) assert.is(`${value[name].mode} ${value[name].hash}`, `${mode} ${hash}`)
        } else {
          for (const field of ['message', 'encoding', 'type', 'tag']) assert.is(value[field], theirs[field], field)
          for (const field of ['tree', 'object']) assert.is(String(value[field]), String(theirs[field]), field)
          assert.equal((value.parents ?? []).map(String), (theirs.parents ?? []).map(String))
          for (const field of ['author', 'committer', 'tagger']) {
            if (theirs[field]) assert.is(`${value[field].name} ${value[field].email}`, `${theirs[field].name} ${theirs[field].email}`)
          }
        }
      })
    }
  }
}

test('damaged objects', async () => {
  const blocks = [...loose, ...made, ...objects.map(([, block]) => block)].filter((block) => block.length < 2000)
  // most damage is to the size, so what it says is mended in half of them
  const mended = (block: Uint8Array): Uint8Array => {
    const zero = block.indexOf(0)
    const type = Buffer.from(block.slice(0, Math.max(zero, 0)))
      .toString('latin1')
      .split(' ')[0]
    return zero < 0 ? block : new Uint8Array(Buffer.concat([ascii(`${type} ${block.length - zero - 1}\0`), block.slice(zero + 1)]))
  }
  const plain = await mutated(host, 'git-raw', blocks)
  const decoded = await mutated(host, 'git-raw', blocks, undefined, mended)
  note(`${plain} and ${decoded} damaged objects still decode`)
})

test.run()
