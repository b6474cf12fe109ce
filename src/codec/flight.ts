/** Work in flight that several callers wait for: done once, and given up when each of them has. */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /** Waits for the work of this key, begun now if it is not in flight. A caller's signal ends its own waiting at once, and the work only if nobody else waits. */
  async join(key: string, begin: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    const flight = this.#flights.get(key) ?? this.#begin(key, begin)
    flight.waiting++
    if (signal === undefined) return flight.result
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        if (--flight.waiting === 0) {
          this.#land(key, flight)
          flight.controller.abort(signal.reason)
        }
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      flight.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }

  #begin(key: string, begin: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController()
    const flight: Flight<T> = { result: begin(controller.signal), controller, waiting: 0 }
    this.#flights.set(key, flight)
    // failures are told to those who wait, and are forgotten
    const land = (): void => this.#land(key, flight)
    flight.result.then(land, land)
    return flight
  }

  #land(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}

interface Flight<T> {
  readonly result: Promise<T>
  readonly controller: AbortController
  waiting: number
}
