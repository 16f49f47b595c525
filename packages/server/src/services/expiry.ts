import { AppError } from '@imagehost/contract/errors'

/** How long images live: what the operator has set, in seconds. */
export interface ExpiryRules {
  /** For uploads that say nothing; absent: they stay. */
  defaultSeconds?: number | undefined
  /** Nobody may ask for longer, and for ever is longer; absent: no limit. */
  maxSeconds?: number | undefined
}

/** How long an upload may live that asks for `wished`; undefined: until it is deleted. Throws `validation` for too long. */
export function lifetime(wished: number | undefined, { defaultSeconds, maxSeconds }: ExpiryRules): number | undefined {
  if (wished !== undefined) checkLifetime(wished, maxSeconds, 'expires_in')
  const usual = defaultSeconds ?? maxSeconds
  return wished ?? (usual === undefined ? undefined : Math.min(usual, maxSeconds ?? usual))
}

/** Checks a time that the owner of an image sets later; null is for ever. Throws `validation`. */
export function checkExpiry(expiresAt: number | null, now: number, { maxSeconds }: ExpiryRules): void {
  if (expiresAt !== null && expiresAt <= now) {
    const message = 'An image expires in the future; to end it now, delete it.'
    throw new AppError('validation', { message, details: { field: 'body.expires_at' } })
  }
  checkLifetime(expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - now, maxSeconds, 'expires_at')
}

function checkLifetime(seconds: number, max: number | undefined, field: string): void {
  if (max === undefined || seconds <= max) return
  const message = `Images live at most ${max} seconds here.`
  throw new AppError('validation', { message, details: { field, max_seconds: max } })
}
