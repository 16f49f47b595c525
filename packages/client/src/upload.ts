import { AppError, api, type Image, type UploadOptions } from '@imagehost/contract'
import { notOurs, readError, readJson } from './answer.ts'
import { withDeadline } from './deadline.ts'
import { type Retrying, withRetries } from './retry.ts'
import { addressOf, type Picture, readPicture, type Source } from './source.ts'
import type { Transfer } from './transfer.ts'
import type { CallOptions, Transport } from './transport.ts'

export interface UploadSettings extends UploadOptions, CallOptions {
  onProgress?: (progress: Progress) => void
  /** False: through the server, in one request, where the same picture is kept once. */
  direct?: boolean
}

export interface Progress {
  /** checking: the bytes are there, and the server looks at them. */
  stage: 'sending' | 'checking'
  sentBytes: number
  totalBytes: number
}

/** `duplicate`: the account had this picture before, and this is that one. */
export type Uploaded = Image & { duplicate?: true }
export type Upload = (source: Source, settings?: UploadSettings) => Promise<Uploaded>

interface UploadDependencies extends Omit<Retrying, 'signal'> {
  transport: Transport
  transfer: Transfer
  timeoutMs: number
}

/** A network that carries less is given up, where the way in which bytes are sent does not tell of its progress. */
const slowestBytesPerMs = 16

/** Whoever has pressed Ctrl-C waits no longer. */
const giveUpMs = 1_000

/**
 * Asks for a presigned address, PUTs the bytes there, and has them checked. A storage that cannot be reached from here
 * (another network, a proxy that changes requests, no CORS) is no reason to fail: the bytes then go through the server.
 */
export function createUpload({ transport, transfer, timeoutMs, retries, wait }: UploadDependencies): Upload {
  const routes = api.uploads

  return async (source, settings = {}) => {
    const { onProgress, direct = true, signal, idempotencyKey, ...options } = settings
    const calling = { ...(signal && { signal }), ...(idempotencyKey && { idempotencyKey }) }
    const address = addressOf(source)
    if (address !== undefined) return fetched(address, options, calling)
    const picture = await readPicture(source as Exclude<Source, URL | string>)
    const report = (stage: Progress['stage'], sentBytes: number) =>
      onProgress?.({ stage, sentBytes, totalBytes: picture.bytes.size })
    report('sending', 0)
    const made = direct ? await straight(picture, options, { ...calling, report }) : undefined
    return made ?? (await through(picture, options, { ...calling, report }))
  }

  interface Calling extends CallOptions {
    report: (stage: Progress['stage'], sentBytes: number) => void
  }

  /** Undefined if the storage could not be reached. */
  async function straight(
    picture: Picture,
    { filename, allow_duplicate: _, ...options }: UploadOptions,
    calling: Calling,
  ): Promise<Uploaded | undefined> {
    const { signal, report } = calling
    const { bytes, mime, name } = picture
    const draft = await transport.call(routes.request, {
      // A draft too many harms nobody: it ends by itself.
      isRepeatable: true,
      body: { filename: filename ?? name ?? 'image', mime_type: mime, size: bytes.size, ...options },
      ...(signal && { signal }),
    })
    const sending = put(new URL(draft.presigned_url), { bytes, headers: draft.headers, signal, report })
    const arrived = await sending.catch(async (error) => {
      await giveUp(draft.iid)
      throw error
    })
    if (!arrived) {
      await giveUp(draft.iid)
      return undefined
    }
    report('checking', bytes.size)
    return transport.call(routes.complete, { ...calling, body: { iid: draft.iid } })
  }

  /** So that nothing half-done takes room from the account. What cannot be told to the server ends there by itself. */
  async function giveUp(iid: string): Promise<void> {
    const signal = AbortSignal.timeout(giveUpMs)
    await transport.call(routes.cancel, { params: { iid }, signal }).catch(() => {})
  }

  /** Whether the storage has taken the bytes, as often as it was tried. */
  async function put(address: URL, sending: Sending): Promise<boolean> {
    const { signal } = sending
    try {
      await withRetries({ retries, wait, signal }, () =>
        send(address, { method: 'PUT', ...sending }, async (response) => {
          if (!response.ok) throw await readError(response)
          await response.body?.cancel()
        }),
      )
      return true
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof AppError) return false
      throw error
    }
  }

  async function through({ bytes, mime, name }: Picture, options: UploadOptions, calling: Calling): Promise<Uploaded> {
    const { signal, report } = calling
    const query = { ...options, filename: options.filename ?? name }
    const address = transport.address(routes.upload, { query })
    const headers = { ...transport.headers(routes.upload, calling), 'content-type': mime }
    return withRetries({ retries, wait, signal }, () =>
      send(address, { method: 'POST', bytes, headers, signal, report }, readUploaded),
    )
  }

  async function fetched(url: string, options: UploadOptions, calling: CallOptions): Promise<Uploaded> {
    const response = await transport.send(routes.upload, { ...calling, body: { url, ...options } })
    return readUploaded(response)
  }

  interface Sending {
    bytes: Blob
    headers: Record<string, string>
    signal: AbortSignal | undefined
    report: Calling['report']
  }

  function send<T>(
    address: URL,
    { method, bytes, headers, signal, report }: Sending & { method: 'PUT' | 'POST' },
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const firstMs = timeoutMs + bytes.size / slowestBytesPerMs
    return withDeadline({ timeoutMs, firstMs, signal }, async (deadline) => {
      const onSent = (sent: number) => {
        deadline.renew()
        report(sent < bytes.size || method === 'PUT' ? 'sending' : 'checking', sent)
      }
      return read(await transfer(address, { method, headers, body: bytes, signal: deadline.signal, onSent }))
    })
  }
}

async function readUploaded(response: Response): Promise<Uploaded> {
  if (response.status >= 400) throw await readError(response)
  if (response.status >= 300) throw notOurs(response)
  return (await readJson(response)) as Uploaded
}
