import type { Row } from './comparison.js'
import type { Failure, Result } from './result.js'
import type { Verdict } from './targets.js'

/** Aligned columns; the first is text, the others numbers. */
function columns(lines: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)))
  return lines
    .map((line) => `  ${line.map((cell, i) => (left.includes(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')}`.trimEnd())
    .join('\n')
}

const number = (value: number): string =>
  value === 0
    ? '0'
    : Math.abs(value) >= 100
      ? value.toFixed(0)
      : Math.abs(value) >= 10
        ? value.toFixed(1)
        : Math.abs(value) >= 0.1
          ? value.toFixed(2)
          : value.toPrecision(2)

const time = (value: number | null): string => (value === null ? '' : number(value))

const signed = ({ unit }: Row, value: number): string => `${(unit === '%' || unit === 'µs') && value > 0 ? '+' : ''}${number(value)}`

const title = ({ work, codec, ref }: Row): string => [work, codec, ref === '' ? '' : `against ${ref}`].filter(Boolean).join(' ')

/** One block for each work, codec and reference. */
export function resultTable(results: readonly Result[]): string {
  const blocks = new Map<string, Result[]>()
  for (const result of results) blocks.set(title(result), [...(blocks.get(title(result)) ?? []), result])
  return Array.from(
    blocks,
    ([head, rows]) =>
      `${head}\n${columns([
        ['', 'bytes', 'ours µs', 'ref µs', rows[0].unit, 'p10', 'p90'],
        ...rows.map((row) => [
          row.case,
          row.bytes.toLocaleString('en'),
          time(row.ours_us),
          time(row.ref_us),
          signed(row, row.figure),
          signed(row, row.spread[0]),
          signed(row, row.spread[1])
        ])
      ])}`
  ).join('\n\n')
}

export function targetTable(verdicts: readonly Verdict[], partial: boolean): string {
  return `targets, each by its worst row${partial ? ' among those chosen' : ''}\n${columns(
    [
      ['', 'against', '', 'limit', 'figure', '', ''],
      ...verdicts.map(({ description, against, bound, limit, unit, figure, reached, worst }) => [
        description,
        against,
        bound,
        `${number(limit)} ${unit}`,
        figure === null ? '' : `${number(figure)} ${unit}`,
        reached === null ? 'not measured' : reached ? 'reached' : 'NOT REACHED',
        worst ?? ''
      ])
    ],
    [0, 1, 2, 5, 6]
  )}`
}

export function failureTable(failures: readonly Failure[]): string {
  return `without a figure\n${failures.map((failure) => `  ${title(failure)}, ${failure.case}: ${failure.reason}`).join('\n')}`
}
