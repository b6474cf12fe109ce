/** Timers of any length. */

/** What `setTimeout` can wait for: of anything longer it says that it is over at once. */
const LONGEST = 2 ** 31 - 1

/** Calls after so many milliseconds; what it answers calls it off. */
export function later(milliseconds: number, call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>
  const wait = (left: number): void => {
    timer = left > LONGEST ? setTimeout(() => wait(left - LONGEST), LONGEST) : setTimeout(call, Math.max(0, left))
  }
  wait(milliseconds)
  return () => clearTimeout(timer)
}
