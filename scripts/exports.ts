/**
 * Fails on exports of `src` that nothing uses: neither another file of the repository, nor a user, who sees what the entries of package.json export.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { files, root } from './run.js'

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'examples']

/** The source of each entry of package.json, exports and commands, that exists. */
export function entries(): string[] {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, { import: string } | string>
    bin: Record<string, string>
  }
  const built = [...Object.values(exports).map((entry) => (typeof entry === 'string' ? entry : entry.import)), ...Object.values(bin)]
  return built
    .filter((path) => path.startsWith('./dist/'))
    .map((path) => path.replace('./dist/', '').replace(/\.js$/, '.ts'))
    .filter((path) => existsSync(join(root, path)))
}

/** The names that a set of files exports and nobody uses, as `file: name`. */
export function unused(paths: readonly string[], entries: readonly string[], inside: (path: string) => boolean): string[] {
  const program = ts.createProgram({
    rootNames: [...paths],
    options: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true, noEmit: true, types: [] }
  })
  const checker = program.getTypeChecker()
  const used = new Set<ts.Symbol>()

  const origin = (symbol: ts.Symbol): ts.Symbol => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)
  const useAll = (module: ts.Node | undefined) => {
    const symbol = module && checker.getSymbolAtLocation(module)
    if (symbol) for (const name of checker.getExportsOfModule(symbol)) used.add(origin(name))
  }
  const useOne = (name: ts.Node) => {
    const symbol = checker.getSymbolAtLocation(name)
    if (symbol) used.add(origin(symbol))
  }

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const { name, namedBindings } = node.importClause ?? {}
      if (name) useOne(name)
      // `import * as all`: whether each name is used would need the uses of `all`; such imports are rare, so all of them count
      if (namedBindings && ts.isNamespaceImport(namedBindings)) useAll(node.moduleSpecifier)
      else if (namedBindings) for (const element of namedBindings.elements) useOne(element.name)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (node.qualifier) useOne(node.qualifier)
      else useAll(node.argument.literal)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      useAll(node.arguments[0])
    }
    ts.forEachChild(node, visit)
  }

  const sources = program.getSourceFiles().filter((source) => inside(source.fileName) && !source.isDeclarationFile)
  for (const source of sources) visit(source)
  for (const entry of entries) {
    const source = program.getSourceFile(entry)
    const module = source && checker.getSymbolAtLocation(source)
    if (module) for (const name of checker.getExportsOfModule(module)) used.add(origin(name))
  }

  const idle: string[] = []
  for (const source of sources) {
    const module = checker.getSymbolAtLocation(source)
    if (!module) continue
    for (const name of checker.getExportsOfModule(module)) {
      // a name that is only passed on is judged where it is declared
      const here = origin(name).declarations?.some((declaration) => declaration.getSourceFile() === source)
      if (here && !used.has(origin(name))) idle.push(`${source.fileName}: ${name.name}`)
    }
  }
  return idle
}

if (process.argv[1]?.endsWith('exports.ts')) {
  const paths = FOLDERS.flatMap((folder) => files(folder, '.ts')).map((path) => join(root, path))
  const src = join(root, 'src/')
  const idle = unused(
    paths,
    entries().map((path) => join(root, path)),
    (path) => paths.includes(path)
  ).filter((line) => line.startsWith(src))
  for (const line of idle) console.error(`${relative(root, line)} is exported and never used`)
  console.log(`${paths.length} files, ${idle.length} unused exports`)
  process.exit(idle.length > 0 ? 1 : 0)
}
