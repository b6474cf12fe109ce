/** What the environment says where no option does. */
import { homedir } from 'node:os'
import { join } from 'node:path'

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
