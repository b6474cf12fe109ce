/** Which failures are results: every code of every class that a run may end with. And that the host's own limits and faults do not look like the function's. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CodecError, GUEST_ERRORS, HostError, type HostErrorCode } from '../../src/codec/errors.js'
import { DagError, type DagErrorCode } from '../../src/dag/errors.js'
import { LayoutError } from '../../src/dag/layout/errors.js'
import { CID, IpldError, type IpldErrorCode } from '../../src/ipld/index.js'
import { type SandboxCode, SandboxError } from '../../src/sandbox/errors.js'
import { hostFault, sourceFault } from '../../src/task/errors.js'
import { failureOf, TaskError, type TaskErrorCode } from '../../src/task/index.js'

const FINAL = true
const PASSING = false

/** What it becomes where a codec or layout of the host's has thrown it; undefined: nothing else. */
type Row = readonly [final: boolean, ofHost?: TaskErrorCode]

const task: Record<TaskErrorCode, Row> = {
  UNKNOWN_MODULE: [PASSING],
  UNKNOWN_FUNCTION: [FINAL],
  BLOCK_NOT_FOUND: [PASSING],
  UNREADABLE: [FINAL],
  LINK_NOT_SHOWN: [FINAL],
  INVALID_REQUEST: [FINAL],
  INVALID_ANSWER: [FINAL],
  FUEL: [FINAL],
  TIME: [PASSING],
  OUTPUT: [FINAL],
  BLOCKS: [FINAL],
  CREATED: [FINAL],
  LINKS: [FINAL],
  EFFECTS: [FINAL],
  CODEC_LIMIT: [PASSING],
  CODEC_FAILED: [PASSING],
  CHECKPOINT: [PASSING]
}
const host: Record<HostErrorCode, Row> = {
  UNKNOWN_CODEC: [PASSING],
  MODULE_NOT_FOUND: [PASSING],
  HASH_MISMATCH: [PASSING],
  UNKNOWN_HASH: [PASSING],
  DIGEST_LENGTH: [PASSING],
  MANIFEST: [FINAL, 'CODEC_FAILED'],
  ABI: [FINAL, 'CODEC_FAILED'],
  CODE_MISMATCH: [PASSING],
  CATALOG: [PASSING],
  REFUSED: [PASSING]
}
const sandbox: Record<SandboxCode, Row> = {
  NOT_WASM: [FINAL, 'CODEC_FAILED'],
  TRUNCATED: [FINAL, 'CODEC_FAILED'],
  MALFORMED: [FINAL, 'CODEC_FAILED'],
  INVALID: [FINAL, 'CODEC_FAILED'],
  FEATURE: [FINAL, 'CODEC_FAILED'],
  IMPORT: [FINAL, 'CODEC_FAILED'],
  EXPORT: [FINAL, 'CODEC_FAILED'],
  LIMIT: [PASSING, 'CODEC_LIMIT'],
  INSTANTIATION: [PASSING, 'CODEC_FAILED'],
  FUEL: [FINAL, 'CODEC_LIMIT'],
  STACK: [FINAL, 'CODEC_LIMIT'],
  ENGINE_STACK: [PASSING, 'CODEC_LIMIT'],
  MEMORY: [PASSING, 'CODEC_LIMIT'],
  STATE: [PASSING, 'CODEC_FAILED'],
  TRAP: [FINAL, 'CODEC_FAILED']
}
const dag: Record<DagErrorCode, Row> = {
  NOT_A_CAR: [PASSING],
  CAR_TRUNCATED: [PASSING],
  CAR_MALFORMED: [PASSING],
  CAR_TOO_LARGE: [PASSING],
  HASH_MISMATCH: [PASSING],
  UNKNOWN_HASH: [PASSING],
  DIGEST_LENGTH: [PASSING],
  WALK_LIMIT: [PASSING],
  BLOCK_NOT_FOUND: [PASSING],
  TAG_MALFORMED: [PASSING],
  TAG_VERSION: [PASSING],
  TAG_NESTING: [PASSING],
  TAG_LINKS: [PASSING],
  NOT_EQUIVALENT: [PASSING],
  WORKER_LOST: [PASSING]
}
const ipld: Record<IpldErrorCode, Row> = {
  INVALID_TAPE: [FINAL, 'CODEC_FAILED'],
  INVALID_UTF8: [FINAL],
  INVALID_CID: [FINAL],
  VALUE_SIZE: [FINAL, 'CODEC_LIMIT'],
  DEPTH: [FINAL],
  UNSUPPORTED_VALUE: [FINAL],
  NOT_FOUND: [FINAL]
}
const reported: Record<string, Row> = Object.fromEntries(Object.values(GUEST_ERRORS).map(([code]) => [code, [FINAL]]))
const codec: Record<string, Row> = {
  ...reported,
  CODEC_ERROR: [FINAL],
  FUNCTION_ERROR: [FINAL],
  INVALID_TAPE: [FINAL, 'CODEC_FAILED'],
  INPUT_SIZE: [FINAL, 'CODEC_LIMIT'],
  OUTPUT_SIZE: [FINAL, 'CODEC_LIMIT'],
  VALUE_SIZE: [FINAL, 'CODEC_LIMIT']
}
const layout: Record<string, Row> = {
  ...reported,
  CODEC_ERROR: [FINAL],
  UNKNOWN_LAYOUT: [PASSING],
  BLOCK_NOT_FOUND: [PASSING],
  NOT_FOUND: [FINAL],
  WRONG_KIND: [FINAL],
  SIZE_MISMATCH: [FINAL],
  UNSUPPORTED_CODEC: [FINAL],
  LIMIT: [PASSING, 'CODEC_LIMIT'],
  INPUT_SIZE: [PASSING, 'CODEC_LIMIT'],
  VALUE_SIZE: [PASSING, 'CODEC_LIMIT'],
  LINK_NOT_SHOWN: [PASSING, 'CODEC_FAILED'],
  INVALID_TAPE: [PASSING, 'CODEC_FAILED']
}

const CLASSES: readonly [name: string, rows: Record<string, Row>, make: (code: string) => Error][] = [
  ['TaskError', task, (code) => new TaskError(code as TaskErrorCode, 'why')],
  ['HostError', host, (code) => new HostError(code as HostErrorCode, 'why')],
  ['SandboxError', sandbox, (code) => new SandboxError(code as SandboxCode, 'why')],
  ['DagError', dag, (code) => new DagError(code as DagErrorCode, 'why')],
  ['IpldError', ipld, (code) => new IpldError(code as IpldErrorCode, 'why')],
  ['CodecError', codec, (code) => new CodecError(code, 'codec', 'why')],
  ['LayoutError', layout, (code) => new LayoutError(code, 'layout', 'why')]
]
const cid = CID.parse('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')

for (const [name, rows, make] of CLASSES) {
  test(`${name}: which codes are results`, () => {
    for (const [code, [final, ofHost]] of Object.entries(rows)) {
      const error = make(code)
      const failed = failureOf(error)
      assert.equal([failed?.failure.code, failed?.final], [code, final], code)
      const told = failureOf(hostFault(error, 'block'))
      assert.equal([told?.failure.code, told?.final], ofHost === undefined ? [code, final] : [ofHost, PASSING], `${code} of the host’s`)
      if (ofHost !== undefined) assert.match(told?.failure.message ?? '', code)
      // whoever gives blocks says nothing of the task
      const given = failureOf(sourceFault(error, cid))
      assert.equal([given?.failure.code, given?.final], [final ? 'BLOCK_NOT_FOUND' : code, PASSING], `${code} of a source`)
    }
  })
}

test('anything else is no outcome', () => {
  for (const thrown of [new Error('why'), new TypeError('why'), Object.assign(new Error('why'), { name: 'TaskError', code: 'FUEL' }), 'why', undefined]) {
    assert.is(failureOf(thrown), undefined)
    assert.is(hostFault(thrown, 'block'), thrown)
    assert.is(sourceFault(thrown, cid), thrown)
  }
})

test.run()
