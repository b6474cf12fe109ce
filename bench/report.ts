import { readFileSync } from 'node:fs'
import { isNativeAccelerationEnabled } from 'cbor-x'
import type { Failure, Result } from './result.js'
import { root } from './root.js'
import type { Verdict } from './targets.js'

/** What results.json holds. No date and no absolute claim: the ratios count, and git knows when. */
export interface Report {
  readonly node: string
  readonly v8: string
  readonly arch: string
  /** versions of what ours is compared with */
  readonly references: Readonly<Record<string, string>>
  /** cbor-x reads strings with a native addon where one is installed */
  readonly cborXNative: boolean
  readonly cases: readonly Result[]
  readonly failures: readonly Failure[]
  readonly targets: readonly Verdict[]
}

const packages = [
  '@ipld/dag-cbor',
  '@ipld/dag-json',
  '@ipld/dag-pb',
  'multiformats',
  'cbor-x',
  '@msgpack/msgpack',
  'cborg',
  'json-canonicalize',
  'bencode',
  '@ethereumjs/rlp',
  'ipld-git',
  'dag-jose',
  'bitcoin-block',
  'zcash-block'
]

export function makeReport(cases: readonly Result[], failures: readonly Failure[], targets: readonly Verdict[]): Report {
  return {
    node: process.version,
    v8: process.versions.v8,
    arch: process.arch,
    references: Object.fromEntries(packages.map((name) => [name, version(name)])),
    cborXNative: isNativeAccelerationEnabled,
    cases,
    failures,
    targets
  }
}

/** JSON with one line a row, so that a diff shows which rows moved. */
export function reportText(report: Report): string {
  const fields = Object.entries(report).map(([name, value]) => {
    const text = Array.isArray(value) && value.length > 0 ? `[\n${value.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]` : JSON.stringify(value)
    return `  ${JSON.stringify(name)}: ${text}`
  })
  return `{\n${fields.join(',\n')}\n}\n`
}

const version = (name: string): string => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, root), 'utf8')).version
