import { MetadataUnavailable } from '../../ports/metadata-store.ts'

/**
 * Primary result codes (sqlite.org/rescode.html) that pass, or that an administrator can cure while we run: BUSY, LOCKED,
 * READONLY, IOERR, FULL, CANTOPEN. All else is our mistake or a broken file and flies as it is.
 */
const passing = new Set([5, 6, 8, 10, 13, 14])

/** The error as the port promises it. */
export function unavailable(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if ('errcode' in error && typeof error.errcode === 'number' && passing.has(error.errcode & 0xff))
    return new MetadataUnavailable(`SQLite: ${error.message}`, { cause: error })
  if ('code' in error && error.code === 'ERR_INVALID_STATE')
    return new MetadataUnavailable('The database is closed.', { cause: error })
  return error
}

/** SQLITE_BUSY: somebody else holds the lock. */
export const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === 5

/** Runs a read; promises of the ports never throw synchronously. */
export async function read<T>(work: () => T): Promise<T> {
  try {
    return work()
  } catch (error) {
    throw unavailable(error)
  }
}
