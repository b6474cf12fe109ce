import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Progress } from '../../src/cli/progress.js'

function make(isTTY: boolean, total?: number): { progress: Progress; lines: string[]; pass(milliseconds: number): void } {
  let now = 0
  const lines: string[] = []
  const terminal = { isTTY, write: (text: string) => lines.push(text.replace('\r\u001b[K', '')) }
  return {
    progress: new Progress('verified', total, terminal, () => now),
    lines,
    pass: (milliseconds) => {
      now += milliseconds
    }
  }
}

test('bar, blocks, bytes and rate on a terminal, and gone at the end', () => {
  const { progress, lines, pass } = make(true, 4_000_000)
  pass(100)
  progress.at(500_000, 10)
  assert.equal(lines, [], 'short work shows nothing')
  pass(900)
  progress.at(1_000_000, 20)
  progress.at(1_000_001, 21)
  assert.equal(lines, ['██████░░░░░░░░░░░░░░░░░░  25 %  verified 1.0 MB of 4.0 MB, 20 blocks, 1.0 MB/s'])
  progress.end()
  assert.is(lines.pop(), '')
})

test('no bar where the size is not known, no more than all where it was wrong', () => {
  const unknown = make(true)
  unknown.pass(2000)
  unknown.progress.at(3_000_000)
  assert.equal(unknown.lines, ['verified 3.0 MB, 1.5 MB/s'])
  const wrong = make(true, 10)
  wrong.pass(1000)
  wrong.progress.at(1000)
  assert.match(wrong.lines[0], /█ 100 % /)
})

test('silent in a pipe', () => {
  const { progress, lines, pass } = make(false, 10)
  pass(10_000)
  progress.at(5)
  progress.end()
  assert.equal(lines, [])
})

test.run()
