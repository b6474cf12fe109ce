/** The store, for commands that are about it. */
import type { DirectoryStore } from '../codec/source/directory-store.js'
import type { Context } from './context.js'
import { CliError, EXIT } from './exit.js'

export function storeOf(context: Context): DirectoryStore {
  const { store } = context
  if (store === undefined) throw new CliError('USAGE', EXIT.usage, 'there is no store: --store DIR or AUTOCODEC_STORE names one')
  return store
}
