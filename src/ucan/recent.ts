/** A map that keeps what was used last, and forgets the rest. */
export class Recent<Key, Value> {
  readonly #entries = new Map<Key, Value>()
  readonly #size: number

  /** @param size how many entries it keeps */
  constructor(size: number) {
    this.#size = size
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#size) this.#entries.delete(this.#entries.keys().next().value as Key)
  }
}
