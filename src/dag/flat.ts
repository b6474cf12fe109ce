/** Batches as single items. */

/**
 * The items of each batch, one after the other. Written by hand, since an async generator passes several promises for each item and this one none but its answer.
 *
 * @param signal looked at before each item
 */
export function flat<T>(batches: AsyncIterator<readonly T[], void, undefined>, signal?: AbortSignal): AsyncIterableIterator<T, void, undefined> {
  let batch: readonly T[] = []
  let at = 0
  let done = false
  /** calls of `next` are answered in their order, also when they come before the last one has been */
  let busy: Promise<unknown> | undefined

  const more = async (): Promise<IteratorResult<T, void>> => {
    while (!done) {
      if (signal?.aborted) {
        done = true
        await batches.return?.()
        throw signal.reason
      }
      if (at < batch.length) return { value: batch[at++], done: false }
      const next = await batches.next().catch((error) => {
        done = true
        throw error
      })
      if (next.done) done = true
      else {
        batch = next.value
        at = 0
      }
    }
    return { value: undefined, done: true }
  }
  const after = (work: () => Promise<IteratorResult<T, void>>): Promise<IteratorResult<T, void>> => {
    const mine = busy === undefined ? work() : busy.then(work, work)
    busy = mine
    const free = (): void => {
      if (busy === mine) busy = undefined
    }
    mine.then(free, free)
    return mine
  }

  return {
    next: () => (busy === undefined && at < batch.length && !done && !signal?.aborted ? Promise.resolve({ value: batch[at++], done: false }) : after(more)),
    return: () =>
      after(async () => {
        done = true
        batch = []
        await batches.return?.()
        return { value: undefined, done: true }
      }),
    [Symbol.asyncIterator]() {
      return this
    }
  }
}
