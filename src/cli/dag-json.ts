/** Values as DAG-JSON, in and out, with the codec that everybody has. */

import { existsSync } from 'node:fs'
import type { Host } from '../codec/index.js'
import { codecName } from './codec-name.js'
import type { Context } from './context.js'
import { CliError, EXIT } from './exit.js'
import { nameOf, readInput } from './input.js'
import { plain } from './text.js'
import { treeOf } from './tree.js'

/** What JSON can begin with. A file of such a name is given with @ in front. */
const JSON_START = /^\s*(?:[{["]|-?\d|(?:true|false|null)\s*$)/

/** A value that an option gives: DAG-JSON as it stands, or in a file, which may have @ in front, or `-` for standard input. */
export async function readValue(host: Host, given: string, option: string): Promise<unknown> {
  const inline = JSON_START.test(given)
  if (!inline && !given.startsWith('@') && given !== '-' && !existsSync(given))
    throw new CliError(
      'NOT_JSON',
      EXIT.usage,
      `${option}: got ${plain(given.slice(0, 80))}, which is neither DAG-JSON nor a file; text stands in quotes: '"…"'`
    )
  const file = given.startsWith('@') ? given.slice(1) : given
  const bytes = inline ? new TextEncoder().encode(given) : await readInput(file)
  const json = await host.codec('dag-json')
  try {
    return json.decode(bytes, { strict: false })
  } catch (error) {
    if ((error as Error).name !== 'CodecError' && (error as Error).name !== 'IpldError') throw error
    const where = inline ? option : `${option}, ${nameOf(file)}`
    const what = bytes.length === 0 ? 'it is empty' : plain((error as Error).message)
    throw new CliError('NOT_JSON', inline ? EXIT.usage : EXIT.data, `${where}: not DAG-JSON: ${what}`, { cause: error })
  }
}

export async function jsonOf(host: Host, value: unknown): Promise<string> {
  return new TextDecoder().decode((await host.codec('dag-json')).encode(value))
}

/** A value on standard output: a line of DAG-JSON, or for people a tree. */
export async function print({ out }: Context, host: Host, value: unknown, pretty = false): Promise<void> {
  if (!pretty) return out.line(await jsonOf(host, value))
  const cbor = await host.codec('dag-cbor')
  const tree = treeOf(cbor.node(cbor.encode(value)), { paint: out.paint, columns: out.columns, codecName: (code) => codecName(host, code) })
  for (const line of tree) await out.line(line)
}
