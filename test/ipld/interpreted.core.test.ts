/** Writer and builder where a policy forbids to make functions from text: all is as with them, only slower. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allowCompile, canCompile } from '../../src/ipld/compile.js'
import { roundTrips } from './roundtrip.js'

const honest = globalThis.Function
let asked = 0
const forbidden = new Proxy(honest, {
  construct() {
    asked++
    throw new EvalError('forbidden by the policy')
  }
})

test.before(() => {
  globalThis.Function = forbidden
  allowCompile(true)
})
test.after(() => {
  globalThis.Function = honest
  // in a browser the next file has the same module
  allowCompile(true)
})

roundTrips(500)

test('functions were asked for when one shape was worth it, and never again', () => {
  assert.ok(asked >= 1 && asked <= 3, `${asked} times`)
  assert.is(canCompile(), false)
})

test.run()
