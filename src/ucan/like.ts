/**
 * Whether a text is as a pattern says, in which `*` stands for any characters, none too, and `\*` for itself; everything else, a `\` too, stands for itself.
 *
 * The text between two stars is looked for from the left, and found once: a later find could only leave less for the rest. So the work is at most the product of the two lengths, and
 * `spend` hears of each character that is compared.
 */
export function like(pattern: string, text: string, spend: (steps: number) => void): boolean {
  const parts = partsOf(pattern)
  spend(pattern.length)
  const [first] = parts
  const last = parts[parts.length - 1]
  if (parts.length === 1) return text === first
  spend(first.length + last.length)
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  const end = text.length - last.length
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    at = find(part, text, at, end, spend)
    if (at === -1) return false
  }
  return true
}

/** What stands between the stars. */
function partsOf(pattern: string): string[] {
  const parts = ['']
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '*') parts.push('')
    else if (pattern[i] === '\\' && pattern[i + 1] === '*') parts[parts.length - 1] += pattern[++i]
    else parts[parts.length - 1] += pattern[i]
  }
  return parts
}

/** Where the part ends that begins first at or after `from` and ends by `end`; −1 if there is none. */
function find(part: string, text: string, from: number, end: number, spend: (steps: number) => void): number {
  if (part === '') return from
  for (let start = from; start + part.length <= end; start++) {
    let same = 0
    while (same < part.length && text.charCodeAt(start + same) === part.charCodeAt(same)) same++
    spend(same + 1)
    if (same === part.length) return start + same
  }
  return -1
}
