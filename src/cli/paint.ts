/** Colours, where they are wanted. */

type Colour = (text: string) => string

export interface Paint {
  readonly bold: Colour
  readonly dim: Colour
  readonly red: Colour
  readonly green: Colour
  readonly yellow: Colour
  readonly blue: Colour
  readonly magenta: Colour
  readonly cyan: Colour
}

const none: Colour = (text) => text
const with_ =
  (on: number, off: number): Colour =>
  (text) =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`

const PLAIN: Paint = { bold: none, dim: none, red: none, green: none, yellow: none, blue: none, magenta: none, cyan: none }

const COLOURED: Paint = {
  bold: with_(1, 22),
  dim: with_(2, 22),
  red: with_(31, 39),
  green: with_(32, 39),
  yellow: with_(33, 39),
  blue: with_(34, 39),
  magenta: with_(35, 39),
  cyan: with_(36, 39)
}

/** Colours for a stream: only if it is a terminal and NO_COLOR (no-color.org) is not set. */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  const { NO_COLOR, TERM } = process.env
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb' ? COLOURED : PLAIN
}
