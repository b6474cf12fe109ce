/** A gateway on this machine, honest or not. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Module } from '../resealed.js'

export type Answer = (cid: string, response: ServerResponse, request: IncomingMessage) => void

export interface Gateway {
  readonly url: string
  /** paths asked for, in order */
  readonly asked: string[]
  close(): Promise<void>
}

export async function gateway(answer: Answer): Promise<Gateway> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.on('error', () => {})
    answer(/^\/ipfs\/([^?/]+)/.exec(request.url ?? '')?.[1] ?? '', response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    }
  }
}

/** Answers as the trustless gateway specification says. */
export function honest(blocks: readonly Module[]): Answer {
  return (cid, response, request) => {
    const block = blocks.find((block) => block.cid.toString() === cid)
    if (block === undefined || !request.url?.includes('format=raw') || request.headers.accept !== 'application/vnd.ipld.raw') {
      response.writeHead(block === undefined ? 404 : 406).end()
      return
    }
    response.writeHead(200, { 'Content-Type': 'application/vnd.ipld.raw', 'Content-Length': block.bytes.length }).end(block.bytes)
  }
}
