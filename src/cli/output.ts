/** Where results go: standard output or a file. */
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { CliError, EXIT } from './exit.js'
import { type Paint, paintFor } from './paint.js'

export class Output {
  readonly paint: Paint
  readonly #stream: NodeJS.WriteStream

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    this.paint = paintFor(stream)
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true
  }

  /** Characters in a line: a terminal's own width, else room enough for a tree. */
  get columns(): number {
    return this.isTerminal && this.#stream.columns > 0 ? this.#stream.columns : 160
  }

  /** Waits when the reader is slow, so that long output never gathers in memory. */
  async write(chunk: string | Uint8Array): Promise<void> {
    if (!this.#stream.write(chunk)) await once(this.#stream, 'drain')
  }

  async line(text: string): Promise<void> {
    await this.write(`${text}\n`)
  }
}

/**
 * Writes a block: to the file if there is one, else to standard output, as it is. Never to a terminal, unless it is text, which then gets its line end.
 */
export async function writeBlock(out: Output, bytes: Uint8Array, options: { file?: string; text: boolean }): Promise<void> {
  const { file, text } = options
  if (file !== undefined) return writeFile(file, bytes)
  if (out.isTerminal && !text) {
    throw new CliError(
      'TERMINAL',
      EXIT.usage,
      `these ${bytes.length} bytes are not text and would upset the terminal: write them to a file with -o FILE, or pipe them on`
    )
  }
  await out.write(bytes)
  if (out.isTerminal) await out.write('\n')
}
