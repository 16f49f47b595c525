import { AppError } from '@imagehost/contract/errors'

/** The reason goes to the log only: in an answer it would map our network for whoever asks long enough. */
export const refused = (reason: string): AppError => new AppError('import_refused', { cause: new Error(reason) })

/** Our own refusals pass; whatever else went wrong is one and the same failure to the caller. */
export const failed = (cause: unknown): AppError =>
  cause instanceof AppError ? cause : new AppError('import_failed', { cause })

export const tooLarge = (maxBytes: number): AppError => new AppError('too_large', { details: { max_bytes: maxBytes } })
