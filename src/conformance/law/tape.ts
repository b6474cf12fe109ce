/** What a tape may say wrongly without the host's seeing it (docs/abi.md section 5). */

import type { Node } from '../../ipld/index.js'
import { outcome } from '../outcome.js'
import { refusal } from '../refusal.js'
import type { Law } from '../trial.js'
import { differ } from '../value.js'

export const tape: Law = {
  name: 'tape',
  says: 'keys of one map differ, a text is the same in UTF-8 and UTF-16, and decode, node and tape tell of one value',
  async check(trial) {
    const { pinned, json } = trial.subject
    for (const { name, bytes } of [...trial.given, ...trial.mutants]) {
      const node = outcome(() => pinned.node(bytes, { strict: false }))
      if (!node.ok) continue
      await trial.check(name, bytes, () => {
        const value = outcome(() => pinned.decode(bytes, { strict: false }))
        if (!value.ok) {
          refusal(value.error, bytes)
          return
        }
        keysDiffer(node.value, '')
        const viewed = differ(value.value, node.value.value())
        if (viewed !== undefined) throw new Error(`decode and node: ${viewed}`)
        // an encoder is given UTF-8 alone
        const text = outcome(() => json.encodeTape(pinned.tape(bytes, { strict: false })))
        if (!text.ok) return
        const told = differ(value.value, json.decode(text.value))
        if (told !== undefined) throw new Error(`as a value and as the tape has it for encoders: ${told}`)
      })
    }
  }
}

function keysDiffer(node: Node, path: string): void {
  const seen = new Set<string | number>()
  for (const [key, child] of node.entries()) {
    if (seen.has(key)) throw new Error(`key ${JSON.stringify(key)} for the second time in ${path === '' ? 'the root' : `"${path}"`}`)
    seen.add(key)
    keysDiffer(child, path === '' ? String(key) : `${path}/${key}`)
  }
}
