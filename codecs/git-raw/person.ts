/**
 * Who has done something and when, as headers say it: `name <email> date timezone`, where the email ends at the last `>`. What is not like that is kept as one string.
 *
 * ```
 *  A U Thor <author@example.com> 1525125994 +0200      all four
 *   <author@example.com> 1525125994 +0200              name ""; without the first space: no name
 *  A U Thor <author@example.com>                       no date, no timezone
 * ```
 */

/** What `parsePerson` has found, as addresses. Of what is absent both are 0. */
export let nameEnd: usize = 0
export let emailStart: usize = 0
export let emailEnd: usize = 0
export let dateStart: usize = 0
export let dateEnd: usize = 0
export let zoneStart: usize = 0

/** Finds the parts of the `n` bytes at `p`, of which the name begins at `p` and the timezone ends at the end; false if they are not all there is. */
export function parsePerson(p: usize, end: usize): bool {
  let open = p
  while (open < end && load<u8>(open) != 0x3c) open++
  let close = end
  while (close > open && load<u8>(close - 1) != 0x3e) close--
  if (close == open || (open > p && load<u8>(open - 1) != 0x20)) return false
  nameEnd = open > p ? open - 1 : 0
  emailStart = open + 1
  emailEnd = close - 1
  dateStart = dateEnd = zoneStart = 0
  if (close == end) return true
  if (load<u8>(close) != 0x20) return false
  dateStart = close + 1
  dateEnd = dateStart
  while (dateEnd < end && load<u8>(dateEnd) != 0x20) dateEnd++
  if (dateEnd < end) zoneStart = dateEnd + 1
  return true
}
