/** Made by scripts/codecs.ts: the layouts of the embedded catalog. */
import type { EmbeddedLayout } from './embedded.js'

export const LAYOUTS = [
  { ...{"cid":"bafkreiagwktuyylq24mrhevjyrrxymu4s5c3x2qesn675hnv7gsxfn6doe","size":7226,"manifest":{"abi":1,"kind":"layout","name":"unixfs","codes":[112],"window":16384,"head":1024,"spec":"https://specs.ipfs.tech/unixfs/","license":"Apache-2.0 OR MIT"},"exports":[["run",{"kind":"function","signature":{"params":["i32"],"results":["i32"]}}],["control",{"kind":"global","type":"i32","mutable":false,"value":1024}],["reserve",{"kind":"function","signature":{"params":["i32"],"results":["i32"]}}],["memory",{"kind":"memory"}]],"memory":{"initial":1,"maximum":2048}}, load: () => import('./unixfs.generated.js') }
] as unknown as readonly EmbeddedLayout[]
