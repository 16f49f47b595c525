import { AppError } from '@imagehost/contract/errors'
import type { Log } from '../ports/log.ts'
import { type Scanner, ScannerUnavailable } from '../ports/scanner.ts'
import type { UploadStep } from './upload-steps.ts'

interface ScanDependencies {
  scanner: Scanner
  /** What happens to uploads while the scanner gives no verdict. */
  whenAway: 'refuse' | 'accept'
  log: Log
}

const retryAfterSeconds = 10

/** Looks for malware in the bytes that arrived, so also in what was cut off them. Throws `infected`, `scan_error`. */
export const scanStep = ({ scanner, whenAway, log }: ScanDependencies): UploadStep => ({
  name: 'scan',
  run: async ({ received }) => {
    const found = await scanner.scan(received).catch((cause: unknown) => {
      if (!(cause instanceof ScannerUnavailable)) throw cause
      if (whenAway === 'refuse') throw new AppError('scan_error', { retryAfterSeconds, cause })
      log.warn({ err: cause }, 'A picture was accepted without a scan.')
      return undefined
    })
    if (found !== undefined) throw new AppError('infected', { details: { found } })
  },
})
