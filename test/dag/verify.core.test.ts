import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { from } from 'multiformats/hashes/hasher'
import { identity } from 'multiformats/hashes/identity'
import type { MultihashHasher } from 'multiformats/hashes/interface'
import { sha1 } from 'multiformats/hashes/sha1'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DagError } from '../../src/dag/errors.js'
import { verifyBlock } from '../../src/dag/verify.js'
import { threeBlocks } from './sample.js'

const { root } = await threeBlocks()

/** From the standards (FIPS 180-4 and 202, RFC 7693, the Keccak and BLAKE3 teams' vectors), mostly of "abc". */
const vectors: readonly [code: number, name: string, input: string, digest: string][] = [
  [0x20, 'sha2-384', 'abc', 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7'],
  [0x1013, 'sha2-224', 'abc', '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'],
  [0x1014, 'sha2-512-224', 'abc', '4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa'],
  [0x1015, 'sha2-512-256', 'abc', '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23'],
  [0x1053, 'ripemd-160', 'abc', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
  [0x11, 'sha1', 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  [0x12, 'sha2-256', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [0x13, 'sha2-512', 'abc', 'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f'],
  [0x56, 'dbl-sha2-256', 'hello', '9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50'],
  [0x14, 'sha3-512', 'abc', 'b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0'],
  [0x15, 'sha3-384', 'abc', 'ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25'],
  [0x16, 'sha3-256', 'abc', '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'],
  [0x17, 'sha3-224', 'abc', 'e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf'],
  [0x18, 'shake-128', 'abc', '5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8'],
  [
    0x19,
    'shake-256',
    'abc',
    '483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4'
  ],
  [
    0x18,
    'shake-128, 100 bytes',
    'abc',
    '5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc844c50af32acd3f2cdd066568706f509bc1bdde58295dae3f891a9a0fca5783789a41f8611214ce612394df286a62d1a2252aa94db9c538956c717dc2bed4f232a0294c85'
  ],
  [0x1a, 'keccak-224', 'abc', 'c30411768506ebe1c2871b1ee2e87d38df342317300a9b97a95ec6a8'],
  [0x1b, 'keccak-256', 'abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  [0x1c, 'keccak-384', 'abc', 'f7df1165f033337be098e7d288ad6a2f74409d7a60b49c36642218de161b1f99f8c681e4afaf31a34db29fb763e3c28e'],
  [
    0x1d,
    'keccak-512',
    'abc',
    '18587dc2ea106b9a1563e32b3312421ca164c7f1f07bc922a9c83d77cea3a1e5d0c69910739025372dc14ac9642629379540c17e2a65b19d77aa511a9d00bb96'
  ],
  [0x1e, 'blake3', 'abc', '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85'],
  [
    0x1e,
    'blake3, 64 bytes',
    '',
    'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262e00f03e7b69af26b7faaf09fcd333050338ddfe085b8cc869ca98b206c08243a'
  ],
  [0xb214, 'blake2b-160', 'abc', '384264f676f39536840523f284921cdc68b6846b'],
  [0xb21c, 'blake2b-224', 'abc', '9bd237b02a29e43bdd6738afa5b53ff0eee178d6210b618e4511aec8'],
  [0xb220, 'blake2b-256', 'abc', 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319'],
  [0xb230, 'blake2b-384', 'abc', '6f56a82c8e7ef526dfe182eb5212f7db9df1317e57815dbda46083fc30f54ee6c66ba83be64b302d7cba6ce15bb556f4'],
  [
    0xb240,
    'blake2b-512',
    'abc',
    'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923'
  ],
  [0xb254, 'blake2s-160', 'abc', '5ae3b99be29b01834c3b508521ede60438f8de17'],
  [0xb25c, 'blake2s-224', 'abc', '0b033fc226df7abde29f67a05d3dc62cf271ef3dfea4d387407fbd55'],
  [0xb260, 'blake2s-256', 'abc', '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982']
]

const bytesOf = (hex: string): Uint8Array => Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
const cidOf = (code: number, digest: Uint8Array): CID => CID.createV1(0x55, create(code, digest))

async function fault(cid: CID, bytes: Uint8Array): Promise<DagError> {
  return verifyBlock(cid, bytes).then(
    () => assert.unreachable(`${cid} was accepted`),
    (error) => error
  )
}

for (const [code, name, input, hex] of vectors) {
  test(`${name}: the standard’s digest, cut or not, and no other`, async () => {
    const bytes = new TextEncoder().encode(input)
    const digest = bytesOf(hex)
    for (const length of [digest.length, 20]) await verifyBlock(cidOf(code, digest.subarray(0, length)), bytes)
    for (const length of [digest.length, 20]) {
      const other = digest.slice(0, length)
      other[length - 1] ^= 1
      assert.is((await fault(cidOf(code, other), bytes)).code, 'HASH_MISMATCH')
    }
    assert.is((await fault(cidOf(code, digest), Uint8Array.of(...bytes, 0))).code, 'HASH_MISMATCH')
    const short = await fault(cidOf(code, digest.subarray(0, 19)), bytes)
    assert.is(short.code, 'DIGEST_LENGTH')
    assert.match(short.message, /19 bytes, expected 20 or more/)
    const long = await fault(cidOf(code, Uint8Array.of(...digest, ...new Uint8Array(129 - digest.length))), bytes)
    assert.is(long.code, 'DIGEST_LENGTH')
    assert.match(long.message, /129 bytes, expected at most \d+/)
  })
}

test('the hashers of the ecosystem give the same', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff)
  const modules = [
    await import('@multiformats/sha3'),
    await import('@multiformats/blake2/blake2b'),
    await import('@multiformats/blake2/blake2s'),
    { sha1, sha256, sha512 }
  ]
  const hashers = modules.flatMap((module) => Object.values(module) as MultihashHasher[]).filter(({ encode }) => encode !== undefined)
  assert.ok(hashers.length > 50)
  for (const hasher of hashers) {
    const digest = await hasher.encode(bytes)
    if (digest.length >= 20) await verifyBlock(cidOf(hasher.code, digest), bytes)
  }
})

test('each size of blake2 is a function of its own', async () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const { blake2b256, blake2b384 } = await import('@multiformats/blake2/blake2b')
  const cut = blake2b384.encode(bytes) as Uint8Array
  assert.is((await fault(cidOf(blake2b256.code, cut.slice(0, 32)), bytes)).code, 'HASH_MISMATCH')
  await verifyBlock(cidOf(blake2b384.code, cut.slice(0, 32)), bytes)
  // whole, and yet no proof
  assert.is((await fault(cidOf(0xb201, new Uint8Array(1)), bytes)).code, 'DIGEST_LENGTH')
})

const right: [string, CID][] = [
  ['sha2-256', root.cid],
  ['identity', CID.createV1(0x71, identity.digest(root.bytes))]
]

for (const [name, cid] of right) {
  test(`${name}: any flipped bit shows`, async () => {
    await verifyBlock(cid, root.bytes)
    for (let at = 0; at < root.bytes.length; at += 3) {
      const changed = root.bytes.slice()
      changed[at] ^= 1 << (at % 8)
      const error = await fault(cid, changed)
      assert.is(error.code, 'HASH_MISMATCH')
      assert.is(error.cid, cid)
    }
    assert.is((await fault(cid, root.bytes.subarray(1))).code, 'HASH_MISMATCH')
    assert.is((await fault(cid, Uint8Array.of(...root.bytes, 0))).code, 'HASH_MISMATCH')
  })
}

test('a hash function that is not known is named, and what is', async () => {
  const error = await fault(CID.createV1(0x90, create(0x22, new Uint8Array(32))), root.bytes)
  assert.is(error.code, 'UNKNOWN_HASH')
  assert.match(error.message, /0x22, expected one of identity, sha1, sha2-224.*blake3/)
})

test('a hash function that the caller adds', async () => {
  const sum = from({ name: 'sum', code: 0x300000, encode: (bytes) => new Uint8Array(20).fill(bytes.reduce((a, b) => a + b, 0)) })
  const cid = CID.createV1(0x55, await sum.digest(Uint8Array.of(1, 2)))
  await verifyBlock(cid, Uint8Array.of(3), { hashers: [sum] })
  for (const [bytes, hashers, code] of [
    [Uint8Array.of(4), [sum], 'HASH_MISMATCH'],
    [Uint8Array.of(3), [], 'UNKNOWN_HASH']
  ] as const) {
    const error = await verifyBlock(cid, bytes, { hashers }).then(
      () => assert.unreachable(),
      (error) => error
    )
    assert.is(error.code, code)
  }
})

test.run()
