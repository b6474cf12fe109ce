/**
 * What LevelDB loses without saying so. Where its log does not have its checksum it leaves out the rest of 32 KiB, opens, and writes down in a file LOG how much that was; reads then find
 * nothing where something was acknowledged, and a task would be run for the second time. So that is looked for, and the place stays closed until somebody has taken note.
 *
 * The end of a process, however it comes, leaves no such damage: what it had not finished writing is at the end of the log, and nobody was told that it had been written.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '../interface.js'

/** @param path of a LevelDB that has just been opened @throws EngineError `ENGINE_DAMAGED`, also the next time, until the file that it names is removed */
export async function refuseLoss(path: string): Promise<void> {
  const note = `${path}.damaged`
  const now = await lost(join(path, 'LOG'))
  if (now !== '') await writeFile(note, now, { flag: 'a', flush: true })
  const all = now === '' ? await text(note) : now
  if (all === '') return
  throw new EngineError(
    'ENGINE_DAMAGED',
    `${path}: LevelDB has left out what was damaged in its log (${all.trim().split('\n')[0]}); remove ${note} to go on with the rest`
  )
}

async function lost(log: string): Promise<string> {
  return [...(await text(log)).matchAll(/[^/\\]+: dropping \d+ bytes; .*\n/g)].map(([line]) => line).join('')
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
}
