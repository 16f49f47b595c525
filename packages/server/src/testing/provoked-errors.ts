import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '@imagehost/contract'
import type { AppOptions } from '../app.ts'
import { createHttpFetcher } from '../infrastructure/http-fetcher/fetcher.ts'
import { pictures } from './pictures.ts'
import { startTestApp, type TestApp, type TestUser } from './start-test-app.ts'

/** What a test looks at of an answer, however it came. */
export type Answer = Pick<Response, 'status' | 'headers' | 'json'>

/** Another server, of which a part may be broken for one request. */
export async function elsewhere(
  env: Record<string, string>,
  act: (other: TestApp) => Promise<Answer>,
  options: AppOptions = {},
): Promise<Answer> {
  const other = await startTestApp(env, options)
  try {
    return await act(other)
  } finally {
    await other.stop()
  }
}

/** An upload by address from a server on this machine, which the guard would otherwise refuse. */
export async function importFromHere(answer: RequestListener): Promise<Answer> {
  const source = createServer(answer).listen(0, '127.0.0.1')
  await once(source, 'listening')
  const { port } = source.address() as AddressInfo
  const fetcher = createHttpFetcher({ allowedPorts: [port], timeoutMs: 5000, isAllowedAddress: () => true })
  try {
    return await elsewhere(
      {},
      async (other) => {
        const { apiKey } = await other.user()
        return other.fetch('http://images.test/api/v1/upload', {
          method: 'POST',
          body: JSON.stringify({ url: `http://127.0.0.1:${port}/a.png` }),
          headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
        })
      },
      { fetcher },
    )
  } finally {
    source.close()
  }
}

/** Somebody with as many albums as they may have, which is one, for one image. */
export async function withAlbum(
  act: (other: TestApp, user: TestUser, album: string) => Promise<unknown>,
): Promise<Answer> {
  return elsewhere({ MAX_ALBUMS: '1', MAX_ALBUM_IMAGES: '1' }, async (other) => {
    const owner = await other.user()
    const { id } = await owner.client.albums.create({ body: { name: 'One' } })
    const error = await act(other, owner, id).catch((thrown: unknown) => thrown)
    if (!(error instanceof AppError)) throw new Error('Nothing was refused.', { cause: error })
    const { code, status, message } = error
    return {
      status,
      headers: new Headers(),
      json: async () => ({ error: { code, message, request_id: 'of the SDK' } }),
    }
  })
}

/** A guest who uploads by a drop link. */
export const withDrop = (
  terms: object,
  { headers = {}, afterSeconds = 0 }: { headers?: Record<string, string>; afterSeconds?: number } = {},
): Promise<Answer> =>
  elsewhere({}, async (other) => {
    const owner = await other.user()
    const { id: album } = await owner.client.albums.create({ body: { name: 'One' } })
    const { slug } = await owner.client.drops.create({ params: { album }, body: terms })
    other.pass(afterSeconds)
    return other.fetch(`http://images.test/d/${slug}/upload`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', ...headers },
      body: new Uint8Array(await pictures.png()),
    })
  })
