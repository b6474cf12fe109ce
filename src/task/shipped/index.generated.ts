/** Made by scripts/codecs.ts: the functions that are shipped. */
import type { ShippedFunction } from './shipped.js'

export const FUNCTIONS = [
  { ...{"cid":"bafkreigzstzbya6aiikgyntj6dwvfs7byfzzn3csd5c6jnyjqhax55quvu","size":2821,"manifest":{"abi":1,"kind":"function","name":"word-count","window":16384,"head":0,"functions":[{"name":"count","outputs":["bytes","lines","words"],"description":"Counts as wc does in the C locale: bytes, newlines, and words, which are what stands between white space","params":{"file":"link to a file, or list of links to raw blocks"}}],"license":"Apache-2.0 OR MIT"}}, load: () => import('./word-count.generated.js') }
] as unknown as readonly ShippedFunction[]
