import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What is wrong with the line: nothing · answers come late · an error in place of each · it breaks in the middle of every body. */
export type Fault = 'none' | 'slow' | 'unavailable' | 'broken'

export interface FaultyProxy {
  url: string
  /** From now on, for new requests. */
  become(fault: Fault): void
  stop(): Promise<void>
}

/** Longer than anybody waits for an answer. */
const slowMs = 8_000
/** Bytes of a body that come through before it breaks. */
const brokenAfter = 2_000

/** Stands between a server and a storage, and passes everything on as long as nothing is wrong. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let fault: Fault = 'none'
  const { hostname, port } = new URL(target)
  const server = createServer((incoming, answer) => {
    const now = fault
    if (now === 'unavailable') return void answer.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
    const outgoing = request({ hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers })
    outgoing.on('error', () => answer.destroy())
    incoming.on('error', () => outgoing.destroy())
    if (now === 'broken') breakOff(incoming, answer, () => outgoing.destroy())
    outgoing.on('response', (response) => {
      const pass = () => {
        answer.writeHead(response.statusCode!, response.headers)
        if (now === 'broken') breakOff(response, answer, () => outgoing.destroy())
        response.pipe(answer)
      }
      if (now === 'slow') setTimeout(pass, slowMs).unref()
      else pass()
    })
    incoming.pipe(outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    become: (next) => {
      fault = next
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function breakOff(body: IncomingMessage, answer: ServerResponse, also: () => void): void {
  let seen = 0
  body.on('data', (chunk: Buffer) => {
    seen += chunk.length
    if (seen < brokenAfter) return
    answer.destroy()
    also()
  })
}
