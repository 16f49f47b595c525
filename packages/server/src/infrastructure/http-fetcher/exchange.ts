import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { pinned } from './checked-addresses.ts'
import { refused } from './refusal.ts'

interface ExchangeOptions {
  addresses: LookupAddress[]
  isAllowedAddress: (address: string) => boolean
  signal: AbortSignal
}

/**
 * One request over a connection of its own to one of these addresses; the name stays in Host and in the TLS handshake.
 * No proxy, no cookies, no compression, which could hide any number of bytes behind few.
 */
export async function exchange(
  url: URL,
  { addresses, isAllowedAddress, signal }: ExchangeOptions,
): Promise<IncomingMessage> {
  const headers = { accept: 'image/*,*/*;q=0.5', 'accept-encoding': 'identity', 'user-agent': 'ImageHost' }
  const { request: send } = url.protocol === 'https:' ? https : http
  const request = send(url, { headers, signal, agent: false, lookup: pinned(addresses), maxHeaderSize })
  request.on('socket', (socket: Socket) => {
    socket.once('connect', () => {
      // The last word is that of the connection itself.
      if (!isAllowedAddress(socket.remoteAddress ?? ''))
        request.destroy(refused(`connected to ${socket.remoteAddress}`))
    })
  })
  // Also for what goes wrong after the answer has begun, which its reader is told.
  request.on('error', () => {})
  request.end()
  const begin = AbortSignal.any([signal, AbortSignal.timeout(headersTimeoutMs)])
  try {
    const [response]: IncomingMessage[] = await once(request, 'response', { signal: begin })
    if (!response) throw new Error('no answer')
    return response
  } catch (error) {
    request.destroy()
    throw error
  }
}

/** A picture needs few headers; all of them are held in memory. */
const maxHeaderSize = 16_384

/** A server that has not begun to answer by then is not worth a place in the queue. */
const headersTimeoutMs = 10_000
