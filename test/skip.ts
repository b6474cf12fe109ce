/**
 * Says that a test was left out and why; the runner lists these lines at its end. Call it instead of registering the test:
 *
 *     if (clang === undefined) skip('a codec in C', 'clang is not installed')
 *     else test('a codec in C', () => { … })
 *
 * It starts on a new line, since uvu leaves its marks on the line before.
 */
export function skip(name: string, reason: string): void {
  console.log(`\nSKIP ${name}: ${reason}`)
}
