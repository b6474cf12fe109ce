/** Programs for other places than this Node: one ESM file each, with nothing to install beside it. */
import { type BuildResult, build } from 'esbuild'
import { root } from './run.js'

/** What a bundle starts from: text, which may import by paths from the repository's root. */
export interface Program {
  readonly text: string
  /** runs before any import of the text is evaluated */
  readonly before?: string
}

/** Bundles for browsers. Node's own modules do not resolve there, so a file that imports one is an error that names it. */
export async function bundle({ text, before }: Program): Promise<string> {
  const result: BuildResult<{ write: false }> = await build({
    stdin: { contents: text, resolveDir: root, loader: 'ts', sourcefile: 'program.ts' },
    banner: before === undefined ? {} : { js: before },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent'
  })
  return result.outputFiles[0].text
}
