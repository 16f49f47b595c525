import type { Readable } from 'node:stream'

/** Fetches pictures from addresses that users give: guarded, since the address may point into our own network. */
export interface Fetcher {
  /**
   * Opens the address. The stream ends with an error past `maxBytes` or the time limit.
   * Throws AppError `import_refused` (may not be fetched: scheme, port, address, too many redirects) or
   * `import_failed` (no answer, or not a 200), neither of which tells what else is reachable from here.
   */
  open(
    url: string,
    options: { maxBytes: number; signal: AbortSignal },
  ): Promise<{ stream: Readable; filename: string; contentType?: string }>
}
