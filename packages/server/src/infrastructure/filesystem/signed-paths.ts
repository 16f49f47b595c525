import type { Readable } from 'node:stream'
import { parseRange } from '@imagehost/contract/byte-range'
import { type BlobStore, BlobsUnavailable } from '../../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../../ports/clock.ts'
import type { SignedAnswer, SignedPaths, SignedRequest } from '../../ports/signed-paths.ts'
import type { PathSigner, SignedPath } from './path-signer.ts'
import { inert, refusals } from './refusals.ts'

interface Files {
  put(key: string, body: Readable, options: { size: number }): Promise<boolean>
  open: BlobStore['open']
  stat(key: string): Promise<{ size: number; modifiedAtMs: number } | undefined>
}

interface SignedPathsDependencies {
  signer: PathSigner
  files: Files
  maxBytes: number
  clock: Clock
}

/** Answers at presigned addresses as S3 would, so that a client can't tell and need not care. */
export function createSignedPaths({ signer, files, maxBytes, clock }: SignedPathsDependencies): SignedPaths {
  const put = async ({ key, parameters }: SignedPath, request: SignedRequest): Promise<SignedAnswer> => {
    const { contentType, contentLength: size, body } = request
    const boundSize = parameters.get('size') ?? undefined
    if (contentType !== parameters.get('type')) return refusals.mismatch
    if (size === undefined) return refusals.noLength
    if (size !== Number(boundSize ?? size)) return refusals.mismatch
    if (size > (boundSize ? Number(boundSize) : maxBytes)) return refusals.tooLarge
    try {
      await files.put(key, body, { size })
    } catch (error) {
      return refusalFor(error, body)
    }
    const facts = await files.stat(key)
    return { status: 200, headers: facts ? { etag: etagOf(facts) } : {} }
  }

  const get = async ({ key, parameters }: SignedPath, { method, range }: SignedRequest): Promise<SignedAnswer> => {
    const facts = await files.stat(key)
    if (!facts) return refusals.missing
    const { size } = facts
    const asked = parseRange(range, size)
    if (asked === 'unsatisfiable') {
      const refusal = refusals.range
      return { ...refusal, headers: { ...refusal.headers, 'content-range': `bytes */${size}` } }
    }
    const disposition = parameters.get('disposition')
    const headers: Record<string, string> = {
      ...inert,
      'content-type': parameters.get('type') ?? 'application/octet-stream',
      'content-length': String(asked ? asked.end - asked.start + 1 : size),
      ...(disposition !== null && { 'content-disposition': disposition }),
      ...(asked && { 'content-range': `bytes ${asked.start}-${asked.end}/${size}` }),
      'accept-ranges': 'bytes',
      'cache-control': `private, max-age=${Math.min(300, Number(parameters.get('expires')) - unixSeconds(clock))}`,
      etag: etagOf(facts),
      'last-modified': new Date(facts.modifiedAtMs).toUTCString(),
    }
    const status = asked ? 206 : 200
    if (method === 'HEAD') return { status, headers }
    const opened = await files.open(key, asked)
    if (opened?.size !== size) {
      opened?.stream.destroy()
      return refusals.unavailable
    }
    return { status, headers, body: opened.stream }
  }

  const answer = async (request: SignedRequest): Promise<SignedAnswer> => {
    const signed = signer.verify(request.method === 'PUT' ? 'PUT' : 'GET', request.url)
    if (signed === 'unsigned') return refusals.unsigned
    if (signed === 'forged') return refusals.mismatch
    if (Number(signed.parameters.get('expires')) <= unixSeconds(clock)) return refusals.expired
    return request.method === 'PUT' ? put(signed, request) : get(signed, request)
  }

  return {
    async handle(request) {
      const { body, ...head } = await answer(request)
      return request.method === 'HEAD' || body === undefined ? head : { ...head, body }
    },
  }
}

/** A client that went away in the middle reads no answer, but it is no failure of ours either. */
function refusalFor(error: unknown, body: Readable): SignedAnswer {
  if (error instanceof BlobsUnavailable) return refusals.unavailable
  if (error instanceof RangeError || body.errored) return refusals.incomplete
  throw error
}

/** Changes with the bytes: a key's bytes are only ever replaced as a whole, by a newer file. */
const etagOf = ({ size, modifiedAtMs }: { size: number; modifiedAtMs: number }): string =>
  `"${Math.round(modifiedAtMs * 1000).toString(16)}-${size.toString(16)}"`
