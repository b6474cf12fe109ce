/** Has the runner show a line though the tests pass: a figure that a reader wants to see. On a new line, since uvu leaves its marks on the line before. */
export function note(text: string): void {
  console.log(`\nNOTE ${text}`)
}
