import { Writer } from './binary.js'

/** The instructions that the host puts in (Wasm spec, 5.4), those without immediates of their own. */
export enum Op {
  UNREACHABLE = 0x00,
  BLOCK = 0x02,
  IF = 0x04,
  END = 0x0b,
  BR_TABLE = 0x0e,
  RETURN = 0x0f,
  SELECT = 0x1b,
  I32_EQ = 0x46,
  I32_LT_S = 0x48,
  I32_GT_U = 0x4b,
  I64_LT_S = 0x53,
  F32_EQ = 0x5b,
  F64_EQ = 0x61,
  I32_ADD = 0x6a,
  I32_SUB = 0x6b,
  I64_SUB = 0x7d,
  I64_MUL = 0x7e,
  I64_SHR_U = 0x88,
  I32_WRAP_I64 = 0xa7,
  I64_EXTEND_I32_U = 0xad,
  F64_CONVERT_I64_S = 0xb9,
  I32_REINTERPRET_F32 = 0xbc,
  I64_REINTERPRET_F64 = 0xbd,
  F32_REINTERPRET_I32 = 0xbe,
  F64_REINTERPRET_I64 = 0xbf,
  /** after 0xfd */
  I64X2_EXTRACT_LANE = 0x1d,
  I64X2_REPLACE_LANE = 0x1e
}

/** The block type without parameters and results. */
export const VOID = 0x40

/** Writes instructions. */
export class Assembler extends Writer {
  localGet(index: number): this {
    return this.op(0x20).u32(index)
  }

  localSet(index: number): this {
    return this.op(0x21).u32(index)
  }

  localTee(index: number): this {
    return this.op(0x22).u32(index)
  }

  globalGet(index: number): this {
    return this.op(0x23).u32(index)
  }

  globalSet(index: number): this {
    return this.op(0x24).u32(index)
  }

  i32(value: number): this {
    return this.op(0x41).signed(value)
  }

  i64(value: number): this {
    return this.op(0x42).signed(value)
  }

  branch(depth: number): this {
    return this.op(0x0c).u32(depth)
  }

  branchIf(depth: number): this {
    return this.op(0x0d).u32(depth)
  }

  call(index: number): this {
    return this.op(0x10).u32(index)
  }

  memorySize(): this {
    return this.op(0x3f, 0)
  }

  memoryGrow(): this {
    return this.op(0x40, 0)
  }

  /** An instruction on one lane of a v128. */
  lane(op: Op.I64X2_EXTRACT_LANE | Op.I64X2_REPLACE_LANE, lane: number): this {
    return this.op(0xfd, op, lane)
  }

  /** i64.trunc_sat_f64_u */
  truncate(): this {
    return this.op(0xfc, 7)
  }
}
