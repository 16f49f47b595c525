import type { Readable } from 'node:stream'

/** Fetches pictures from addresses that users give: guarded, since the address may point into our own network. */
export interface Fetcher {
  /**
   * Opens the address. Throws AppError `import_refused` (may not be fetched: scheme, port, address, a name without
   * a public address, too many redirects), `import_failed` (no answer, not a 200, over the time limit) or `too_large`;
   * after that the stream ends with one of the latter two. None tells what else is reachable from here.
   */
  open(
    url: string,
    options: { maxBytes: number; signal: AbortSignal },
  ): Promise<{ stream: Readable; filename: string; contentType?: string }>
}
