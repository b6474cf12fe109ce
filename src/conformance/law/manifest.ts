/** What a module says of itself. */
import { createHost, readManifest } from '../../codec/index.js'
import { cidOf } from '../../codec/verify.js'

/** That the manifest is right and the host takes the module. @throws HostError, SandboxError with what is wrong */
export async function manifestHolds(module: Uint8Array): Promise<void> {
  const manifest = readManifest(module)
  const host = await createHost()
  const { cid } = await host.add(module, 'the module on trial')
  const codec = await host.codec(cid)
  if (!cid.equals(await cidOf(module))) throw new Error(`loaded as ${cid}`)
  for (const field of ['name', 'code', 'window', 'head'] as const) {
    if (codec.manifest[field] !== manifest[field]) throw new Error(`${field}: the host has ${codec.manifest[field]}, the module says ${manifest[field]}`)
  }
}
