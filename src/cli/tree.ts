/** A value as a tree, a line an entry. */
import type { Node } from '../ipld/index.js'
import type { Paint } from './paint.js'
import { keyText, scalar } from './preview.js'
import { plain } from './text.js'

interface TreeOptions {
  readonly paint: Paint
  readonly columns: number
  /** the name of a codec, for what a link points to */
  codecName(code: number): string
}

/** Lines are made as they are asked for, so that the tree of a large block can be cut short. */
export function* treeOf(node: Node, options: TreeOptions): Generator<string> {
  yield line('', node, options)
  yield* below(node, '', options)
}

function* below(node: Node, indent: string, options: TreeOptions): Generator<string> {
  const { paint } = options
  let left = node.kind === 'list' || node.kind === 'map' ? node.length : 0
  for (const [key, child] of node.entries()) {
    left--
    const branch = left === 0 ? '└─ ' : '├─ '
    const name = typeof key === 'number' ? paint.dim(String(key)) : paint.bold(keyText(key))
    yield line(`${paint.dim(indent + branch)}${name}  `, child, options, indent.length + 5 + String(key).length)
    yield* below(child, indent + (left === 0 ? '   ' : '│  '), options)
  }
}

function line(start: string, node: Node, { paint, columns, codecName }: TreeOptions, used = 0): string {
  const room = Math.max(20, columns - used)
  switch (node.kind) {
    case 'list':
      return `${start}${paint.dim(`list of ${node.length}`)}`
    case 'map':
      return `${start}${paint.dim(`map of ${node.length}`)}`
    case 'link': {
      const cid = node.value() as { code: number }
      return `${start}${paint.cyan(`→ ${cid}`)}  ${paint.dim(plain(codecName(cid.code)))}`
    }
    case 'bytes':
      return `${start}${paint.magenta(scalar(node, room))}  ${paint.dim(`${node.length} B`)}`
    case 'string':
      return `${start}${paint.green(scalar(node, room))}`
    default:
      return `${start}${paint.yellow(scalar(node, room))}`
  }
}
