import { deflateSync } from 'node:zlib'

/** A square picture in steps of colour, as PNG: as screenshots and drawings are, it is small for its pixels. */
export function picture(side: number): Uint8Array {
  const rows = new Uint8Array(side * (1 + side * 3))
  for (let y = 0, at = 0; y < side; y++) {
    at++
    for (let x = 0; x < side; x++) {
      rows[at++] = (x >> 3) & 255
      rows[at++] = (y >> 3) & 255
      rows[at++] = ((x + y) >> 4) & 255
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  // eight bits, colours, and nothing special
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc(body), body.length + 4)
  return framed
}

/** Not of node:zlib, which has it since Node 22 only. */
function crc(bytes: Uint8Array): number {
  let value = -1
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return ~value >>> 0
}
