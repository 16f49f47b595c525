import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from '../server/src/testing/start-server-process.ts'
import { expectAccessible } from './testing/expect-accessible.ts'
import { launchBrowser } from './testing/launch-browser.ts'

/** The pages that the server makes itself, in a real browser. */

const browser = await launchBrowser()
let server: ServerProcess
const paths: Record<string, string> = {}
beforeAll(async () => {
  server = await startServerProcess({ DEV_ISSUE_KEY: '1' })
  const visitor = createClient({ baseUrl: server.url, retries: 0 })
  const { api_key: apiKey } = await visitor.accounts.issueDevKey()
  const client = createClient({ baseUrl: server.url, retries: 0, apiKey })
  const upload = async (bytes: Buffer, query = '') => {
    const headers = { 'x-api-key': apiKey, 'content-type': 'application/octet-stream' }
    const url = `${server.url}/api/v1/upload?${query}`
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) })
    return (await answer.json()) as { id: string }
  }
  const long = encodeURIComponent('a-name-that-somebody-gave-'.repeat(8))
  const wide = await upload(await pictures.png({ width: 1600, height: 400, seed: 1 }), `title=${long}`)
  const tall = await upload(await pictures.png({ width: 400, height: 1600, seed: 2 }))
  const { id: album } = await client.albums.create({ body: { name: 'Lisbon', visibility: 'unlisted' } })
  await client.albums.change({ params: { album }, body: { add: [wide.id, tall.id] } })
  const share = async (body: object) => (await client.shares.create({ params: { id: wide.id }, body })).slug
  Object.assign(paths, {
    wide: `/v/${wide.id}`,
    tall: `/v/${tall.id}`,
    album: `/a/${album}`,
    drop: `/d/${(await client.drops.create({ params: { album }, body: { password: 'tulip' } })).slug}`,
    'open share': `/s/${await share({})}`,
    'share with a password': `/s/${await share({ password: 'tulip', max_views: 2 })}`,
    'missing share': '/s/0000000000000000',
  })
}, 60_000)
afterAll(async () => {
  await browser.close()
  await server.stop()
})

const names = ['wide', 'tall', 'album', 'drop', 'open share', 'share with a password', 'missing share']

describe.each(names)('%s', (name) => {
  test.each([
    [360, 'light'],
    [360, 'dark'],
    [1440, 'light'],
  ] as const)(
    'at %i pixels, %s: all is read by everybody, and nothing is to be scrolled sideways',
    async (width, theme) => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: theme })
      const blocked: string[] = []
      page.on('console', (message) => /Content Security Policy/.test(message.text()) && blocked.push(message.text()))
      await page.goto(server.url + paths[name])
      // Some are loaded only when they come into view.
      await page.waitForFunction(() => [...document.images].every(({ naturalWidth }) => naturalWidth > 0))
      await expectAccessible(page)
      expect(blocked).toEqual([])
      await page.close()
    },
  )
})

test('under their own policy the pages show their pictures, and a form opens a share', async () => {
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('console', (message) => /policy/i.test(message.text()) && faults.push(message.text()))
  await page.goto(server.url + paths['share with a password'])
  await page.getByLabel('Password').fill('rose')
  await page.getByRole('button', { name: 'Show picture' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Password').fill('tulip')
  await page.getByRole('button', { name: 'Show picture' }).click()
  await page.getByRole('link', { name: 'Download' }).waitFor()
  await page.waitForLoadState('load')
  await page.goto(server.url + paths['share with a password'])
  await page.getByRole('link', { name: 'Download' }).waitFor()
  await page.waitForLoadState('load')
  expect(await page.evaluate(() => document.images[0]!.naturalWidth)).toBeGreaterThan(0)
  expect(faults).toEqual([])
  await page.close()
})
