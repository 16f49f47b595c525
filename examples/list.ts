import { createClient } from '@imagehost/client'

const { IMAGEHOST_URL = 'http://localhost:8000', IMAGEHOST_API_KEY = '' } = process.env
const client = createClient({ baseUrl: IMAGEHOST_URL, apiKey: IMAGEHOST_API_KEY })

let cursor: string | undefined
do {
  const page = await client.images.list({ query: { tag: 'cat', limit: 100, ...(cursor && { cursor }) } })
  for (const { id, url, views } of page.items) console.log(id, url, views)
  cursor = page.next_cursor
} while (cursor !== undefined)
