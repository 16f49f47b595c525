/**
 * Throws TypeError unless this is a key. Account and file names reach keys, so this is the wall against `../`,
 * absolute paths, NUL bytes, and names that begin with a dot and could meet a store's own files.
 */
export function checkBlobKey(key: string): void {
  if (!keyPattern.test(key) || key.length > maxKeyLength) throw new TypeError(`Not a blob key: ${quoted(key)}`)
}

/** The same wall for the beginning of a key, which may be empty or end in the middle of a name. */
export function checkBlobKeyPrefix(prefix: string): void {
  if (!prefixPattern.test(prefix) || prefix.length > maxKeyLength) {
    throw new TypeError(`Not the beginning of a blob key: ${quoted(prefix)}`)
  }
}

/** S3's limit. A segment may have 255 characters, which is what file systems take. */
const maxKeyLength = 1024
const segment = '[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}'
const keyPattern = new RegExp(`^${segment}(?:/${segment})*$`)
const prefixPattern = new RegExp(`^(?:${segment}/)*(?:${segment})?$`)

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100))
