/** What a codec is written with. See docs/abi.md for what stands behind it, and codecs/dag-cbor for how it is used. */
export * from './cid'
export * from './fail'
export * from './heap'
export * from './input'
export * from './utf8'
