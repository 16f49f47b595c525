import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port that is free now. Below 22000: a Redis Cluster node takes the one 10000 above too, outgoing connections start at 32768. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(10_000, 22_000)
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port
  }
  throw new Error('No free port found.')
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
  })
  if (!listening) return false
  server.close()
  await once(server, 'close')
  return true
}
