import type { Transfer } from '@imagehost/client'
import { AppError } from '@imagehost/contract'

/** XMLHttpRequest alone tells a browser how many bytes have left. */
export const sendByXhr: Transfer = (address, { method, headers, body, signal, onSent }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, address)
    request.responseType = 'arraybuffer'
    for (const [name, value] of Object.entries(headers)) {
      // Browsers set these themselves, and warn of whoever tries to.
      if (!/^(host|content-length)$/i.test(name)) request.setRequestHeader(name, value)
    }
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () => resolve(responseOf(request))
    request.onerror = () => reject(new AppError('network_error'))
    const abort = () => request.abort()
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    request.onloadend = () => signal.removeEventListener('abort', abort)
    if (signal.aborted) return reject(signal.reason)
    request.send(body)
  })

function responseOf(request: XMLHttpRequest): Response {
  const { status, statusText, response } = request
  const headers = new Headers()
  for (const line of request
    .getAllResponseHeaders()
    .trim()
    .split(/[\r\n]+/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const isEmpty = status === 204 || status === 304
  return new Response(isEmpty ? null : response, { status, statusText, headers })
}
