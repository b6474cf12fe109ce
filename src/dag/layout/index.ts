/**
 * Data layouts: many blocks as one thing. A layout is a Wasm module in the same sandbox as codecs; it asks for blocks by CID and gives files, directories and links.
 *
 * @packageDocumentation
 */
export type { LayoutKind } from './answer.js'
export type { GetBlock, VerifyBlock } from './blocks.js'
export { LayoutError } from './errors.js'
export { Layout, type LayoutEntry, type LayoutId, layoutFor, layouts, loadLayout } from './layout.js'
export { DEFAULT_LAYOUT_LIMITS, type LayoutLimits } from './limits.js'
export { type DirectoryEntry, LayoutNode, type RangeOptions } from './node.js'
export { type OpenLayoutOptions, openLayout } from './open.js'
export { LayoutPlace, layoutInterpreter } from './place.js'
export { openThrough } from './through.js'
