/** Bytes and values as the fixtures have them, in Node and in browsers. */
import * as dagJson from '@ipld/dag-json'

export const fromHex = (hex: string): Uint8Array => Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const fromJson = <T>(text: string): T => dagJson.decode<T>(new TextEncoder().encode(text))
export const toJson = (value: unknown): string => new TextDecoder().decode(dagJson.encode(value))
