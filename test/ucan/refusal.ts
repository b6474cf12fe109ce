import * as assert from 'uvu/assert'
import { UcanError, type UcanErrorCode } from '../../src/ucan/index.js'

/** What a call or promise is refused with; fails if it is not refused, or with something that is no UcanError. */
export async function refusal(call: () => unknown, code?: UcanErrorCode): Promise<UcanError> {
  let error: unknown
  try {
    await call()
  } catch (thrown) {
    error = thrown
  }
  assert.ok(error !== undefined, `expected ${code ?? 'a refusal'}, and it was accepted`)
  assert.instance(error, UcanError, String(error))
  if (code !== undefined) assert.is((error as UcanError).code, code, (error as UcanError).message)
  return error as UcanError
}
