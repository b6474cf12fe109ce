/** What the environment says where no option does. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CliError, EXIT } from './exit.js'

/**
 * Where blocks and codecs are kept between commands: `--store`, `AUTOCODEC_STORE`, or `autocodec` in the user's cache directory (XDG Base Directory Specification). Undefined, for
 * no store, by `--no-store` or an empty `AUTOCODEC_STORE`.
 */
export function storePath(option: string | false | undefined): string | undefined {
  if (option !== undefined) return option === false ? undefined : option
  const { AUTOCODEC_STORE, XDG_CACHE_HOME } = process.env
  if (AUTOCODEC_STORE !== undefined) return AUTOCODEC_STORE === '' ? undefined : AUTOCODEC_STORE
  return join(XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'autocodec')
}

/** Gateways to ask: `--gateway`, or else `AUTOCODEC_GATEWAY`, URLs with spaces or commas between. None by default: nothing is asked of the network that the user has not named. */
export function gatewayUrls(option: readonly string[] | undefined): readonly string[] {
  return option ?? (process.env.AUTOCODEC_GATEWAY ?? '').split(/[\s,]+/).filter((url) => url !== '')
}

/** The engine of an executor: `--state`, `AUTOCODEC_STATE`, or `autocodec` in the user's data directory (XDG). `memory` is none that lasts. */
export function statePath(option: string | undefined): string {
  const { AUTOCODEC_STATE, XDG_DATA_HOME } = process.env
  const named = option ?? AUTOCODEC_STATE ?? ''
  if (named !== '') return named
  return join(XDG_DATA_HOME?.startsWith('/') ? XDG_DATA_HOME : join(homedir(), '.local', 'share'), 'autocodec')
}

/** The same, for what needs a folder. @throws CliError `USAGE` */
export function folderOf(option: string | undefined): string {
  const path = statePath(option)
  if (path === 'memory') throw new CliError('USAGE', EXIT.usage, '--state memory has no names, which are files; expected --state DIR, or none')
  return path
}

/** Where private keys are: `AUTOCODEC_KEYS`, or `autocodec/keys` in the user's directory for settings (XDG). */
export function keysPath(): string {
  const { AUTOCODEC_KEYS = '', XDG_CONFIG_HOME } = process.env
  if (AUTOCODEC_KEYS !== '') return AUTOCODEC_KEYS
  return join(XDG_CONFIG_HOME?.startsWith('/') ? XDG_CONFIG_HOME : join(homedir(), '.config'), 'autocodec', 'keys')
}
