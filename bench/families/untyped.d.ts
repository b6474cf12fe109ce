/** Packages without types of their own, as far as they are measured. */
declare module 'bencode' {
  const bencode: { decode(bytes: Uint8Array): unknown; encode(value: unknown): Uint8Array }
  export default bencode
}
declare module 'ipld-git' {
  export const util: { deserialize(bytes: Uint8Array): unknown }
}
declare module 'zcash-block' {
  const block: { decode(bytes: Uint8Array): { transactions: readonly unknown[] } }
  export default block
}
