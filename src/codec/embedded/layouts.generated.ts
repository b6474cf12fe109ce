/** Made by scripts/codecs.ts: the layouts of the embedded catalog. */
import type { EmbeddedLayout } from './embedded.js'

export const LAYOUTS = [
  { ...{"cid":"bafkreierfnzh2qgaj6jhgl7hfejywbrpkhutr7knaiwtos7a4bwtqwfwqq","size":7236,"manifest":{"abi":1,"kind":"layout","name":"unixfs","codes":[112,85],"window":16384,"head":1024,"spec":"https://specs.ipfs.tech/unixfs/","license":"Apache-2.0 OR MIT"}}, load: () => import('./unixfs.generated.js') },
  { ...{"cid":"bafkreib2sf52n6jxpnj7yhlfisfhi6dt7cdmrfeknw7acfjetnd2ks675m","size":6003,"manifest":{"abi":1,"kind":"layout","name":"bittorrent","codes":[123],"window":16384,"head":4096,"spec":"https://www.bittorrent.org/beps/bep_0003.html","license":"Apache-2.0 OR MIT"}}, load: () => import('./bittorrent.generated.js') }
] as unknown as readonly EmbeddedLayout[]
