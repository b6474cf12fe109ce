/** Modules by hand: one that never ends, and two that are never run. As bytes, since pages have no compiler for text. */
import { sealManifest } from '../../../src/codec/index.js'

/** `(module (memory (export "memory") 1) (global (export "control") i32 (i32.const 0)) (func (export "reserve") (param i32) (result i32) i32.const 4096) (func (export "run") (param i32) (result i32) (loop br 0) i32.const 0))` */
const MODULE = Uint8Array.from([
  // magic and version
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  // type 0: (i32) -> i32
  1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f,
  // two functions of type 0
  3, 3, 2, 0, 0,
  // a memory of one page
  5, 3, 1, 0, 1,
  // an immutable global of 0
  6, 6, 1, 0x7f, 0, 0x41, 0, 0x0b,
  // exports: memory, control, reserve, run
  7, 36, 4, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 7, 0x63, 0x6f, 0x6e, 0x74, 0x72, 0x6f, 0x6c, 3, 0, 7, 0x72, 0x65, 0x73, 0x65, 0x72, 0x76, 0x65, 0, 0,
  3, 0x72, 0x75, 0x6e, 0, 1,
  // code: reserve answers 4096; run loops
  10, 17, 2, 5, 0, 0x41, 0x80, 0x20, 0x0b, 9, 0, 3, 0x40, 0x0c, 0, 0x0b, 0x41, 0, 0x0b
])

const module = (name: string): Uint8Array => sealManifest(MODULE, { abi: 1, kind: 'function', name, window: 64, functions: [{ name }] })

export const spin = module('spin')
export const puppet = module('die')
export const falling = module('fall')
