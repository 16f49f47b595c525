export interface TransferRequest {
  method: 'PUT' | 'POST'
  headers: Record<string, string>
  body: Blob
  signal: AbortSignal
  /** Told how many bytes have left. */
  onSent: (bytes: number) => void
}

/** Sends bytes; answers as `fetch` does. */
export type Transfer = (address: URL, request: TransferRequest) => Promise<Response>

/**
 * By `fetch`. Node counts the bytes as the socket takes them. Other runtimes send a stream without its length, which S3
 * refuses (411), or not at all: they get the bytes in one piece, and progress is nothing, then everything.
 */
export function createTransfer(fetch: typeof globalThis.fetch): Transfer {
  return async (address, { body, headers, onSent, ...init }) => {
    if (!canStream) {
      const response = await fetch(address, { ...init, redirect: 'manual', headers, body })
      onSent(body.size)
      return response
    }
    return await fetch(address, {
      ...init,
      redirect: 'manual',
      headers: { ...headers, 'content-length': String(body.size) },
      body: slicesOf(body, onSent),
      duplex: 'half',
    } as RequestInit)
  }
}

const runtime = globalThis as { process?: { versions?: Record<string, string> }; Bun?: unknown; Deno?: unknown }
const canStream = runtime.process?.versions?.node !== undefined && !runtime.Bun && !runtime.Deno

/** The stream of a Blob that is in memory comes in one piece, which would be no progress. */
const sliceBytes = 64 * 1024

/** One slice at a time, as the socket takes them. */
function slicesOf(bytes: Blob, onSent: (bytes: number) => void): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      const slice = new Uint8Array(await bytes.slice(sent, sent + sliceBytes).arrayBuffer())
      sent += slice.length
      controller.enqueue(slice)
      onSent(sent)
      if (sent >= bytes.size) controller.close()
    },
  })
}
