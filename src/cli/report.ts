/** Lines of an inspected CAR: figures in columns on the left, the tree on the right. */
import type { Step } from '../dag/index.js'
import type { Output } from './output.js'
import { shortCid } from './preview.js'
import type { Reading } from './reading.js'
import { figure, shorten, size, time } from './text.js'

/** Levels that are drawn; a chain of blocks may be a thousand times deeper than a line is wide. */
const DRAWN = 24

/** What a line says of a block. */
interface Row {
  readonly size?: number
  readonly reading?: Reading
  /** in place of a preview */
  readonly remark?: string
  /** the remark is bad news */
  readonly bad?: boolean
}

export class Report {
  readonly #out: Output
  readonly #full: boolean

  constructor(out: Output, full: boolean) {
    this.#out = out
    this.#full = full
  }

  async head(): Promise<void> {
    await this.#out.line(this.#out.paint.dim(`${columns('size', 'fuel', 'time', 'codec')}block`))
  }

  async step(step: Step<Reading>, row: Row): Promise<void> {
    await this.line(branches(step), step.label, String(step.cid), row)
  }

  async line(indent: string, label: string | undefined, cid: string, { size: bytes, reading, remark, bad = false }: Row): Promise<void> {
    const { paint, columns: width } = this.#out
    const decoded = reading !== undefined && reading.error === undefined && !reading.unknown
    const left = columns(
      bytes === undefined ? '' : size(bytes),
      decoded ? figure(reading.fuel) : '',
      decoded ? time(reading.time) : '',
      reading === undefined ? '' : reading.codec
    )
    const name = this.#full ? cid : shortCid(cid)
    const start = left.length + indent.length + (label === undefined ? 0 : label.length + 2) + name.length + 2
    const room = Math.max(24, width - start)
    const text = remark === undefined ? (reading?.preview(room) ?? '') : shorten(remark, room)
    const codec = left.slice(left.lastIndexOf('  ', left.trimEnd().length) + 2)
    const coloured = decoded ? paint.dim(left.slice(0, left.length - codec.length)) + paint.cyan(codec) : bad ? paint.red(left) : paint.dim(left)
    const told = bad ? paint.red(text) : remark === undefined ? text : paint.dim(text)
    await this.#out.line(
      `${coloured}${paint.dim(indent)}${label === undefined ? '' : `${paint.bold(label)}  `}${paint.yellow(name)}${text === '' ? '' : `  ${told}`}`
    )
  }
}

function columns(bytes: string, fuel: string, milliseconds: string, codec: string): string {
  return `${bytes.padStart(8)}${fuel.padStart(13)}${milliseconds.padStart(10)}  ${codec.padEnd(12)}  `
}

/** The lines of the tree in front of a block. */
export function branches({ depth, last }: Pick<Step<unknown>, 'depth' | 'last'>): string {
  if (depth === 0) return ''
  const end = last[depth] ? '└─ ' : '├─ '
  if (depth > DRAWN) return `${'   '.repeat(DRAWN - 1)}(${depth}) ${end}`
  let lines = ''
  for (let level = 1; level < depth; level++) lines += last[level] ? '   ' : '│  '
  return lines + end
}
