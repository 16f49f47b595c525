import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { blobKeyInUrl, checkBlobKey } from '../../ports/blob-key.ts'
import type { Presigned, PresignGetOptions, PresignPutOptions } from '../../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../../ports/clock.ts'
import { signedPathPrefix } from '../../ports/signed-paths.ts'

interface SignerDependencies {
  baseUrl: () => string
  signingKey: Buffer
  previousSigningKeys: readonly Buffer[]
  clock: Clock
}

/** What a genuine address says. */
export interface SignedPath {
  key: string
  parameters: URLSearchParams
}

/**
 * Addresses of the form `/storage/{key}?expires=…&…&signature=…`. The HMAC covers the method and every character in
 * front of the signature as it stands, so nothing can be altered, added, left out, moved, or written in another way.
 */
export function createPathSigner({ baseUrl, signingKey, previousSigningKeys, clock }: SignerDependencies) {
  const keys = [signingKey, ...previousSigningKeys].map((key) => createSecretKey(key))
  const [newest] = keys as [KeyObject]

  const sign = (
    method: 'PUT' | 'GET',
    key: string,
    parameters: Record<string, string | number | undefined>,
  ): string => {
    checkBlobKey(key)
    const query = Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${encode(String(value))}`)
    const path = `${signedPathPrefix}${blobKeyInUrl(key)}?${query.join('&')}`
    return `${baseUrl()}${path}&signature=${mac(newest, method, path)}`
  }

  return {
    presignPut(key: string, { contentType, size, expiresInSeconds }: PresignPutOptions): Presigned {
      const expiresAt = unixSeconds(clock) + expiresInSeconds
      const url = sign('PUT', key, { expires: expiresAt, type: contentType, size })
      return { url, headers: { 'content-type': contentType }, expiresAt }
    },

    presignGet(key: string, { contentType, contentDisposition, expiresInSeconds }: PresignGetOptions): string {
      const exact = unixSeconds(clock) + expiresInSeconds
      const expires = expiresInSeconds > 300 ? Math.ceil(exact / 300) * 300 : exact
      const disposition = contentDisposition && withoutControls(contentDisposition)
      return sign('GET', key, { expires, type: withoutControls(contentType), disposition })
    },

    /** What this address says, if we signed it for this method. */
    verify(method: 'PUT' | 'GET', url: string): SignedPath | 'unsigned' | 'forged' {
      const end = url.lastIndexOf('&signature=')
      if (end === -1) return 'unsigned'
      const path = url.slice(0, end)
      const given = Buffer.from(url.slice(end + '&signature='.length))
      const genuine = keys.some((key) => {
        const expected = Buffer.from(mac(key, method, path))
        return given.length === expected.length && timingSafeEqual(given, expected)
      })
      if (!genuine) return 'forged'
      const [location = '', query] = path.split('?')
      return {
        key: decodeURIComponent(location.slice(signedPathPrefix.length)),
        parameters: new URLSearchParams(query),
      }
    },
  }
}

export type PathSigner = ReturnType<typeof createPathSigner>

/** The first line keeps this use of the key apart from any other. */
const mac = (key: KeyObject, method: string, path: string): string =>
  createHmac('sha256', key).update(`imagehost signed path\n${method}\n${path}`).digest('base64url')

/**
 * Also what encodeURIComponent leaves: WHATWG's URL would write `'` as `%27`, and the signature would not fit any more.
 */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/** Against response splitting: these values become headers. */
const withoutControls = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, '')
