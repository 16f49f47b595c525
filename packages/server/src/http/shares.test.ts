import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newAdministrator } from '../testing/new-administrator.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
let image: string
let seeds = 0
beforeAll(async () => {
  app = await startTestApp({ RATE_LOGIN_NAME: '3', TRUSTED_PROXIES: '127.0.0.1' })
})
afterAll(() => app.stop())
beforeEach(async () => {
  owner = await app.user()
  image = (await uploadPicture(app, owner, await pictures.png({ seed: ++seeds }), { visibility: 'private' })).id
})

const newShare = (body = {}) => owner.client.shares.create({ params: { id: image }, body })
const nextSecond = () => app.pass(1)
const get = (path: string, init?: RequestInit) => app.fetch(new URL(path, 'http://images.test').href, init)
const statusOf = async (url: string, init?: RequestInit) => (await get(url, init)).status

async function open(slug: string, body: object = {}, headers: Record<string, string> = {}) {
  const answer = await get(`/s/${slug}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

async function sendForm(slug: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const answer = await get(`/s/${slug}`, { method: 'POST', headers, body: new URLSearchParams(fields) })
  return { status: answer.status, text: await answer.text(), cookie: answer.headers.get('set-cookie') }
}

const viewsOf = async (slug: string) =>
  (await owner.client.shares.list({ params: { id: image } })).items.find((share) => share.slug === slug)?.views

test('a share opens a private image by addresses that nothing keeps', async () => {
  const { slug, url } = await newShare({ name: 'Anna' })
  expect(url).toBe(`http://images.test/s/${slug}`)
  expect(await statusOf(`/i/${image}`)).toBe(404)
  const { status, headers, body } = await open(slug)
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toContain('no-store')
  const [item] = body.items
  for (const address of [item.url, item.preview_url, item.thumbnail_url, item.download_url]) {
    const answer = await get(address)
    expect([address, answer.status, answer.headers.get('cache-control')]).toEqual([address, 200, 'private, no-store'])
    const disposition = answer.headers.get('content-disposition')
    expect(disposition?.startsWith('attachment')).toBe(address === item.download_url)
  }
  expect(await viewsOf(slug)).toBe(1)
  expect((await owner.client.shares.listAll({ query: {} })).items).toMatchObject([
    { slug, name: 'Anna', image_id: image, views: 1, last_used_at: Math.floor(app.now() / 1000) },
  ])
})

test('looking at a link counts no view, by whomever and however often', async () => {
  const { slug } = await newShare({ max_views: 1 })
  const preview = { headers: { 'user-agent': 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)' } }
  for (const init of [{}, preview, { method: 'HEAD' }, { headers: { range: 'bytes=0-9' } }, {}]) {
    expect(await statusOf(`/s/${slug}`, init)).toBe(200)
  }
  const page = await (await get(`/s/${slug}`)).text()
  expect(page).toContain('Show picture')
  expect(page).not.toContain(image)
  expect(page).not.toContain('property=')
  expect(await viewsOf(slug)).toBe(0)
  expect((await open(slug)).status).toBe(200)
})

test('of sixteen openings at once as many succeed as the share has views', async () => {
  const { slug } = await newShare({ max_views: 5 })
  const answers = await Promise.all(Array.from({ length: 16 }, () => open(slug)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
  expect(answers.filter(({ body }) => body.error?.code === 'link_ended')).toHaveLength(11)
  expect(await viewsOf(slug)).toBe(5)
})

test('who has opened it may open it again for a while, and counts once', async () => {
  const { slug } = await newShare({ max_views: 1 })
  const { body } = await open(slug)
  expect(await open(slug, { grant: body.grant })).toMatchObject({ status: 200 })
  expect(await open(slug)).toMatchObject({ status: 410, body: { error: { code: 'link_ended' } } })
  expect(await statusOf(body.items[0].url)).toBe(200)
  app.pass(601)
  expect(await open(slug, { grant: body.grant })).toMatchObject({ status: 410 })
  expect(await statusOf(body.items[0].url)).toBe(403)
})

test('a browser without script gets pages, and its reload counts nothing', async () => {
  const { slug } = await newShare({ max_views: 1, password: 'tulip' })
  const wrong = await sendForm(slug, { password: 'rose' })
  expect(wrong).toMatchObject({ status: 403, cookie: null })
  expect(wrong.text).toContain('That is not the password of this link.')
  expect(await viewsOf(slug)).toBe(0)
  const right = await sendForm(slug, { password: 'tulip' })
  expect(right.status).toBe(200)
  expect(right.text).toContain(`/i/${image}.png?share=`)
  expect(right.cookie).toContain(`Path=/s/${slug}; HttpOnly; SameSite=Lax`)
  const cookie = right.cookie!.split(';')[0]!
  expect(await (await get(`/s/${slug}`, { headers: { cookie } })).text()).toContain(`/i/${image}.png?share=`)
  expect((await sendForm(slug, { password: 'tulip' }, { cookie })).status).toBe(200)
  expect(await viewsOf(slug)).toBe(1)
  const others = await get(`/s/${slug}`)
  expect([others.status, await others.text()]).toEqual([410, expect.stringContaining('This link has ended.')])
})

test('a link without limits shows its picture at once', async () => {
  const { slug } = await newShare()
  const answer = await get(`/s/${slug}`)
  const page = await answer.text()
  const address = /<img src="([^"]+)"/.exec(page)![1]!.replaceAll('&#38;', '&')
  expect(await statusOf(address)).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('private, no-store')
  expect(await viewsOf(slug)).toBe(0)
})

describe('what was opened ends within a second', () => {
  test.each<[string, (slug: string) => Promise<unknown>, number]>([
    ['when the share is taken back', (slug) => owner.client.shares.delete({ params: { slug } }), 404],
    ['when its password changes', (slug) => setTerms(slug, { password: 'rose' }), 404],
    ['when it expires', (slug) => setTerms(slug, { expires_at: Math.floor(app.now() / 1000) + 1 }), 404],
    ['with the image', () => owner.client.images.delete({ params: { id: image } }), 404],
    ['when the image goes to the trash', () => owner.client.trash.put({ params: { id: image } }), 404],
    ['when an administrator hides the image', () => hideImage(), 404],
    ['as far as downloads go', (slug) => setTerms(slug, { allow_download: false }), 403],
  ])('%s', async (_title, end, status) => {
    const { slug } = await newShare()
    const { body } = await open(slug)
    const { download_url: address } = body.items[0]
    expect(await statusOf(address)).toBe(200)
    await end(slug)
    nextSecond()
    expect(await statusOf(address)).toBe(status)
  })

  const setTerms = (slug: string, body: object) => owner.client.shares.update({ params: { slug }, body })

  async function hideImage() {
    const administrator = await newAdministrator(app)
    await owner.client.images.update({ params: { id: image }, body: { visibility: 'unlisted' } })
    await app.client().reports.create({ params: { id: image }, body: { reason: 'other' } })
    const { items } = await administrator.client.reports.list({ query: { status: 'open' } })
    const report = items.find(({ image_id }) => image_id === image)!
    await administrator.client.reports.resolve({ params: { rid: report.id }, body: { action: 'hide' } })
  }
})

test('a grant opens nothing but its own image by its own share', async () => {
  const { slug } = await newShare()
  const other = (await uploadPicture(app, owner, await pictures.png({ seed: ++seeds }), { visibility: 'private' })).id
  const { slug: second } = await newShare()
  const address: string = (await open(slug)).body.items[0].url
  expect(await statusOf(address.replace(image, other))).toBe(404)
  expect(await statusOf(address.replace(slug, second))).toBe(404)
  expect(await statusOf(address.replace(/exp=\d+/, 'exp=9999999999'))).toBe(404)
  expect(await statusOf(address.replace(/&sig=.*/, ''))).toBe(404)
  expect(await statusOf(`${address}&w=10`)).toBe(403)
  const { grant } = (await open(slug)).body
  const limited = await newShare({ password: 'tulip' })
  expect(await open(limited.slug, { grant })).toMatchObject({
    status: 403,
    body: { error: { code: 'password_needed' } },
  })
})

test('a share without downloads gives an original only where that is no larger than the largest preset', async () => {
  const { slug } = await newShare({ allow_download: false })
  const small = (await open(slug)).body.items[0]
  expect(small.download_url).toBeUndefined()
  expect(await statusOf(small.url)).toBe(200)
  expect(await statusOf(`${small.url}&download=1`)).toBe(403)
  image = (await uploadPicture(app, owner, await pictures.png({ width: 2600, height: 10 }), { visibility: 'private' }))
    .id
  const large = (await open((await newShare({ allow_download: false })).slug)).body.items[0]
  expect(large.url).toBeUndefined()
  expect(await statusOf(large.preview_url)).toBe(200)
  expect(await statusOf(large.preview_url.replace('&preset=large', ''))).toBe(403)
})

test('guesses at a password are slowed down for who makes them, and for nobody else', async () => {
  const { slug } = await newShare({ password: 'tulip' })
  const from = (address: string) => ({ 'x-forwarded-for': address })
  for (let n = 0; n < 3; n++) expect((await open(slug, { password: 'rose' }, from('192.0.2.1'))).status).toBe(403)
  expect(await open(slug, { password: 'tulip' }, from('192.0.2.1'))).toMatchObject({ status: 429 })
  expect(await open(slug, { password: 'tulip' }, from('198.51.100.1'))).toMatchObject({ status: 200 })
  expect(await open(slug, {}, from('198.51.100.1'))).toMatchObject({ body: { error: { code: 'password_needed' } } })
})

test('a share that is missing, and one that has ended, say so and no more', async () => {
  const { slug } = await newShare({ expires_at: Math.floor(app.now() / 1000) + 10 })
  app.pass(10)
  const ended = await get(`/s/${slug}`)
  expect([ended.status, await ended.text()]).toEqual([410, expect.stringContaining('This link has ended.')])
  const missing = await get('/s/0000000000000000')
  expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('Nothing here.')])
  expect(await open('0000000000000000')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
})

test('what is no text is refused with the name of the field', async () => {
  const { slug } = await newShare({ password: 'tulip' })
  for (const password of [1, {}, null, 'x'.repeat(1025)]) {
    const { status, body } = await open(slug, { password })
    expect([status, body.error?.details?.field]).toEqual([400, 'body.password'])
  }
})

test('only its owner changes a share, or knows of its terms', async () => {
  const { slug } = await newShare({ name: 'Anna', password: 'tulip', max_views: 3 })
  const stranger = await app.user()
  const change = { params: { slug }, body: { max_views: 100 } }
  await expect(stranger.client.shares.update(change)).rejects.toMatchObject({ code: 'not_found' })
  await expect(stranger.client.shares.delete({ params: { slug } })).rejects.toMatchObject({ code: 'not_found' })
  await expect(newShare({ expires_at: 1 })).rejects.toMatchObject({ code: 'validation' })
  const changed = await owner.client.shares.update({ params: { slug }, body: { password: null, max_views: null } })
  expect(changed).toMatchObject({ name: 'Anna', has_password: false, allow_download: true })
  expect(changed).not.toHaveProperty('max_views')
  expect(changed).not.toHaveProperty('password_hash')
})

test('the list of all shares comes in pages', async () => {
  const made: string[] = []
  for (let n = 0; n < 3; n++) {
    made.unshift((await newShare()).slug)
    app.pass(1)
  }
  const first = await owner.client.shares.listAll({ query: { limit: 2 } })
  const second = await owner.client.shares.listAll({ query: { limit: 2, cursor: first.next_cursor! } })
  expect([...first.items, ...second.items].map(({ slug }) => slug)).toEqual(made)
  expect(second.next_cursor).toBeUndefined()
})

test('the address of a share comes as a QR code, for its owner', async () => {
  const { slug } = await newShare()
  const stranger = await app.user()
  for (const [format, type, start] of [
    ['svg', 'image/svg+xml', '<svg'],
    ['png', 'image/png', '\u{89}PNG'],
  ] as const) {
    const path = `/api/v1/share/${slug}/qr.${format}`
    const answer = await get(path, { headers: { 'x-api-key': owner.apiKey } })
    const text = Buffer.from(await answer.arrayBuffer()).toString('latin1')
    expect([answer.status, answer.headers.get('content-type'), text.startsWith(start)]).toEqual([200, type, true])
    expect(await statusOf(path, { headers: { 'x-api-key': stranger.apiKey } })).toBe(404)
  }
})
