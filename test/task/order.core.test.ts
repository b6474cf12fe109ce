/** The same task is the same run: whatever order the keys of its parameters stand in, and however their numbers are written. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createHost } from '../../src/index.js'
import { loadFunction, runFunction } from '../../src/task/index.js'

const module = await loadFunction(await createHost(), 'json-path')
const root = { b: 1, 10: 2, a: { longer: [1, 2], x: null }, 2: 'two' }

/** The same value with the keys of all maps turned round, as far as JavaScript lets them be. */
const turned = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, turned(item)])
      )

for (const path of ['$..*', '$.a.longer', '$[?@.x == null]', '$["10"]']) {
  test(path, async () => {
    const one = await runFunction(module, { fun: 'query', params: { root, path } })
    const other = await runFunction(module, { fun: 'query', params: turned({ root, path }) })
    assert.ok('ok' in one.result)
    assert.equal(other, one)
  })
}

test.run()
