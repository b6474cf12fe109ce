import type { Body } from './code.js'
import { LIGHT } from './schedule.js'
import type { Module } from './sections.js'
import { typeKey } from './types.js'

/** What the call graph says about the functions of a module, imports included. */
export interface Graph {
  /** functions that can be on the stack more than once */
  readonly recursive: readonly boolean[]
  /** cost of functions that their callers pay for; undefined for functions that count for themselves */
  readonly light: readonly (number | undefined)[]
  /** slots of the deepest chain of calls, recursive functions left out */
  readonly stack: number
}

/** Slots that an imported function is taken to need. */
const HOST_FRAME = 64

/**
 * Strongly connected components (Tarjan's algorithm, without recursion of its own). Nodes are the functions and, after them, the types: an indirect call leads to its
 * type, and a type to every function of that type in an element segment. So the graph is no larger than the module.
 */
export function analyse(module: Module): Graph {
  const { functions, imports, bodies, types } = module
  const size = functions.length + types.length
  const keys = new Map<string, number>()
  const representative = types.map((type, i) => {
    const key = typeKey(type)
    if (!keys.has(key)) keys.set(key, i)
    return keys.get(key)!
  })
  const inTable = new Set(module.elements.flatMap((element) => element.functions))
  const byType: number[][] = types.map(() => [])
  for (const f of inTable) byType[representative[functions[f]]].push(f)

  const edges: (readonly number[])[] = Array(size)
  const successors = (node: number): readonly number[] =>
    (edges[node] ??= node >= functions.length ? byType[node - functions.length] : callees(bodies[node - imports.length]))
  const callees = (body: Body | undefined): readonly number[] =>
    body ? [...new Set([...body.calls, ...body.indirect.map((type) => functions.length + representative[type])])] : []

  const recursive: boolean[] = Array(functions.length).fill(false)
  const light: (number | undefined)[] = Array(functions.length)
  /** slots of the deepest chain that starts at a node */
  const depth = new Float64Array(size)
  const order = new Int32Array(size)
  const low = new Int32Array(size)
  const done = new Uint8Array(size)
  const open: number[] = []
  let next = 1

  /** All that its members call outside of it has been closed before. */
  const close = (members: number[]) => {
    const own = new Set(members)
    const cyclic = members.length > 1 || successors(members[0]).includes(members[0])
    let deepest = 0
    for (const node of members) {
      for (const to of successors(node)) if (!own.has(to)) deepest = Math.max(deepest, depth[to])
    }
    for (const node of members) {
      const body = bodies[node - imports.length]
      const isFunction = node < functions.length
      depth[node] = deepest
      done[node] = 1
      if (!isFunction) continue
      recursive[node] = cyclic
      if (!cyclic) depth[node] += body ? body.frame : HOST_FRAME
      if (cyclic || !body || !body.bounded || body.indirect.length || inTable.has(node) || module.roots.has(node)) continue
      const cost = body.calls.reduce((sum, callee) => sum + (light[callee] ?? Infinity), body.cost)
      if (cost <= LIGHT) light[node] = cost
    }
  }

  for (let root = 0; root < size; root++) {
    if (order[root]) continue
    const path: { node: number; to: readonly number[]; at: number }[] = []
    const enter = (node: number) => {
      order[node] = low[node] = next++
      open.push(node)
      path.push({ node, to: successors(node), at: 0 })
    }
    enter(root)
    while (path.length) {
      const step = path[path.length - 1]
      if (step.at < step.to.length) {
        const to = step.to[step.at++]
        if (!order[to]) enter(to)
        else if (!done[to]) low[step.node] = Math.min(low[step.node], order[to])
        continue
      }
      path.pop()
      const { node } = step
      if (path.length) {
        const { node: parent } = path[path.length - 1]
        low[parent] = Math.min(low[parent], low[node])
      }
      if (low[node] === order[node]) close(open.splice(open.lastIndexOf(node)))
    }
  }
  return { recursive, light, stack: depth.reduce((a, b) => Math.max(a, b), 0) }
}
