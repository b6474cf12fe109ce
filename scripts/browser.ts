/** Chromium, as a place to run a program in: one page from a server of our own, on this machine only. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

/** Where Debian puts it; `AUTOCODEC_CHROMIUM` names another. */
const PATH = process.env.AUTOCODEC_CHROMIUM ?? '/usr/bin/chromium'

const FLAGS = [
  '--headless',
  '--no-sandbox', // it refuses to start as root otherwise, and loads nothing but our page
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** Why there is no Chromium to run in; undefined if there is one. */
export function noChromium(): string | undefined {
  return existsSync(PATH) ? undefined : `there is no Chromium at ${PATH}`
}

/**
 * Runs an ESM program in a page and answers what its `export async function main()` returns, which must survive JSON. What main throws, this throws.
 * The page comes from 127.0.0.1, which browsers hold to be secure, so that `crypto.subtle` is there.
 */
export async function inChromium(program: string): Promise<{ result: unknown; version: string }> {
  const profile = mkdtempSync(join(tmpdir(), 'autocodec-chromium-'))
  const server = createServer((request, response) => {
    const script = request.url === '/program.js'
    response.writeHead(script || request.url === '/' ? 200 : 404, { 'content-type': script ? 'text/javascript' : 'text/html; charset=utf-8' })
    response.end(script ? program : '<!doctype html><title>autocodec</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const context = await chromium.launchPersistentContext(profile, { executablePath: PATH, args: FLAGS })
    try {
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      // as text, since tsx would rewrite a function with helpers that the page does not have
      const text = await page.evaluate(`import('/program.js').then(({ main }) => main()).then((result) => JSON.stringify(result))`)
      return { result: JSON.parse(text as string), version: context.browser()?.version() ?? '' }
    } finally {
      await context.close()
    }
  } finally {
    server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
  }
}
