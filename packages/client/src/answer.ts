import { AppError, type ErrorCode, errors } from '@imagehost/contract'

/** The JSON of an answer; what is none was not said by a server of ours. */
export async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw notOurs(response, cause)
  }
}

/** A proxy that sends elsewhere (mostly from http to https), a portal that wants a login, another program at this port. */
export function notOurs({ status, headers }: Response, cause?: unknown): AppError {
  const location = headers.get('location')
  const message = location
    ? `The server sends on to ${location}; use that address.`
    : `What answered there (${status}) is no ImageHost.`
  return new AppError('network_error', { message, ...(cause !== undefined && { cause }) })
}

/** The error that an answer tells, as the server threw it. */
export async function readError(response: Response): Promise<AppError> {
  const payload: unknown = await response.json().catch(() => undefined)
  const { code, message, details, request_id: requestId } = partsOf(payload)
  const retryAfterSeconds = Number(response.headers.get('retry-after'))
  return new AppError(typeof code === 'string' && isKnown(code) ? code : codeOfStatus(response.status), {
    message: typeof message === 'string' ? message : `The server answered ${response.status}.`,
    ...(details ? { details: details as Record<string, unknown> } : {}),
    ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  })
}

const partsOf = (payload: unknown): Record<string, unknown> =>
  (payload as { error?: Record<string, unknown> } | undefined | null)?.error ?? {}

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(errors, code)

/** For codes of a newer server, and for proxies, which know none. */
const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'validation',
  401: 'auth',
  403: 'forbidden',
  404: 'not_found',
  408: 'timeout',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_content_type',
  429: 'rate_limited',
  502: 'service_error',
  503: 'service_error',
  504: 'service_error',
}

const codeOfStatus = (status: number): ErrorCode => codesByStatus[status] ?? 'internal_error'
