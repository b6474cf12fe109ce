/** Functions made from text, where that is allowed: a Content Security Policy may forbid it, and then everything works without, only slower. */

let allowed = true

export function canCompile(): boolean {
  return allowed
}

/** Tries again, or does not try: what a policy allows is otherwise found out once. */
export function allowCompile(value: boolean): void {
  allowed = value
}

/** A strict-mode function of these parameters and body; undefined if that is not allowed. The caller sees to it that nothing but string literals comes from data. */
// biome-ignore lint/suspicious/noExplicitAny: any function
export function compile<F extends (...args: any[]) => unknown>(parameters: readonly string[], body: string): F | undefined {
  try {
    return new Function(...parameters, `'use strict';${body}`) as unknown as F
  } catch {
    allowed = false
    return undefined
  }
}
