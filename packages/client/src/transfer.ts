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
      body: body.stream().pipeThrough(counting(onSent)),
      duplex: 'half',
    } as RequestInit)
  }
}

const runtime = globalThis as { process?: { versions?: Record<string, string> }; Bun?: unknown; Deno?: unknown }
const canStream = runtime.process?.versions?.node !== undefined && !runtime.Bun && !runtime.Deno

function counting(onSent: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let sent = 0
  return new TransformStream({
    transform(chunk, controller) {
      sent += chunk.byteLength
      onSent(sent)
      controller.enqueue(chunk)
    },
  })
}
