import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { base58btc } from 'multiformats/bases/base58'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exportSigner, generateSigner, importSigner, type KeyType, signerFrom, verifierOf } from '../../src/ucan/index.js'
import { fromHex, toHex } from './hex.js'
import { refusal } from './refusal.js'

const message = new TextEncoder().encode('a message')
const CURVES = { Ed25519: ed25519, 'P-256': p256, secp256k1 }
const TYPES = Object.keys(CURVES) as KeyType[]

const negative = (signature: Uint8Array, order: bigint): Uint8Array => {
  const s = order - BigInt(`0x${toHex(signature.subarray(32))}`)
  return Uint8Array.of(...signature.subarray(0, 32), ...fromHex(s.toString(16).padStart(64, '0')))
}
const didOf = (...bytes: number[]): string => `did:key:${base58btc.encode(Uint8Array.of(...bytes))}`

for (const type of TYPES) {
  test(`${type}: made, exported, imported`, async () => {
    const signer = await generateSigner(type)
    assert.not.equal(signer.did, (await generateSigner(type)).did)
    const exported = exportSigner(signer)
    assert.is(exported.length, 34)
    const again = await importSigner(exported)
    assert.is(again.did, signer.did)
    assert.is(again.type, type)
    assert.is((await signerFrom(exported.subarray(2), type)).did, signer.did)
    const verifier = await verifierOf(signer.did)
    assert.is(verifier.did, signer.did)
    assert.ok(await verifier.verify(message, await again.sign(message)))
  })

  test(`${type}: 64 bytes, which others take for a signature, as we take theirs`, async () => {
    const curve = CURVES[type]
    const secret = curve.utils.randomSecretKey()
    const signer = await signerFrom(secret, type)
    const publicKey = curve.getPublicKey(secret)
    const verifier = await verifierOf(signer.did)
    for (let i = 0; i < 8; i++) {
      const signature = await signer.sign(message)
      assert.is(signature.length, 64)
      // noble refuses a high s unless told otherwise, so ours is low
      assert.ok((curve as typeof p256).verify(signature, message, publicKey, type === 'Ed25519' ? {} : { lowS: true }))
      assert.ok(await verifier.verify(message, curve.sign(message, secret)))
    }
  })

  test(`${type}: what is no signature`, async () => {
    const signer = await generateSigner(type)
    const verifier = await verifierOf(signer.did)
    const signature = await signer.sign(message)
    for (const bad of [new Uint8Array(0), new Uint8Array(64), new Uint8Array(64).fill(0xff), signature.subarray(1), Uint8Array.of(...signature, 0)]) {
      assert.not.ok(await verifier.verify(message, bad))
    }
    assert.not.ok(await (await verifierOf((await generateSigner(type)).did)).verify(message, signature))
  })

  test(`${type}: changing the bytes of a key afterwards changes nothing`, async () => {
    const secret = CURVES[type].utils.randomSecretKey()
    const signer = await signerFrom(secret, type)
    const before = toHex(exportSigner(signer))
    secret.fill(1)
    exportSigner(signer).fill(2)
    assert.is(toHex(exportSigner(signer)), before)
    assert.ok(await (await verifierOf(signer.did)).verify(message, await signer.sign(message)))
  })
}

test('RFC 8032, section 7.1, test 2', async () => {
  const signer = await signerFrom(fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'))
  assert.is(signer.did, didOf(0xed, 1, ...fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')))
  const expected = '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'
  assert.is(toHex(await signer.sign(Uint8Array.of(0x72))), expected)
})

test('of secp256k1 a signature has one form, of P-256 WebCrypto gives two', async () => {
  for (const [type, order, both] of [
    ['secp256k1', secp256k1.Point.Fn.ORDER, false],
    ['P-256', p256.Point.Fn.ORDER, true]
  ] as const) {
    const signer = await generateSigner(type)
    const verifier = await verifierOf(signer.did)
    const signature = await signer.sign(message)
    assert.ok(await verifier.verify(message, signature))
    assert.is(await verifier.verify(message, negative(signature, order)), both)
  }
})

test('of Ed25519 S is below the order', async () => {
  const signer = await generateSigner()
  const signature = await signer.sign(message)
  const s = BigInt(`0x${toHex(signature.subarray(32).reverse())}`) + ed25519.Point.Fn.ORDER
  const beyond = Uint8Array.of(...(await signer.sign(message)).subarray(0, 32), ...fromHex(s.toString(16).padStart(64, '0')).reverse())
  assert.not.ok(await (await verifierOf(signer.did)).verify(message, beyond))
})

// --- DIDs ------------------------------------------------------------------------------------------------------------------------------------------------

const zeros = Array<number>(32).fill(0)
const ones = Array<number>(30).fill(0xff)
const dids: [name: string, did: string, code: 'DID_INVALID' | 'DID_UNSUPPORTED'][] = [
  ['no DID', 'alice', 'DID_INVALID'],
  ['no method', 'did:', 'DID_INVALID'],
  ['in capitals', 'did:KEY:z6MkmT9j6fVZqzXV8u2wVVSu49gYSRYGSQnduWXF6foAJrqz', 'DID_INVALID'],
  ['another method', 'did:web:example.com', 'DID_UNSUPPORTED'],
  ['another base', 'did:key:m7QE9QBfD6EOJWpK3qm3YG3uuncnPLvZIFzyMaAz2YCIxDA', 'DID_INVALID'],
  ['not in base58', 'did:key:z0OIl', 'DID_INVALID'],
  ['nothing', didOf(), 'DID_UNSUPPORTED'],
  ['another key', didOf(0xec, 1, ...zeros), 'DID_UNSUPPORTED'],
  ['as long as RSA’s', didOf(0x85, 0x24, ...Array<number>(294).fill(7)), 'DID_UNSUPPORTED'],
  ['too short', didOf(0xed, 1, ...zeros.slice(1)), 'DID_INVALID'],
  ['too long', didOf(0xed, 1, 9, ...zeros), 'DID_INVALID'],
  ['P-256, not compressed', didOf(0x80, 0x24, 4, ...zeros, ...zeros), 'DID_INVALID'],
  ['P-256, another sign', didOf(0x80, 0x24, 5, ...zeros), 'DID_INVALID'],
  ['P-256, no point', didOf(0x80, 0x24, 2, ...Array<number>(32).fill(0xff)), 'DID_INVALID'],
  ['secp256k1, no point', didOf(0xe7, 1, 2, ...Array<number>(31).fill(0), 5), 'DID_INVALID'],
  ['Ed25519, the neutral point', didOf(0xed, 1, 1, ...zeros.slice(1)), 'DID_INVALID'],
  ['Ed25519, the neutral point with a sign', didOf(0xed, 1, 1, ...zeros.slice(2), 0x80), 'DID_INVALID'],
  ['Ed25519, beyond the field', didOf(0xed, 1, 0xf0, ...ones, 0x7f), 'DID_INVALID'],
  ['Ed25519, beyond the field with a sign', didOf(0xed, 1, 0xf0, ...ones, 0xff), 'DID_INVALID']
]
for (const [name, did, code] of dids) test(`refused: ${name}`, async () => void (await refusal(() => verifierOf(did), code)))

test('all points of small order are refused', async () => {
  // the torsion subgroup has eight: multiples of one of order 8
  const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')
  const points = new Set<string>()
  let point = torsion
  for (let i = 0; i < 8; i++) {
    assert.ok(point.isSmallOrder())
    points.add(point.toHex())
    point = point.add(torsion)
  }
  assert.is(points.size, 8)
  for (const hex of points) assert.match((await refusal(() => verifierOf(didOf(0xed, 1, ...fromHex(hex))), 'DID_INVALID')).message, /small order/)
})

// --- private keys ----------------------------------------------------------------------------------------------------------------------------------------

test('what is no private key', async () => {
  for (const type of TYPES) await refusal(() => signerFrom(new Uint8Array(31), type), 'KEY_INVALID')
  await refusal(() => signerFrom(new Uint8Array(32), 'P-256'), 'KEY_INVALID')
  await refusal(() => signerFrom(new Uint8Array(32).fill(0xff), 'secp256k1'), 'KEY_INVALID')
  await refusal(() => importSigner(new Uint8Array(34)), 'KEY_INVALID')
  await refusal(() => importSigner(new Uint8Array(0)), 'KEY_INVALID')
  await refusal(async () => importSigner(exportSigner(await generateSigner()).subarray(0, 20)), 'KEY_INVALID')
  await signerFrom(new Uint8Array(32), 'RSA' as KeyType).then(
    () => assert.unreachable(),
    (error) => assert.match((error as Error).message, /type "RSA", expected "Ed25519"/)
  )
})

test('a signer from elsewhere has nothing to export', async () => {
  const { did, type, sign } = await generateSigner()
  assert.throws(() => exportSigner({ did, type, sign }), TypeError)
})

test('without WebCrypto all is the same', async () => {
  const subtle = Object.getOwnPropertyDescriptor(Crypto.prototype, 'subtle')!
  const secrets = await Promise.all(TYPES.map(async (type) => [type, exportSigner(await generateSigner(type)).subarray(2)] as const))
  const withIt = await Promise.all(secrets.map(([type, secret]) => signerFrom(secret, type)))
  Object.defineProperty(Crypto.prototype, 'subtle', { configurable: true, get: () => undefined })
  try {
    for (const [i, [type, secret]] of secrets.entries()) {
      const signer = await signerFrom(secret, type)
      assert.is(signer.did, withIt[i].did)
      const signature = await signer.sign(message)
      // this verifier is made here: no key of this DID has been imported yet
      assert.ok(await (await verifierOf(signer.did)).verify(message, signature))
      assert.not.ok(
        await (await verifierOf(signer.did)).verify(
          message,
          signature.map((byte, at) => (at === 5 ? byte ^ 1 : byte))
        )
      )
    }
  } finally {
    Object.defineProperty(Crypto.prototype, 'subtle', subtle)
  }
})

test.run()
