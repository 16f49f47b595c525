import type { Socket } from 'node:net'
import { AppError } from '@imagehost/contract/errors'
import { errorBody } from './errors.ts'

/** Answers what never became a request: one that did not arrive in time, or bytes that are no HTTP. */
export function brokenRequestAnswer(headers: Readonly<Record<string, string>>) {
  const fixed = { connection: 'close', 'content-type': 'application/json; charset=utf-8', ...headers }
  const head = Object.entries(fixed).map(([name, value]) => `${name}: ${value}\r\n`)
  return (error: Error & { code?: string }, socket: Socket): void => answer(error, socket, head.join(''))
}

function answer(error: Error & { code?: string }, socket: Socket, head: string): void {
  // The client is gone, or an answer is on its way already: writing another would corrupt it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) return void socket.destroy()
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const known = isLate ? new AppError('timeout') : new AppError('validation', { message: 'This is not valid HTTP.' })
  const body = JSON.stringify(errorBody(known, 'none'))
  const status = isLate ? '408 Request Timeout' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
