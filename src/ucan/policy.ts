/**
 * The policy language (UCAN 1.0.0, "Policy"): statements about the arguments of an invocation, all of which must hold. A statement whose selector leads nowhere does not hold.
 */
import { CID } from 'multiformats/cid'
import { MAX_DEPTH } from '../ipld/index.js'
import { isMap } from './envelope.js'
import { shown, UcanError } from './errors.js'
import { like } from './like.js'
import { NOWHERE, readSelector, type Selector, select, valuesOf } from './selector.js'
import { sameBytes } from './varsig.js'

type Comparison = readonly [op: '==' | '!=', selector: string, value: unknown]
type Inequality = readonly [op: '<' | '<=' | '>' | '>=', selector: string, value: number | bigint]
type Like = readonly [op: 'like', selector: string, pattern: string]
type Negation = readonly [op: 'not', statement: Statement]
type Connective = readonly [op: 'and' | 'or', statements: readonly Statement[]]
type Quantifier = readonly [op: 'all' | 'any', selector: string, statement: Statement]
export type Statement = Comparison | Inequality | Like | Negation | Connective | Quantifier
export type Policy = readonly Statement[]

/** Default of the steps that the policies of a chain may take together: values compared, characters matched, elements visited. */
const MAX_STEPS = 1_000_000

/** Counts steps down. @throws UcanError `POLICY_LIMIT` */
export class Steps {
  #left: number
  readonly #limit: number

  constructor(limit = MAX_STEPS) {
    this.#left = limit
    this.#limit = limit
  }

  readonly spend = (steps: number): void => {
    this.#left -= steps
    if (this.#left < 0) throw new UcanError('POLICY_LIMIT', `a policy that takes more than ${this.#limit} steps`)
  }
}

/** A statement that is ready to be tried. */
type Test = (value: unknown, steps: Steps) => boolean

/** A policy that is ready to be tried on arguments. @throws UcanError `POLICY_MALFORMED`, with the place of what is wrong */
export function readPolicy(policy: unknown): Test {
  if (!Array.isArray(policy)) throw wrong('', `${shown(policy)}, expected a list of statements`)
  return every(policy.map((statement, i) => readStatement(statement, `${i}`, 0)))
}

/**
 * Whether a value, usually the arguments of an invocation, is as the policy demands.
 *
 * @throws UcanError `POLICY_MALFORMED`, `POLICY_LIMIT`
 */
export function matches(policy: Policy, value: unknown, options: { readonly maxSteps?: number } = {}): boolean {
  return readPolicy(policy)(value, new Steps(options.maxSteps))
}

function readStatement(statement: unknown, place: string, depth: number): Test {
  if (depth > MAX_DEPTH) throw wrong(place.slice(0, 40), `nested deeper than ${MAX_DEPTH}`)
  if (!Array.isArray(statement)) throw wrong(place, `${shown(statement)}, expected a statement, which is a list`)
  const [op, first, second] = statement as unknown[]
  const expect = (length: number): void => {
    if (statement.length !== length) throw wrong(place, `${shown(op)} in a list of ${statement.length}, expected ${length}`)
  }
  switch (op) {
    case '==':
    case '!=': {
      expect(3)
      const wanted = op === '=='
      return at(selectorOf(first, place), (found, steps) => equal(found, second, steps) === wanted)
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      expect(3)
      if (!isNumber(second)) throw wrong(place, `"${op}" with ${shown(second)}, expected a number`)
      return at(selectorOf(first, place), (found, steps) => {
        steps.spend(1)
        return isNumber(found) && ordered(op, found, second)
      })
    case 'like':
      expect(3)
      if (typeof second !== 'string') throw wrong(place, `"like" with ${shown(second)}, expected a pattern`)
      return at(selectorOf(first, place), (found, steps) => typeof found === 'string' && like(second, found, steps.spend))
    case 'not': {
      expect(2)
      const inner = readStatement(first, `${place}/1`, depth + 1)
      return (value, steps) => !inner(value, steps)
    }
    case 'and':
    case 'or': {
      expect(2)
      if (!Array.isArray(first)) throw wrong(place, `"${op}" with ${shown(first)}, expected a list of statements`)
      const inner = first.map((each, i) => readStatement(each, `${place}/1/${i}`, depth + 1))
      // the specification: "An empty array MUST be treated as true", for both
      return op === 'and' || inner.length === 0 ? every(inner) : some(inner)
    }
    case 'all':
    case 'any': {
      expect(3)
      const inner = readStatement(second, `${place}/2`, depth + 1)
      return at(selectorOf(first, place), (found, steps) => {
        const values = Array.isArray(found) ? found : isMap(found) ? valuesOf(found, steps.spend) : undefined
        if (values === undefined) return false
        const visit = (value: unknown): boolean => {
          steps.spend(1)
          return inner(value, steps)
        }
        return op === 'all' ? values.every(visit) : values.some(visit)
      })
    }
    default:
      throw wrong(place, `${shown(op)}, expected one of == != < <= > >= like not and or all any`)
  }
}

function selectorOf(text: unknown, place: string): Selector {
  try {
    return readSelector(text)
  } catch (error) {
    throw error instanceof UcanError ? wrong(place, error.message) : error
  }
}

function at(selector: Selector, test: Test): Test {
  return (value, steps) => {
    const found = select(selector, value, steps.spend)
    return found !== NOWHERE && test(found, steps)
  }
}

function every(tests: readonly Test[]): Test {
  return (value, steps) => tests.every((test) => test(value, steps))
}

function some(tests: readonly Test[]): Test {
  return (value, steps) => tests.some((test) => test(value, steps))
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function ordered(op: '<' | '<=' | '>' | '>=', a: number | bigint, b: number | bigint): boolean {
  return op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : a >= b
}

/** Deep equality of values of the data model; 1 is 1.0, however large. */
function equal(a: unknown, b: unknown, steps: Steps): boolean {
  steps.spend(1)
  if (a === b) return true
  if (isNumber(a) && isNumber(b)) return a >= b && a <= b
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, i) => equal(value, b[i], steps))
  if (a instanceof Uint8Array) {
    steps.spend(a.length)
    return b instanceof Uint8Array && sameBytes(a, b)
  }
  const [cid, other] = [CID.asCID(a), CID.asCID(b)]
  if (cid !== null || other !== null) return cid !== null && other !== null && cid.equals(other)
  if (!isMap(a) || !isMap(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key], steps))
}

function wrong(place: string, why: string): UcanError {
  return new UcanError('POLICY_MALFORMED', `policy${place === '' ? '' : `, statement ${place}`}: ${why}`)
}
