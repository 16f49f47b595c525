import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import type { AppError } from '@imagehost/contract/errors'
import type { Fetcher } from '../../ports/fetcher.ts'
import { type AddressGuard, checkedAddresses } from './checked-addresses.ts'
import { exchange } from './exchange.ts'
import { filenameOf } from './filename.ts'
import { isPublicAddress } from './public-address.ts'
import { failed, refused, tooLarge } from './refusal.ts'
import { targetOf } from './target.ts'

export interface HttpFetcherDependencies extends Partial<AddressGuard> {
  allowedPorts: readonly number[]
  /** For everything, redirects and body included. */
  timeoutMs: number
}

/**
 * Fetches from addresses that strangers give (server-side request forgery, OWASP): each hop is taken apart, resolved
 * once and checked from the start, and then connected to exactly the checked address.
 */
export function createHttpFetcher({
  allowedPorts,
  timeoutMs,
  resolve = (name) => lookup(name, { all: true }),
  isAllowedAddress = isPublicAddress,
}: HttpFetcherDependencies): Fetcher {
  const hop = async (url: URL, signal: AbortSignal): Promise<IncomingMessage> => {
    const addresses = await unlessAborted(checkedAddresses(url, { resolve, isAllowedAddress }), signal)
    return exchange(url, { addresses, isAllowedAddress, signal })
  }

  const follow = async (address: string, signal: AbortSignal) => {
    let url = targetOf(address, allowedPorts)
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const response = await hop(url, signal)
      const { statusCode = 0, headers } = response
      if (!redirectStatuses.includes(statusCode) || headers.location === undefined) return { url, response }
      response.destroy()
      url = targetOf(headers.location, allowedPorts, url)
    }
    throw refused('too many redirects')
  }

  return {
    async open(address, { maxBytes, signal }) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      const { url, response } = await follow(address, limit).catch((cause) => {
        throw failed(cause)
      })
      const { 'content-type': contentType, 'content-disposition': disposition } = response.headers
      const problem = problemWith(response, maxBytes)
      if (problem) {
        response.destroy()
        throw problem
      }
      return {
        stream: bounded(response, maxBytes),
        filename: filenameOf(url, disposition),
        ...(contentType && { contentType }),
      }
    },
  }
}

const maxRedirects = 3
const redirectStatuses = [301, 302, 303, 307, 308]

/** A name server of the attacker's may take its time. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = once(signal, 'abort').then(() => Promise.reject(signal.reason))
  return Promise.race([work, aborted])
}

/** What is wrong with an answer can be seen before its body, mostly. */
function problemWith({ statusCode, headers }: IncomingMessage, maxBytes: number): AppError | undefined {
  const { 'content-encoding': encoding = 'identity', 'content-length': length = '0' } = headers
  if (statusCode !== 200) return failed(new Error(`status ${statusCode}`))
  if (encoding !== 'identity') return failed(new Error(`content encoding ${encoding}, which was not asked for`))
  return Number(length) > maxBytes ? tooLarge(maxBytes) : undefined
}

/** The body, up to a size; the time is watched by the request. Whoever leaves early ends the connection too. */
function bounded(response: IncomingMessage, maxBytes: number): Readable {
  let seen = 0
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > maxBytes) done(tooLarge(maxBytes))
      else done(null, chunk)
    },
  })
  response.on('error', (cause) => body.destroy(failed(cause)))
  body.once('close', () => response.destroy())
  return response.pipe(body)
}
