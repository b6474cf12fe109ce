/** Colours of JPEG: luminance and chrominance (JFIF 1.02; ITU-R BT.601), as they are, and four inks (Adobe technical note 5116, section 18). */
import { openPicture } from '../picture'
import { height, width } from '../fit'
import { component, count } from './frame'

export const enum Transform { UNKNOWN = -1, NONE = 0, YCC = 1, YCCK = 2 }

/** Makes the picture of the planes. @param transform what Adobe's marker says @param jfif whether the file says that it is JFIF */
export function mixColours(transform: Transform, jfif: bool): void {
  const n = <usize>width * height
  const to = openPicture(width, height, count == 1 ? 1 : 3)
  if (count == 1) {
    memory.copy(to, component(0).result, n)
    return
  }
  // three components called R, G and B are these, where nothing else is said
  const named = count == 3 && transform == Transform.UNKNOWN && !jfif && component(0).id == 82 && component(1).id == 71 && component(2).id == 66
  const mixed = count == 3 ? transform != Transform.NONE && !named : transform == Transform.YCCK
  for (let i: usize = 0; i < n; i++) {
    let red = <i32>load<u8>(component(0).result + i)
    let green = <i32>load<u8>(component(1).result + i)
    let blue = <i32>load<u8>(component(2).result + i)
    if (mixed) {
      const y = (red << 16) + 32768
      const cb = green - 128
      const cr = blue - 128
      red = clamp((y + 91881 * cr) >> 16)
      green = clamp((y - 22554 * cb - 46802 * cr) >> 16)
      blue = clamp((y + 116130 * cb) >> 16)
    }
    if (count == 4) {
      // with Adobe's marker 255 is no ink, else 0 is
      let black = <i32>load<u8>(component(3).result + i)
      if (transform == Transform.UNKNOWN) {
        red = 255 - red
        green = 255 - green
        blue = 255 - blue
        black = 255 - black
      }
      red = (red * black + 127) / 255
      green = (green * black + 127) / 255
      blue = (blue * black + 127) / 255
    }
    const at = to + i * 3
    store<u8>(at, red)
    store<u8>(at, green, 1)
    store<u8>(at, blue, 2)
  }
}

// @ts-ignore: decorator
@inline function clamp(x: i32): i32 { return max(0, min(255, x)) }
