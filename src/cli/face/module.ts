/** A codec's module, which is a block of bytes like any other. */
import { isWasm, readManifest } from '../../codec/index.js'
import { codeText, plain } from '../text.js'
import type { Draw } from './face.js'
import { rows } from './read.js'

export const module: Draw = ({ bytes }) => {
  if (!isWasm(bytes)) return undefined
  try {
    const { name, code, abi, spec, license, description } = readManifest(bytes)
    const safe = (text: string | undefined) => (text === undefined ? undefined : plain(text))
    return {
      title: 'codec, as a Wasm module',
      rows: rows(['name', name], ['code', codeText(code)], ['abi', String(abi)], ['spec', safe(spec)], ['license', safe(license)], ['about', safe(description)])
    }
  } catch {
    return { title: 'Wasm module', rows: [] }
  }
}
