/** A block of the corpus as it travels inside a bundle. */
export interface Row {
  readonly codec: string
  readonly name: string
  readonly base64: string
}

/** The row with its bytes; the host gets them as a view into a larger buffer, as blocks out of a CAR are. */
export function row({ codec, name, base64 }: Row): { codec: string; name: string; bytes: Uint8Array } {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length + 16).subarray(8, text.length + 8)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return { codec, name, bytes }
}
