import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
let album: string
let images: string[]
let seeds = 0
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  owner = await app.user()
  album = (await owner.client.albums.create({ body: { name: 'Summer', description: 'At the <lake>' } })).id
  images = [await put('private'), await put('unlisted')]
})

async function put(visibility: 'private' | 'unlisted', into = album): Promise<string> {
  const { id } = await uploadPicture(app, owner, await pictures.png({ seed: ++seeds }), { visibility })
  await owner.client.albums.change({ params: { album: into }, body: { add: [id] } })
  return id
}

const newShare = (body = {}) => owner.client.shares.createOfAlbum({ params: { album }, body })
const get = (path: string, init?: RequestInit) => app.fetch(new URL(path, 'http://images.test').href, init)
const statusOf = async (url: string, init?: RequestInit) => (await get(url, init)).status
const pageOf = async (path: string, init?: RequestInit) => (await get(path, init)).text()

async function open(slug: string, body: object = {}) {
  const headers = { 'content-type': 'application/json' }
  const answer = await get(`/s/${slug}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() }
}

const shareAmong = async (slug: string) =>
  (await owner.client.shares.listOfAlbum({ params: { album } })).items.find((share) => share.slug === slug)

test('a share of a private album opens all of its images by addresses that nothing keeps', async () => {
  const share = await newShare({ name: 'Anna' })
  expect(share).toMatchObject({ album_id: album, album_name: 'Summer', name: 'Anna', views: 0 })
  expect(share).not.toHaveProperty('image_id')
  expect(share.thumbnail_url).toContain(images[0])
  const { body } = await open(share.slug)
  expect(body.album).toEqual({ name: 'Summer', description: 'At the <lake>' })
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual(images)
  for (const item of body.items) {
    const answer = await get(item.url)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  }
  expect(await statusOf(`/i/${images[0]}`)).toBe(404)
  expect(await statusOf(`/a/${album}`)).toBe(404)
  expect((await owner.client.shares.listAll({ query: {} })).items).toMatchObject([{ slug: share.slug, views: 1 }])
})

test('of sixteen openings at once as many succeed as the share has views', async () => {
  const { slug } = await newShare({ max_views: 5 })
  const answers = await Promise.all(Array.from({ length: 16 }, () => open(slug)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
  expect((await shareAmong(slug))?.views).toBe(5)
})

test('who has opened it sees the pages that follow for the same view', async () => {
  const more = await Promise.all(Array.from({ length: 99 }, () => put('unlisted')))
  const { slug } = await newShare({ max_views: 1 })
  const { body: first } = await open(slug)
  expect(first.items).toHaveLength(100)
  const { body: second } = await open(slug, { grant: first.grant, cursor: first.next_cursor })
  const seen = [...first.items, ...second.items].map(({ id }) => id)
  expect(new Set(seen)).toEqual(new Set([...images, ...more]))
  expect(seen).toHaveLength(101)
  expect(second).not.toHaveProperty('next_cursor')
  expect((await open(slug, { cursor: first.next_cursor })).status).toBe(410)
})

test('a browser without script sees the grid, one picture, and the way back', async () => {
  const { slug } = await newShare({ password: 'tulip' })
  const asked = await pageOf(`/s/${slug}`)
  expect(asked).toContain('Pictures for you')
  expect(asked).not.toMatch(/Summer|img_|alb_/)
  const form = { method: 'POST', body: new URLSearchParams({ password: 'tulip' }) }
  const opened = await get(`/s/${slug}`, form)
  const cookie = opened.headers.get('set-cookie')!.split(';')[0]!
  const grid = await opened.text()
  expect(grid).toContain('At the &#60;lake&#62;')
  const sources = [...grid.matchAll(/<img src="([^"]+)"/g)].map(([, source]) => source!.replaceAll('&#38;', '&'))
  expect(sources).toHaveLength(2)
  for (const source of sources) expect(await statusOf(source)).toBe(200)
  const one = await pageOf(`/s/${slug}?image=${images[0]}`, { headers: { cookie } })
  expect(one).toContain(`/i/${images[0]}.png?share=${slug}`)
  expect(one).toContain('All pictures')
  expect(await pageOf(`/s/${slug}?image=${images[0]}`)).toContain('Show pictures')
  const other = await put('private', (await owner.client.albums.create({ body: { name: 'Winter' } })).id)
  expect(await statusOf(`/s/${slug}?image=${other}`, { headers: { cookie } })).toBe(404)
})

test('people who look at a link without limits are counted, programs and reloads are not', async () => {
  const { slug } = await newShare()
  const accept = 'text/html,application/xhtml+xml'
  const person = { headers: { accept } }
  const ahead = { headers: { accept, 'sec-purpose': 'prefetch' } }
  for (const init of [{}, { method: 'HEAD', headers: { accept } }, ahead]) await get(`/s/${slug}`, init)
  expect((await shareAmong(slug))?.views).toBe(0)
  const cookie = (await get(`/s/${slug}`, person)).headers.get('set-cookie')!.split(';')[0]!
  await get(`/s/${slug}`, { headers: { accept, cookie } })
  expect(await shareAmong(slug)).toMatchObject({ views: 1, last_used_at: app.now() / 1000 })
})

describe('what was opened ends within a second', () => {
  test.each<[string, (slug: string) => Promise<unknown>]>([
    ['when the share is taken back', (slug) => owner.client.shares.delete({ params: { slug } })],
    ['with the album', () => owner.client.albums.delete({ params: { album } })],
    ['when the image leaves the album', () => changeAlbum({ remove: images })],
    ['when the image goes to the trash', () => owner.client.trash.put({ params: { id: images[0]! } })],
  ])('%s', async (_title, end) => {
    const { slug } = await newShare()
    const { body } = await open(slug)
    const { url, preview_url: preview } = body.items[0]
    expect(await statusOf(url)).toBe(200)
    await end(slug)
    app.pass(1)
    expect([await statusOf(url), await statusOf(preview)]).toEqual([404, 404])
  })

  const changeAlbum = (body: object) => owner.client.albums.change({ params: { album }, body })
})

test('with an album its shares go, from every list', async () => {
  const { slug } = await newShare()
  await owner.client.albums.delete({ params: { album } })
  expect(await statusOf(`/s/${slug}`)).toBe(404)
  expect((await owner.client.shares.listAll({ query: {} })).items).toEqual([])
})

test('a signature opens nothing but its own image by its own share', async () => {
  const { slug } = await newShare()
  const { slug: second } = await newShare()
  const { body } = await open(slug)
  const address: string = body.items[0].url
  expect(await statusOf(address.replace(images[0]!, images[1]!))).toBe(404)
  expect(await statusOf(address.replace(slug, second))).toBe(404)
  expect(await statusOf(body.zip_url.replace(slug, second))).toBe(404)
  const [exp, sig] = body.grant.split('.')
  expect(await statusOf(`/i/${images[0]}?share=${slug}&exp=${exp}&sig=${sig}`)).toBe(404)
})

test('all images come as a zip for whoever has opened the link, and for nobody else', async () => {
  const { slug } = await newShare({ password: 'tulip' })
  expect(await statusOf(`/s/${slug}/zip`)).toBe(404)
  const { body } = await open(slug, { password: 'tulip' })
  const zip = await get(body.zip_url)
  expect([zip.status, zip.headers.get('content-disposition')]).toEqual([200, expect.stringContaining('Summer.zip')])
  const bytes = Buffer.from(await zip.arrayBuffer()).toString('latin1')
  expect(bytes.match(/PK\u0001\u0002/g)).toHaveLength(2)
  app.pass(601)
  expect(await statusOf(body.zip_url)).toBe(404)
  const shown = await newShare({ allow_download: false })
  const { body: opened } = await open(shown.slug)
  expect(opened).not.toHaveProperty('zip_url')
  const [exp, sig] = opened.grant.split('.')
  expect(await statusOf(`/s/${shown.slug}/zip?exp=${exp}&sig=${sig}`)).toBe(403)
})

test('only the owner of an album shares it, whatever others may do in it', async () => {
  const { slug } = await newShare()
  const friend = await app.user()
  const { username } = await friend.client.accounts.me()
  const create = () => friend.client.shares.createOfAlbum({ params: { album }, body: {} })
  await expect(create()).rejects.toMatchObject({ code: 'not_found' })
  await owner.client.grants.put({ params: { album, username }, body: { role: 'edit' } })
  await expect(create()).rejects.toMatchObject({ code: 'forbidden' })
  await expect(friend.client.shares.listOfAlbum({ params: { album } })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(friend.client.shares.delete({ params: { slug } })).rejects.toMatchObject({ code: 'not_found' })
})
