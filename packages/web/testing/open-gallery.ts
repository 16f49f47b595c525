import { type Client, createClient } from '@imagehost/client'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { pictures } from '../../server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from '../../server/src/testing/start-server-process.ts'

export interface GallerySite extends ServerProcess {
  client: Client
  /** In the order in which they stand: those of the same second by their ids. */
  ids: string[]
  names: string[]
  /** Somebody who is signed in. */
  open(browser: Browser, options?: BrowserContextOptions): Promise<BrowserContext>
}

const person = { username: 'anna', password: 'long enough for a test' }

/** A server with an account that has so many pictures, called 1.png and so on. */
export async function startGallery(count: number, env: Record<string, string> = {}): Promise<GallerySite> {
  const server = await startServerProcess(env)
  const { api_key: apiKey } = await createClient({ baseUrl: server.url }).accounts.register({ body: person })
  const client = createClient({ baseUrl: server.url, apiKey })
  for (let n = 1; n <= count; n++) {
    const bytes = await pictures.png({ seed: 100 + n, width: 160 + 40 * (n % 3), height: 160 })
    await client.upload(new Blob([new Uint8Array(bytes)], { type: 'image/png' }), {
      filename: `${n}.png`,
    })
  }
  const { items } = await client.images.list({ query: { limit: 200 } })
  return {
    ...server,
    client,
    ids: items.map(({ id }) => id),
    names: items.map(({ original_filename: name }) => name ?? ''),
    async open(browser, options = {}) {
      const context = await browser.newContext({ baseURL: server.url, ...options })
      await context.request.post('/api/v1/session', { data: person, headers: { origin: server.url } })
      return context
    },
  }
}
