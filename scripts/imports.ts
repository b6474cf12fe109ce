/** Fails if a file of `src` imports what it must not: the rules are in house.ts. */
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'
import { cycle, type Import, wrong } from './house.js'
import { files, root } from './run.js'

/** All imports of a file: static, dynamic, re-exports and types written `import('…')`. `from` is relative to src. */
export function importsOf(from: string, text: string, exists: (file: string) => boolean): Import[] {
  const found: Import[] = []
  const add = (node: ts.Node | undefined, typeOnly: boolean, dynamic = false) => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return
    const to = posix.normalize(posix.join(posix.dirname(from), node.text)).replace(/\.js$/, '.ts')
    const inside = node.text.startsWith('.') && !to.startsWith('..') && exists(to)
    found.push({ from, to: inside ? to : node.text, inside, typeOnly, dynamic })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false, true)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(from, text, ts.ScriptTarget.ESNext))
  return found
}

if (process.argv[1]?.endsWith('imports.ts')) {
  const sources = files('src', '.ts').map((path) => path.slice('src/'.length))
  const imports = sources.flatMap((file) => importsOf(file, readFileSync(join(root, 'src', file), 'utf8'), (to) => existsSync(join(root, 'src', to))))
  const faults = imports.flatMap((found) => {
    const reason = wrong(found)
    return reason === undefined ? [] : [`src/${found.from} imports ${found.to}: ${reason}`]
  })
  const round = cycle(imports)
  if (round !== undefined) faults.push(`files import each other in a circle: ${round.join(' → ')}`)

  for (const fault of faults) console.error(fault)
  console.log(`${imports.length} imports in ${sources.length} files, ${faults.length} wrong`)
  process.exit(faults.length > 0 ? 1 : 0)
}
