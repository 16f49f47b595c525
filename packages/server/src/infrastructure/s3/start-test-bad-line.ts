import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to this server that breaks each connection after so many bytes in either direction. */
export async function startTestBadLine(target: string) {
  const limits = { sent: Infinity, received: Infinity }
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const { hostname, port } = new URL(target)
    const upstream = connect(Number(port), hostname)
    const carry = (from: Socket, to: Socket, limit: number) => {
      let carried = 0
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
      from.on('data', (chunk: Buffer) => {
        const left = limit - carried
        carried += chunk.length
        to.write(chunk.subarray(0, left))
        if (carried > limit) to.end(() => from.destroy())
      })
    }
    carry(client, upstream, limits.sent)
    carry(upstream, client, limits.received)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    /** For connections from now on. */
    breakAfter: (next: Partial<typeof limits>) => Object.assign(limits, next),
    /** Ends the connections that are there, so that the next requests make new ones. */
    cut() {
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
