import { BlobsUnavailable } from '../../ports/blob-store.ts'

/** Nothing there. ELOOP is O_NOFOLLOW's answer at a symbolic link, ENOTDIR a file where the key has a folder. */
export const isAbsence = (error: unknown): boolean => hasCode(error, ['ENOENT', 'ENOTDIR', 'ELOOP'])

export const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)

/** The disk is full, failing, away or read-only, or we are out of descriptors: an administrator's or time's to cure. */
const diskTroubles = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT']

/** Runs it, and makes those of its errors that are the disk's a BlobsUnavailable. */
export async function unavailableIfDisk<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (hasCode(error, diskTroubles)) throw new BlobsUnavailable('The disk refuses', { cause: error })
    throw error
  }
}
