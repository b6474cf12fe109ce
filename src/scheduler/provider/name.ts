/** Mutable names: what a name leads to, and that it leads elsewhere from now on. What names are is the store's to say. */
import { CID } from 'multiformats/cid'
import { type Provider, ProviderError } from './interface.js'

/** Where names live: IPNS, DNSLink, a table. */
export interface NameStore {
  /** undefined if there is no such name */
  resolve(name: string, options: { readonly signal: AbortSignal }): Promise<CID | undefined>
  /** @param key the same for the same publication, so that a store can see that it has done it */
  publish(name: string, cid: CID, options: { readonly key: CID; readonly signal: AbortSignal }): Promise<void>
}

const MAX_NAME = 1024

/** `/name/resolve` {name} → link. `/name/publish` {name, cid} → link. Publishing the same again changes nothing. */
export function nameProviders(names: NameStore): readonly Provider[] {
  return [
    {
      command: '/name/resolve',
      kind: 'query',
      async perform({ name }, { signal }) {
        const cid = await names.resolve(readName(name), { signal })
        if (cid === undefined) throw new ProviderError('NAME_NOT_FOUND', `there is no name ${JSON.stringify(name)}`)
        return cid
      }
    },
    {
      command: '/name/publish',
      kind: 'destructive',
      async perform({ name, cid }, { task, signal }) {
        const target = CID.asCID(cid)
        if (target === null) throw new ProviderError('ARGUMENTS', `cid: got ${typeof cid}, expected a link`)
        await names.publish(readName(name), target, { key: task, signal })
        return target
      }
    }
  ]
}

/** Names in memory: for tests, and for those who keep them elsewhere. */
export function memoryNames(names: Map<string, CID> = new Map()): NameStore {
  return {
    resolve: async (name) => names.get(name),
    publish: async (name, cid) => {
      names.set(name, cid)
    }
  }
}

function readName(name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME)
    throw new ProviderError('ARGUMENTS', `name: got ${typeof name}, expected text of 1 to ${MAX_NAME} characters`)
  return name
}
