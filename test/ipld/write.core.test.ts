/** Writer and builder, where functions may be made from text. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Writer } from '../../src/ipld/index.js'
import { MAP } from '../../src/ipld/layout.js'
import { roundTrips } from './roundtrip.js'

roundTrips(2000)

test('the objects of one shape have their keys once', () => {
  const { material } = new Writer().write(Array.from({ length: 100 }, (_, i) => ({ id: i, name: 'x' })))
  const words = material.words.slice(0, material.records * 4)
  // the list, a map with its keys, 99 without
  assert.is(words.length / 4, 1 + 5 + 99 * 3)
  assert.is(words[4], MAP)
  assert.is(words[4 * 6], MAP | (2 << 8))
  assert.is(words[4 * 6 + 3], 1)
})

test('bytes of 512 and more are not copied', () => {
  const long = new Uint8Array(512)
  const { outside, dataLength } = new Writer().write([long, new Uint8Array(511), long]).material
  assert.is(dataLength, 511)
  assert.equal(outside.length, 2)
  assert.ok(outside.every((part) => part === long))
})

test.run()
