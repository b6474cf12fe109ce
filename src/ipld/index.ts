/**
 * The IPLD data model: the node tape, its view, and its ways from and to JavaScript values.
 *
 * @packageDocumentation
 */
export { allocate } from './allocate.js'
export { Builder } from './build.js'
export { checkTape, linkAt, linkList, linksOf } from './check.js'
export { CID, cidAt, makeCid } from './cid.js'
export { IpldError, type IpldErrorCode, invalidTape } from './errors.js'
export { MAX_DEPTH, MAX_ROOM, type NodeKind, UNIT } from './layout.js'
export { Node } from './node.js'
export { pathOf } from './path.js'
export { relocate } from './relocate.js'
export { type Extent, Tape, type TapeHolder } from './tape.js'
export { type Material, Writer } from './write.js'
