import type { Readable } from 'node:stream'

/**
 * Where presigned addresses lead if the store has no HTTP server of its own: the server mounts them under
 * `signedPathPrefix` and hands each request here. Answers with S3's statuses and rules.
 */
export interface SignedPaths {
  handle(request: SignedRequest): Promise<SignedAnswer>
}

export const signedPathPrefix = '/storage/'

export interface SignedRequest {
  method: 'PUT' | 'GET' | 'HEAD'
  /** Path and query as they came, beginning with `signedPathPrefix`. */
  url: string
  contentType?: string
  contentLength?: number
  /** Raw `Range` header. */
  range?: string
  body: Readable
}

export interface SignedAnswer {
  status: number
  headers: Record<string, string>
  /** S3's XML for errors, the bytes for GET, nothing for PUT and HEAD. */
  body?: string | Readable
}
