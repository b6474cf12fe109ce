import { existsSync } from 'node:fs'

/** The package's folder, ending in a slash: the nearest above this file that has a package.json, so that sources and built files find the same one. */
export const root: URL = nearest(new URL('.', import.meta.url))

function nearest(folder: URL): URL {
  const above = new URL('..', folder)
  return existsSync(new URL('package.json', folder)) || above.href === folder.href ? folder : nearest(above)
}
