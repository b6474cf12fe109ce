/** The project's own vectors, `fixtures/ucan`, which scripts/fixture-ucan.ts makes: also in the browser. */
import { CID } from 'multiformats/cid'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import chainRows from '../../fixtures/ucan/chains.json' with { type: 'json' }
import containerRows from '../../fixtures/ucan/containers.json' with { type: 'json' }
import keyRows from '../../fixtures/ucan/keys.json' with { type: 'json' }
import malformedRows from '../../fixtures/ucan/malformed.json' with { type: 'json' }
import promiseRows from '../../fixtures/ucan/promises.json' with { type: 'json' }
import receiptRows from '../../fixtures/ucan/receipts.json' with { type: 'json' }
import taskRows from '../../fixtures/ucan/tasks.json' with { type: 'json' }
import tokenRows from '../../fixtures/ucan/tokens.json' with { type: 'json' }
import {
  authorise,
  Delegation,
  decodeToken,
  exportSigner,
  fulfil,
  Invocation,
  importSigner,
  Receipt,
  type Result,
  readContainer,
  readReceipt,
  type Task,
  taskCid,
  type UcanErrorCode,
  verifierOf,
  verifySignature,
  writeContainer
} from '../../src/ucan/index.js'
import { fromHex, fromJson, toHex, toJson } from './hex.js'
import { refusal } from './refusal.js'

const keys = suite('keys')
for (const { name, type, did, exported } of keyRows) {
  keys(`${name}, ${type}`, async () => {
    const signer = await importSigner(fromHex(exported))
    assert.is(signer.did, did)
    assert.is(signer.type, type)
    assert.is(toHex(exportSigner(signer)), exported)
    const message = new TextEncoder().encode('a message')
    const verifier = await verifierOf(did)
    assert.is(verifier.type, type)
    assert.ok(await verifier.verify(message, await signer.sign(message)))
    assert.not.ok(await verifier.verify(message.subarray(1), await signer.sign(message)))
    assert.not.ok(JSON.stringify(signer).includes(exported.slice(8)))
  })
}
keys.run()

const tokens = suite('tokens')
for (const { name, kind, type, cid, payload, token } of tokenRows) {
  tokens(`${kind}: ${name}`, async () => {
    const read = decodeToken(fromHex(token))
    assert.instance(read, kind === 'delegation' ? Delegation : Invocation)
    assert.is(read.cid.toString(), cid)
    assert.is(toJson(read.payload), payload)
    assert.is(read.type, type)
    assert.is(toHex(read.bytes), token)
    await verifySignature(read)
  })
}
for (const { name, code, offset, token } of malformedRows as { name: string; code: UcanErrorCode; offset?: number; token: string }[]) {
  tokens(`refused: ${name}`, async () => {
    const error = await refusal(() => decodeToken(fromHex(token)), code)
    if (offset !== undefined) assert.is(error.offset, offset, error.message)
  })
}
tokens.run()

const cids = (tokens: readonly Delegation[]): string[] => tokens.map(({ cid }) => cid.toString())

const chains = suite('chains')
for (const { name, time, audience, code, claim, invocation, proofs } of chainRows as ((typeof chainRows)[0] & {
  code?: string
  claim?: string
  audience?: string
})[]) {
  chains(`${code ?? 'allowed'}: ${name}`, async () => {
    const read = decodeToken(fromHex(invocation)) as Invocation
    const given = proofs.map((bytes) => decodeToken(fromHex(bytes)) as Delegation)
    const attempt = () => authorise(read, { proofs: given, now: time, audience })
    if (code !== undefined) assert.is((await refusal(attempt, code as UcanErrorCode)).claim, claim)
    else assert.equal(cids((await attempt()).chain), cids(given))
  })
}
chains.run()

const receipts = suite('receipts')
for (const { name, cid, ran, out, run, token } of receiptRows) {
  receipts(name, async () => {
    const read = decodeToken(fromHex(token)) as Receipt
    assert.instance(read, Receipt)
    assert.is(read.cid.toString(), cid)
    assert.is(read.ran.toString(), ran)
    assert.is(toJson(read.out), out)
    assert.is(toJson(read.run), run)
    assert.is(toJson(readReceipt(fromHex(token)).out), out)
    // no proof is needed: it is by the executor, of itself
    await authorise(read)
  })
}
receipts.run()

const tasks = suite('tasks')
for (const { cid, task } of taskRows) tasks(task, () => assert.is(taskCid(fromJson<Task>(task)).toString(), cid))
tasks.run()

const promises = suite('promises')
for (const { name, args, settled, expected } of promiseRows as unknown as {
  name: string
  args: string
  settled: [string, string, string][]
  expected: string
}[]) {
  promises(name, () => {
    const results = new Map(settled.map(([task, out, from]) => [task, { out: fromJson<Result>(out), from: CID.parse(from) }]))
    assert.is(toJson(fulfil(fromJson<Record<string, unknown>>(args), (task) => results.get(task.toString()))), expected)
  })
}
promises.run()

const containers = suite('containers')
for (const { name, writes, tokens, container } of containerRows as { name: string; writes?: object; tokens: string[]; container: string }[]) {
  containers(name, async () => {
    const read = await readContainer(fromHex(container))
    assert.equal(read.tokens.map(({ cid }) => cid.toString()).sort(), [...tokens].sort())
    assert.is(read.delegations.length, 2)
    assert.is(read.receipts.length, 1)
    assert.is(read.invocations.length, 0)
    assert.is(read.delegation(read.delegations[0].cid), read.delegations[0])
    if (writes !== undefined) assert.is(toHex(await writeContainer(read.tokens, writes)), container)
    for (const form of ['bytes', 'base64', 'base64url'] as const) {
      const again = await writeContainer([...read.tokens].reverse(), { form, gzip: true })
      assert.is((await readContainer(again)).tokens.length, 3)
      if (form !== 'bytes') assert.is((await readContainer(new TextDecoder().decode(again))).tokens.length, 3)
    }
  })
}
containers.run()
