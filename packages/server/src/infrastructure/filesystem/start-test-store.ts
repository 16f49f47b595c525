import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Clock, systemClock } from '../../ports/clock.ts'
import type { SignedPaths } from '../../ports/signed-paths.ts'
import { createFilesystemStore, type FilesystemStore } from './store.ts'

/** A store in a temporary folder whose signed paths are served over HTTP as the real server would. */
export async function startTestStore({ maxBytes = 10_000_000 } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'imagehost-files-'))
  const server = createServer((request, response) => void serve(handler, request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const keys = {
    baseUrl: () => `http://127.0.0.1:${port}`,
    signingKey: Buffer.from('a key for tests'),
    previousSigningKeys: [],
  }

  /** A further store over the same folder, with the same key unless told. */
  const openStore = (options: { clock?: Clock; signingKey?: Buffer; previousSigningKeys?: Buffer[] } = {}) =>
    createFilesystemStore({
      directory,
      ...keys,
      clock: systemClock,
      maxBytes,
      ...options,
    })
  const blobs: FilesystemStore = await openStore()
  let handler: SignedPaths = blobs.signedPaths

  return {
    directory,
    port,
    /** What signs its addresses. */
    keys,
    blobs,
    openStore,
    /** Lets this answer from now on. */
    serveWith(signedPaths: SignedPaths) {
      handler = signedPaths
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await rm(directory, { recursive: true })
    },
  }
}

async function serve(signedPaths: SignedPaths, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { 'content-type': contentType, 'content-length': length, range } = request.headers
  const answer = await signedPaths.handle({
    method: request.method as 'GET',
    url: request.url ?? '',
    ...(contentType !== undefined && { contentType }),
    ...(length !== undefined && { contentLength: Number(length) }),
    ...(range !== undefined && { range }),
    body: request,
  })
  response.writeHead(answer.status, answer.headers)
  const body = answer.body ?? ''
  await pipeline(typeof body === 'string' ? Readable.from([body]) : body, response).catch(() => {})
}
