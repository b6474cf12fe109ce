import * as dagJson from '@ipld/dag-json'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sliceJson } from '../../src/ipld/slice-json.js'

const text = '{"a":{"b":[1,-2.5e+10,"x\\"]}",{"c":null}],"":{}},"é\\n":true,"z":[[],[[3]]]}'

const rows: [path: string, value: string][] = [
  ['', text],
  ['a/b', '[1,-2.5e+10,"x\\"]}",{"c":null}]'],
  ['a/b/0', '1'],
  ['a/b/1', '-2.5e+10'],
  ['/a//b/2/', '"x\\"]}"'],
  ['a/b/3', '{"c":null}'],
  ['a/b/3/c', 'null'],
  ['é\n', 'true'],
  ['z/0', '[]'],
  ['z/1/0/0', '3'],
  ['z/1', '[[3]]']
]
for (const [path, value] of rows) test(`at "${path}"`, () => assert.is(sliceJson(text, path), value))

test('every path of a value, against its parts', () => {
  const value = { list: [1, [2, { deep: 'x,y' }], 'a"b'], map: { k: { l: [true, null] } }, last: 1.5 }
  const encode = (part: unknown) => new TextDecoder().decode(dagJson.encode(part))
  const whole = encode(value)
  const visit = (part: unknown, path: string): void => {
    assert.is(sliceJson(whole, path), encode(part), path)
    if (part !== null && typeof part === 'object') for (const [key, child] of Object.entries(part)) visit(child, `${path}/${key}`)
  }
  visit(value, '')
})

test.run()
