import { S3ServiceException } from '@aws-sdk/client-s3'
import { BlobsUnavailable } from '../../ports/blob-store.ts'

/**
 * Nothing there. Without the right to list, S3 answers 403 AccessDenied for a missing key instead of 404, so that
 * nobody can probe for names; any other 403 (keys that expired, a wrong clock) must not make every image look deleted.
 */
export const isAbsence = (error: unknown): boolean => isAnswer(error, ['NoSuchKey', 'NotFound', 'AccessDenied'])

export const isAnswer = (error: unknown, names: readonly string[]): boolean =>
  error instanceof S3ServiceException && names.includes(error.name)

export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined

/**
 * What to throw instead: BlobsUnavailable for what time or the administrator will cure (no answer, 5xx, rights, keys,
 * clock, a wrong bucket or region), the error itself for requests that were wrong.
 */
export function unavailable(error: unknown): unknown {
  const status = statusOf(error)
  const ours = status !== undefined && [400, 405, 411, 412, 501].includes(status) && !isAnswer(error, temporary)
  return ours ? error : new BlobsUnavailable('The bucket does not answer or refuses', { cause: error })
}

/** 400s that say "not now" or "not with these credentials". */
const temporary = ['RequestTimeout', 'ExpiredToken', 'InvalidToken', 'TokenRefreshRequired', 'SlowDown']
