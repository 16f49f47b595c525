import { once } from 'node:events'
import { connect } from 'node:net'
import { addAbortSignal, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Scanner, ScannerUnavailable } from '../../ports/scanner.ts'

interface ClamdDependencies {
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
    const signal = AbortSignal.timeout(timeoutMs)
    const socket = connect(address)
    try {
      await once(socket, 'connect', { signal })
      // Read beside the writing: clamd answers before the end where a file is larger than it takes, and hangs up.
      const answer = text(addAbortSignal(signal, socket))
      answer.catch(() => {})
      await pipeline(Readable.from(framed(bytes)), socket, { signal, end: false }).catch(() => {})
      return verdictOf(await answer)
    } catch (cause) {
      throw cause instanceof ScannerUnavailable ? cause : new ScannerUnavailable('clamd does not answer.', { cause })
    } finally {
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

function* framed(bytes: Buffer): Generator<Buffer> {
  yield Buffer.from('zINSTREAM\0')
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes)
    yield lengthOf(chunk.length)
    yield chunk
  }
  yield lengthOf(0)
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes)
  return length
}

/** `stream: OK`, `stream: NAME FOUND`, or an error in words. */
function verdictOf(answer: string): string | undefined {
  const line = answer.replace(/\0.*$/s, '').trim()
  if (line === 'stream: OK') return undefined
  const found = /^stream: (.+) FOUND$/.exec(line)?.[1]
  if (found === undefined) throw new ScannerUnavailable(`clamd gave no verdict: ${line.slice(0, 100) || 'nothing'}`)
  return found
}
