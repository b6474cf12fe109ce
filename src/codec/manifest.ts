/**
 * The manifest: what a module says of itself, in the custom section `autocodec` (docs/abi.md section 2). It is read without running anything.
 */
import { HostError } from './errors.js'

/** What the manifests of all kinds of module have. */
interface Common {
  /** version of the ABI */
  readonly abi: 1
  readonly name: string
  /** bytes of the input that the guest takes at once */
  readonly window: number
  /** bytes of it that are filled if the input is larger than the window; by default all */
  readonly head?: number
  readonly spec?: string
  readonly license?: string
  readonly version?: string
  readonly description?: string
}

export interface Manifest extends Common {
  readonly kind: 'codec'
  /** the multicodec */
  readonly code: number
}

export interface LayoutManifest extends Common {
  readonly kind: 'layout'
  /** multicodecs of the roots that this is the usual layout of */
  readonly codes?: readonly number[]
}

/** A function of a module, as its manifest describes it (docs/functions.md section 1). */
export interface FunctionSignature {
  readonly name: string
  /** keys of the answer, which is a map of just these */
  readonly outputs?: readonly string[]
  /** whether it emits a stream */
  readonly emits?: boolean
  readonly description?: string
  /** for people: what each parameter is */
  readonly params?: Readonly<Record<string, string>>
}

export interface FunctionManifest extends Common {
  readonly kind: 'function'
  readonly functions: readonly FunctionSignature[]
}

const SECTION = 'autocodec'
const MAX_LENGTH = 4096
const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** Whether the bytes begin as a Wasm module of version 1 does. */
export function isWasm(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.every((byte, i) => bytes[i] === byte)
}

/** A codec's manifest. @throws HostError MANIFEST if there is none, or it is not as the ABI says */
export function readManifest(module: Uint8Array): Manifest {
  return read(module, 'codec') as Manifest
}

/** A layout's manifest. @throws HostError MANIFEST if there is none, or it is not as the ABI says */
export function readLayoutManifest(module: Uint8Array): LayoutManifest {
  return read(module, 'layout') as LayoutManifest
}

/** A function module's manifest. @throws HostError MANIFEST if there is none, or it is not as the ABI says */
export function readFunctionManifest(module: Uint8Array): FunctionManifest {
  return read(module, 'function') as FunctionManifest
}

type AnyManifest = Manifest | LayoutManifest | FunctionManifest
type Kind = AnyManifest['kind']
const KINDS: readonly Kind[] = ['codec', 'layout', 'function']

function read(module: Uint8Array, kind: Kind): AnyManifest {
  const section = findSection(module)
  if (section === undefined) throw new HostError('MANIFEST', `no custom section "${SECTION}" in the module; "autocodec codec pack" writes one`)
  if (section.length > MAX_LENGTH) throw new HostError('MANIFEST', `manifest of ${section.length} bytes, expected at most ${MAX_LENGTH}`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(section))
  } catch (cause) {
    throw new HostError('MANIFEST', `manifest that is not JSON: ${(cause as Error).message}`, cause)
  }
  return checkManifest(value, [kind])
}

/** The module with this manifest in place of any that it had. @throws HostError MANIFEST */
export function sealManifest(module: Uint8Array, manifest: unknown): Uint8Array {
  checkManifest(manifest, KINDS)
  const text = new TextEncoder().encode(JSON.stringify(manifest))
  if (text.length > MAX_LENGTH) throw new HostError('MANIFEST', `manifest of ${text.length} bytes, expected at most ${MAX_LENGTH}`)
  const name = new TextEncoder().encode(SECTION)
  const body = [name.length, ...name, ...text]
  const kept: Uint8Array[] = []
  for (const { start, end, name: other } of sections(module)) if (other !== SECTION) kept.push(module.subarray(start, end))
  const parts = [module.subarray(0, MAGIC.length), ...kept, Uint8Array.from([0, ...leb(body.length), ...body])]
  const sealed = new Uint8Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    sealed.set(part, at)
    at += part.length
  }
  return sealed
}

/** @throws HostError MANIFEST with the field, what was got and what was expected */
function checkManifest(value: unknown, kinds: readonly Kind[]): AnyManifest {
  const manifest = value as AnyManifest
  const wrong = (field: string, expected: string): never => {
    const got = typeof value === 'object' && value !== null ? JSON.stringify((value as Record<string, unknown>)[field]) : typeof value
    throw new HostError('MANIFEST', `manifest field ${field}: got ${got}, expected ${expected}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new HostError('MANIFEST', 'manifest that is not an object')
  if (manifest.abi !== 1) wrong('abi', '1')
  if (!kinds.includes(manifest.kind)) wrong('kind', kinds.map((kind) => `"${kind}"`).join(' or '))
  if (typeof manifest.name !== 'string' || !/^[a-z0-9-]{1,64}$/.test(manifest.name)) wrong('name', '1 to 64 of a–z, 0–9 and -')
  if (manifest.kind === 'codec') {
    if (!isCode(manifest.code)) wrong('code', 'a multicodec, 0 to 2^53 − 1')
  } else if (manifest.kind === 'function') {
    checkFunctions(manifest.functions, (expected) => wrong('functions', expected))
  } else if (manifest.codes !== undefined && !(Array.isArray(manifest.codes) && manifest.codes.every(isCode))) {
    wrong('codes', 'a list of multicodecs, 0 to 2^53 − 1')
  }
  if (!Number.isInteger(manifest.window) || manifest.window < 64 || manifest.window > 1 << 20) wrong('window', '64 to 1048576')
  const { head = manifest.window } = manifest
  if (!Number.isInteger(head) || head < 0 || head > manifest.window) wrong('head', '0 to window')
  for (const field of ['spec', 'license', 'version', 'description'] as const) {
    if (manifest[field] !== undefined && typeof manifest[field] !== 'string') wrong(field, 'a string')
  }
  return manifest
}

const MAX_FUNCTIONS = 64

function checkFunctions(functions: unknown, wrong: (expected: string) => never): void {
  if (!Array.isArray(functions) || functions.length < 1 || functions.length > MAX_FUNCTIONS) wrong(`a list of 1 to ${MAX_FUNCTIONS}`)
  const names = new Set<string>()
  for (const { name, outputs, emits, description, params } of (functions as unknown[]).map((each) => Object(each) as Partial<FunctionSignature>)) {
    if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name) || names.has(name)) wrong('names of 1 to 64 letters, digits, _ and -, each once')
    names.add(name as string)
    if (
      outputs !== undefined &&
      !(Array.isArray(outputs) && outputs.length > 0 && outputs.every((key) => typeof key === 'string') && new Set(outputs).size === outputs.length)
    )
      wrong('outputs that are a list of one or more strings, each once')
    if (emits !== undefined && typeof emits !== 'boolean') wrong('emits that is a boolean')
    if (description !== undefined && typeof description !== 'string') wrong('a description that is a string')
    if (params !== undefined && (typeof params !== 'object' || params === null || Array.isArray(params))) wrong('params that are an object')
  }
}

function isCode(code: unknown): boolean {
  return Number.isSafeInteger(code) && (code as number) >= 0
}

interface Section {
  readonly start: number
  readonly end: number
  /** of a custom section */
  readonly name?: string
  /** where the content of a custom section begins */
  readonly content: number
}

function findSection(module: Uint8Array): Uint8Array | undefined {
  for (const { name, content, end } of sections(module)) if (name === SECTION) return module.subarray(content, end)
  return undefined
}

/** The sections of a module (Wasm binary format, 5.5.2): id, size, content. @throws HostError MANIFEST if they do not fit the module */
function* sections(module: Uint8Array): Generator<Section> {
  if (!isWasm(module)) throw new HostError('MANIFEST', 'not a Wasm module of version 1')
  let at = MAGIC.length
  while (at < module.length) {
    const start = at
    const id = module[at++]
    const size = readLeb(module, at)
    const body = size.next
    const end = body + size.value
    if (end > module.length) throw new HostError('MANIFEST', `section at byte ${start} ends at ${end}, after the module of ${module.length} bytes`)
    if (id === 0) {
      const length = readLeb(module, body)
      const content = length.next + length.value
      if (content > end) throw new HostError('MANIFEST', `custom section at byte ${start} with a name that ends after it`)
      yield { start, end, content, name: new TextDecoder().decode(module.subarray(length.next, content)) }
    } else {
      yield { start, end, content: body }
    }
    at = end
  }
}

function readLeb(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) break
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  throw new HostError('MANIFEST', `number at byte ${at} that does not end`)
}

function leb(value: number): number[] {
  const bytes: number[] = []
  for (; value > 127; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return [...bytes, value]
}
