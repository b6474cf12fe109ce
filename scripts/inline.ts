/**
 * Puts the numbers of the modules of constants where they are used, in `dist/src`: an engine loads an imported constant anew each time that it comes to it, which would cost a decode
 * about a tenth. Bundlers that minify do the same.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { files, root } from './run.js'

const MODULES = ['ipld/layout.js', 'codec/control.js']

const parse = (path: string): ts.SourceFile => ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true)

/** The exported numbers of a module, by name, as they are written there. */
function numbersOf(path: string): Map<string, string> {
  const declared = parse(path).statements.flatMap((statement) => (ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : []))
  return new Map(
    declared.flatMap(({ name, initializer }) =>
      initializer !== undefined && ts.isNumericLiteral(initializer) && ts.isIdentifier(name) ? [[name.text, initializer.text] as const] : []
    )
  )
}

/** The numbers that a file imports, by its own names for them. */
function imported(file: ts.SourceFile, modules: ReadonlyMap<string, ReadonlyMap<string, string>>): Map<string, string> {
  const found = new Map<string, string>()
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue
    const bindings = statement.importClause?.namedBindings
    const numbers = modules.get(resolve(file.fileName, '..', (statement.moduleSpecifier as ts.StringLiteral).text))
    if (numbers === undefined || bindings === undefined || !ts.isNamedImports(bindings)) continue
    for (const { name, propertyName } of bindings.elements) {
      const value = numbers.get((propertyName ?? name).text)
      if (value !== undefined) found.set(name.text, value)
    }
  }
  return found
}

/** The file's text with the numbers instead of their names. */
function inlined(file: ts.SourceFile, numbers: ReadonlyMap<string, string>): string {
  const places: { start: number; end: number; value: string }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    const value = ts.isIdentifier(node) ? numbers.get(node.text) : undefined
    if (value !== undefined) {
      const { parent } = node
      const isName = (parent as { name?: ts.Node }).name === node
      if (isName && !ts.isPropertyAccessExpression(parent) && !ts.isPropertyAssignment(parent))
        throw new Error(`${file.fileName}: ${node.getText()} is a constant's name and that of something else`)
      if (!isName) places.push({ start: node.getStart(), end: node.end, value })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return places.reduceRight((text, { start, end, value }) => text.slice(0, start) + value + text.slice(end), file.text)
}

const base = join(root, 'dist/src')
const modules = new Map(MODULES.map((module) => [join(base, module), numbersOf(join(base, module))]))
for (const path of files('dist/src', '.js')) {
  const file = parse(join(root, path))
  const numbers = imported(file, modules)
  if (numbers.size > 0) writeFileSync(file.fileName, inlined(file, numbers))
}
