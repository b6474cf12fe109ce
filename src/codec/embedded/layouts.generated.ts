/** Made by scripts/codecs.ts: the layouts of the embedded catalog. */
import type { EmbeddedLayout } from './embedded.js'

export const LAYOUTS = [
  { ...{"cid":"bafkreib66fek3bdhuggms7c3l2ayq7dlrivec75u3qlwqxnpl32ve7mnte","size":7219,"manifest":{"abi":1,"kind":"layout","name":"unixfs","codes":[112,85],"window":16384,"head":1024,"spec":"https://specs.ipfs.tech/unixfs/","license":"Apache-2.0 OR MIT"},"exports":[["run",{"kind":"function","signature":{"params":["i32"],"results":["i32"]}}],["control",{"kind":"global","type":"i32","mutable":false,"value":1024}],["reserve",{"kind":"function","signature":{"params":["i32"],"results":["i32"]}}],["memory",{"kind":"memory"}]],"memory":{"initial":1,"maximum":2048}}, load: () => import('./unixfs.generated.js') }
] as unknown as readonly EmbeddedLayout[]
