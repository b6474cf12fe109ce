import { coreChunks } from './scripts/core.js'
import { gzipSync } from 'node:zlib'
console.log((await coreChunks()).filter(c=>c.atOnce).map(c=>gzipSync(c.contents,{level:9}).length).reduce((a,b)=>a+b))
