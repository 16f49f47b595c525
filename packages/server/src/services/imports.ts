import type { UploadOptions } from '@imagehost/contract/uploads'
import type { Fetcher } from '../ports/fetcher.ts'
import type { Caller } from './access.ts'
import type { Spool } from './spool.ts'
import type { Completed, Uploads } from './uploads.ts'

export type Imports = ReturnType<typeof createImports>

/** Pictures fetched from an address that the caller gives. */
export function createImports(deps: {
  fetcher: Fetcher
  spool: Spool
  uploads: Uploads
  maxBytes: number
  maxMs: number
}) {
  const { fetcher, spool, uploads, maxBytes, maxMs } = deps

  /** Throws `import_refused`, `import_failed`, and what an upload throws. */
  async function fromUrl(caller: Caller, url: string, options: UploadOptions): Promise<Completed> {
    const { stream, filename, contentType } = await fetcher.open(url, { maxBytes, signal: AbortSignal.timeout(maxMs) })
    const source = await spool.collect(stream)
    try {
      return await uploads.receive(caller, source, {
        filename,
        mime: contentType ?? 'application/octet-stream',
        ...options,
      })
    } finally {
      await source.dispose()
    }
  }

  return { fromUrl }
}
