/** Hashing needs the whole file in memory; a larger one is simply sent. */
const maxBytes = 64 * 1024 * 1024

/** Lower-case hex; undefined where the browser does not hash, as on plain http, or the file is too large for that. */
export async function sha256Of(file: Blob): Promise<string | undefined> {
  if (!isSecureContext || file.size > maxBytes) return undefined
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
