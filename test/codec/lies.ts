/** The codecs of fixtures/hostile-codecs as modules with manifests. */
import { readdirSync, readFileSync } from 'node:fs'
import wabt from 'wabt'
import { sealManifest } from '../../src/codec/index.js'

const FOLDER = new URL('../../fixtures/hostile-codecs/', import.meta.url)
const MANIFEST = { abi: 1, kind: 'codec', name: 'hostile', code: 0x300000, window: 64 }

export type Stage = 'add' | 'load' | 'decode' | 'links' | 'node' | 'encode' | 'transcode'

export interface Lie {
  readonly name: string
  readonly module: Uint8Array
  /** code of the error; `value` where it is no error but a value that must be right */
  readonly code: string
  /** that value */
  readonly value?: number
  readonly stages: readonly Stage[]
}

const { parseWat } = await wabt()
const prelude = readFileSync(new URL('prelude.watf', FOLDER), 'utf8')

/** A module from text: a whole one, or fields that come behind the prelude. */
export function assemble(text: string, name = 'test'): Uint8Array {
  const source = /^\s*\(module/m.test(text) ? text : `(module\n${prelude}\n${text})`
  const parsed = parseWat(name, source)
  try {
    return parsed.toBinary({}).buffer
  } finally {
    parsed.destroy()
  }
}

/** A module with these bytes as its manifest, whatever they are. */
export function withSection(module: Uint8Array, bytes: Uint8Array): Uint8Array {
  const body = [9, ...new TextEncoder().encode('autocodec'), ...bytes]
  return Uint8Array.from([...module, 0, (body.length & 0x7f) | 0x80, body.length >> 7, ...body])
}

/** A codec from text, with the manifest that the corpus has. */
export function codecOf(text: string, manifest: object = MANIFEST): Uint8Array {
  return sealManifest(assemble(text), { ...MANIFEST, ...manifest })
}

export const LIES: readonly Lie[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.wat'))
  .sort()
  .map((file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8')
    const [, code, rest] = /^;; expect: (\w+) (.+)\n/.exec(text) ?? []
    if (code === undefined) throw new Error(`${file}: no line ";; expect: CODE stages"`)
    const words = rest.split(' ')
    const value = code === 'value' ? Number(words.shift()) : undefined
    const manifest = /^;; manifest: (.+)$/m.exec(text)?.[1]
    const bare = assemble(text, file)
    const module = manifest === undefined ? sealManifest(bare, MANIFEST) : manifest === 'none' ? bare : withSection(bare, new TextEncoder().encode(manifest))
    return { name: file.slice(0, -'.wat'.length), module, code, value, stages: words as Stage[] }
  })
