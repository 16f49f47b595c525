import { AppError } from '@imagehost/contract/errors'
import type { UploadFailure } from '@imagehost/contract/uploads'
import { errorBody, toAppError } from './errors.ts'
import type { ReceivedFile } from './multipart.ts'

/**
 * Files of one request, one after the other, so that it takes one place in the queue; each stands or falls on its own. Where
 * nothing was kept this throws, since programs look at the status alone.
 */
export async function keepEach<T>(
  files: readonly ReceivedFile[],
  requestId: string,
  keep: (file: ReceivedFile) => Promise<T>,
): Promise<{ items: T[]; errors: UploadFailure[] }> {
  const items: T[] = []
  const failures: { filename: string; error: AppError }[] = []
  for (const file of files) {
    try {
      items.push(await keep(file))
    } catch (error) {
      failures.push({ filename: file.filename, error: toAppError(error) })
    }
  }
  const errors = failures.map(({ filename, error }) => {
    const { code, message, details } = errorBody(error, requestId).error
    return { filename, error: { code, message, ...(details && { details }) } }
  })
  const first = failures[0]?.error
  if (first && items.length === 0) throw files.length === 1 ? first : new AppError(first.code, { details: { errors } })
  return { items, errors }
}
