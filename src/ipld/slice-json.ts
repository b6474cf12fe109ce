/** A value inside DAG-JSON text, as text: cut out, not parsed and printed again, so that numbers stay as they are. For the faces that show values. */

/**
 * The text of the value at a path of keys and indices.
 *
 * @param text DAG-JSON from our own codec, hence right and without spaces
 * @param path one that is there: see `Node.path`; or its segments, for keys with slashes
 */
export function sliceJson(text: string, path: string | readonly string[]): string {
  let at = 0
  for (const segment of typeof path === 'string' ? path.split('/').filter((segment) => segment !== '') : path) at = childAt(text, at, segment)
  return text.slice(at, after(text, at))
}

/** Where the value of a key, or the item at an index, begins. */
function childAt(text: string, start: number, segment: string): number {
  const map = text[start] === '{'
  let at = start + 1
  for (let index = 0; at < text.length; index++) {
    const end = after(text, at)
    const value = map ? end + 1 : at
    if (map ? JSON.parse(text.slice(at, end)) === segment : index === Number(segment)) return value
    // over the comma
    at = (map ? after(text, value) : end) + 1
  }
  throw new RangeError(`no ${segment}`)
}

/** The end of the value that begins at `start`. */
function after(text: string, start: number): number {
  let depth = 0
  let at = start
  do {
    const letter = text[at]
    if (letter === '"') at = afterString(text, at) - 1
    else if (letter === '{' || letter === '[') depth++
    else if (letter === '}' || letter === ']') depth--
    else if (depth === 0) {
      while (at < text.length && !',]}'.includes(text[at])) at++
      return at
    }
    at++
  } while (depth > 0)
  return at
}

function afterString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}
