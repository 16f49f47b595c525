import { AppError } from '@imagehost/contract/errors'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BlobsUnavailable } from '../ports/blob-store.ts'
import { MetadataUnavailable } from '../ports/metadata-store.ts'

/** How long a part that is away is given before it is asked for again. */
const retryAfterSeconds = 2

type ErrorAnswer = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply

/** The only place that writes error answers: ours in their own words, everything else logged whole and answered `internal_error`. */
export function createErrorAnswer(metrics: { countError: (code: string) => void }): ErrorAnswer {
  return (error, request, reply) => {
    const known = toAppError(error)
    metrics.countError(known.code)
    return answerError(known, request, reply)
  }
}

export function answerErrors(app: FastifyInstance, answer: ErrorAnswer): void {
  app.setErrorHandler(answer)
  app.setNotFoundHandler((request, reply) => answer(new AppError('not_found'), request, reply))
}

function answerError(known: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (known.status >= 500)
    request.log.error({ request_id: request.id, err: known.cause ?? known, code: known.code }, known.message)
  reply.code(known.status)
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds))
  if (known.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(errorBody(known, request.id)))
}

export const errorBody = ({ code, message, details }: AppError, requestId: string) => ({
  error: { code, message, request_id: requestId, ...(details && { details }) },
})

/** What went wrong, in the words of the catalogue. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof MetadataUnavailable) return new AppError('service_error', { retryAfterSeconds, cause: error })
  if (error instanceof BlobsUnavailable) return new AppError('s3_error', { retryAfterSeconds, cause: error })
  return fromFastify(error as FastifyError) ?? new AppError('internal_error', { cause: error })
}

/** Faults of the request that the framework finds before any handler runs. */
function fromFastify({ statusCode, code }: FastifyError): AppError | undefined {
  if (statusCode === 413) {
    return new AppError('too_large', { message: 'The body of this request is larger than such a call needs.' })
  }
  if (statusCode === 415) return new AppError('unsupported_content_type')
  if (statusCode === 408) return new AppError('timeout')
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new AppError('validation', { message: 'This is not a valid address.', details: { field: 'path' } })
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const message = 'The body is not valid JSON.'
    return new AppError('validation', { message, details: { field: 'body' } })
  }
  return undefined
}
