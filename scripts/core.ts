/** The host core as an application in a browser loads it. */
import { basename, join } from 'node:path'
import { type BuildResult, build } from 'esbuild'
import { root } from './run.js'

export const CORE = 'src/index.ts'
/** What an application has of it that reads blocks. */
const APPLICATION = `export { createHost } from './${CORE}'`

/** Files that are loaded at once or, by an `import()`, on demand. */
export interface Chunk {
  readonly name: string
  readonly atOnce: boolean
  readonly contents: Uint8Array
}

/** @throws BuildFailure if the core cannot be bundled for browsers */
export async function coreChunks(): Promise<Chunk[]> {
  const { outputFiles, metafile }: BuildResult<{ metafile: true; write: false }> = await build({
    stdin: { contents: APPLICATION, resolveDir: root, sourcefile: 'application.ts' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: 'build/size',
    write: false,
    metafile: true,
    logLevel: 'silent'
  })
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint === 'application.ts') as string
  const first = new Set([entry])
  for (const path of first) {
    for (const { kind, path: next } of metafile.outputs[path].imports) if (kind === 'import-statement') first.add(next)
  }
  return Object.keys(metafile.outputs).map((path) => ({
    name: basename(path),
    atOnce: first.has(path),
    contents: outputFiles.find((file) => file.path === join(root, path))?.contents ?? new Uint8Array(0)
  }))
}
