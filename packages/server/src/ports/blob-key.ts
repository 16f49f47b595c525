/**
 * Whether a store can hold something under this key. Account and file names reach keys, and clients of the Flask project chose
 * theirs freely, so this is the wall against `../`, absolute paths, NUL bytes and line ends, and names that begin with a dot
 * and could meet a store's own files. Spaces and any script are harmless in a path, and escaped in an address.
 */
export function isBlobKey(key: string): boolean {
  return keyPattern.test(key) && isShort(key)
}

/** Throws TypeError unless this is a key. */
export function checkBlobKey(key: string): void {
  if (!isBlobKey(key)) throw new TypeError(`Not a blob key: ${quoted(key)}`)
}

/** The same wall for the beginning of a key, which may be empty or end in the middle of a name. */
export function checkBlobKeyPrefix(prefix: string): void {
  if (!prefixPattern.test(prefix) || !isShort(prefix)) {
    throw new TypeError(`Not the beginning of a blob key: ${quoted(prefix)}`)
  }
}

/** A key as it stands in an address: RFC 3986, of which encodeURIComponent leaves five characters out. */
export const blobKeyInUrl = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

const segment = '[^\\x00-\\x1f\\x7f/\\\\.][^\\x00-\\x1f\\x7f/\\\\]{0,254}'
const keyPattern = new RegExp(`^${segment}(?:/${segment})*$`)
const prefixPattern = new RegExp(`^(?:${segment}/)*(?:${segment})?$`)

/** S3's limit for a key, and that of file systems for a name in it, both in bytes of UTF-8. */
function isShort(key: string): boolean {
  const bytes = Buffer.byteLength(key)
  if (bytes === key.length) return bytes <= 1024
  return bytes <= 1024 && key.isWellFormed() && key.split('/').every((name) => Buffer.byteLength(name) <= 255)
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100))
