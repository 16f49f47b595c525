import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Scanner, ScannerUnavailable } from '../../ports/scanner.ts'

export interface ClamdDependencies {
  /** `tcp://host:port` or `unix:/path/of/the.socket`. */
  url: string
  /** For one file, from connecting to the verdict. */
  timeoutMs: number
}

/** Large enough that few are needed, small enough that clamd, which reads them whole, takes them at any setting. */
const chunkBytes = 1024 * 1024

/**
 * Hands bytes to a running clamd by INSTREAM (clamd(8)): chunks, each with its length in four bytes before it, and a length
 * of zero at the end. One connection per file, since a session of clamd's own ends with any error in it.
 */
export function createClamdScanner({ url, timeoutMs }: ClamdDependencies): Scanner {
  const address = addressOf(url)

  async function scan(bytes: Buffer): Promise<string | undefined> {
    const socket = connect(address)
    const signal = AbortSignal.timeout(timeoutMs)
    const giveUp = () => socket.destroy(new Error('no verdict in time'))
    signal.addEventListener('abort', giveUp)
    try {
      await once(socket, 'connect')
      // Answers may come before the end, as when the file is larger than clamd takes: it is read beside the writing.
      const answer = text(socket)
      await send(socket, bytes).catch(() => {})
      return verdictOf(await answer)
    } catch (cause) {
      throw cause instanceof ScannerUnavailable ? cause : new ScannerUnavailable('clamd does not answer.', { cause })
    } finally {
      signal.removeEventListener('abort', giveUp)
      socket.destroy()
    }
  }

  return { scan }
}

function addressOf(url: string): { path: string } | { host: string; port: number } {
  if (url.startsWith('unix:')) return { path: url.slice('unix:'.length) }
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPort) }
}

const defaultPort = 3310

async function send(socket: Socket, bytes: Buffer): Promise<void> {
  socket.write('zINSTREAM\0')
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(chunk.length)
    socket.write(length)
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
  }
  socket.write(Buffer.alloc(4))
}

/** `stream: OK`, `stream: NAME FOUND`, or an error in words. */
function verdictOf(answer: string): string | undefined {
  const line = answer.replace(/\0.*$/s, '').trim()
  if (line === 'stream: OK') return undefined
  const found = /^stream: (.+) FOUND$/.exec(line)?.[1]
  if (found === undefined) throw new ScannerUnavailable(`clamd gave no verdict: ${line.slice(0, 100) || 'nothing'}`)
  return found
}
