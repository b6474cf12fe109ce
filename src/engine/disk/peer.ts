/** The packages that the driver needs and that who has no state on a disk need not install. */
import { EngineError } from '../interface.js'

/** @throws EngineError `ENGINE_PEER`: it names what to install */
async function peer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const absent = code === 'ERR_MODULE_NOT_FOUND' && message.includes(name)
    const what = absent ? `the package ${name} is not installed` : `the package ${name} cannot be loaded (${message})`
    throw new EngineError('ENGINE_PEER', `${what}; state on a disk needs it: npm install ${name}`, { cause })
  }
}

export const classicLevel = () => peer('classic-level', () => import('classic-level'))
export const blockstoreFs = () => peer('blockstore-fs', () => import('blockstore-fs/sharding'))
