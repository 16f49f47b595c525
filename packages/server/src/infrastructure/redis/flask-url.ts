/**
 * The blob key that the `url` of an old record names: `s3://bucket/key`, `https://bucket.s3.region.amazonaws.com/key`
 * (the bucket in the host) or `https://host/bucket/key` (in the path), percent-decoded. Empty if it names none.
 */
export function keyOfUrl(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed) return ''
  const path = decoded(parsed.pathname)
  if (parsed.protocol === 's3:') return path
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return ''
  // Virtual-hosted style on Amazon, with or without region and dual stack; `s3.` at the very start is path style.
  const bucketInHost = /^.+\.s3[.-][a-z0-9.-]*amazonaws\.com(\.cn)?$/i.test(parsed.hostname)
  return bucketInHost ? path : path.slice(path.indexOf('/') + 1 || path.length)
}

function decoded(pathname: string): string {
  const path = pathname.replace(/^\/+/, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
