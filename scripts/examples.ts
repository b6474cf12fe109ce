/** The `@example`s in the doc comments of `src`, as programs. */
import ts from 'typescript'

export interface Example {
  /** the file whose comment it stands in, and the line of its code there, counted from 1 */
  readonly file: string
  readonly line: number
  readonly code: string
}

/** The TypeScript blocks of all examples of a file. */
export function examplesOf(file: string, text: string): Example[] {
  const found: Example[] = []
  for (const comment of comments(file, text)) {
    // an example lasts to the next tag or to the comment's end
    for (const example of comment.text.matchAll(/^[ \t]*\*[ \t]*@example\b[\s\S]*?(?=^[ \t]*\*[ \t]*@\w|\*\/)/gm)) {
      for (const block of example[0].matchAll(/^[ \t]*\*[ \t]*```(?:ts|typescript)[ \t]*\n([\s\S]*?)^[ \t]*\*[ \t]*```/gm)) {
        const at = comment.start + example.index + block.index + block[0].indexOf('\n') + 1
        found.push({ file, line: text.slice(0, at).split('\n').length, code: block[1].replace(/^[ \t]*\* ?/gm, '') })
      }
    }
  }
  return found
}

/** The doc comments of a file; found by the scanner, since text in quotes may look like one. */
function comments(file: string, text: string): { start: number; text: string }[] {
  const starts = new Set<number>()
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true)
  const visit = (node: ts.Node): void => {
    for (const { pos } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) starts.add(pos)
    // children that are tokens count too: a file may consist of a comment alone
    for (const child of node.getChildren(source)) visit(child)
  }
  visit(source)
  return [...starts]
    .sort((a, b) => a - b)
    .map((start) => ({ start, text: text.slice(start, text.indexOf('*/', start) + 2) }))
    .filter((comment) => comment.text.startsWith('/**'))
}
