import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
let seeds = 0
beforeAll(async () => {
  app = await startTestApp({ RATE_REPORT: '0' })
  owner = await app.user()
})
afterAll(() => app.stop())

const upload = async (options = {}, size = {}) =>
  uploadPicture(app, owner, await pictures.png({ seed: ++seeds, ...size }), options)

async function look(path: string, headers: Record<string, string> = {}) {
  const answer = await app.fetch(new URL(path, 'http://images.test').href, {
    headers: { accept: 'text/html', ...headers },
  })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** What the head of a page says of it, by name. */
const metaOf = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)">/g)].map(([, name, value]) => [name, value]),
  )

const plain = (html: string) => html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))

test('the page of an image shows it, names it and is named by it', async () => {
  const image = await upload({ title: 'Kühe <b>"am" See</b>' })
  expect(image.page_url).toBe(`http://images.test/v/${image.id}`)
  const { status, text, headers } = await look(image.page_url)
  expect(status).toBe(200)
  expect(text).toContain(`<img src="${image.url}"`)
  expect(text).not.toContain('<b>')
  expect(plain(text)).toContain('<title>Kühe <b>"am" See</b></title>')
  expect(text).not.toContain('<script')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(text.length).toBeLessThan(20_000)
})

test.each([
  ['small', 60, 40],
  ['tiny', 16, 16],
  ['of the very size', 1200, 630],
  ['wide', 2000, 500],
  ['tall', 500, 2000],
  ['large', 2400, 1800],
])('the card of a picture that is %s names the size that it has', async (_name, width, height) => {
  const image = await upload({}, { width, height })
  const card = metaOf((await look(`/v/${image.id}`)).text)
  expect(card).toMatchObject({
    'og:image:type': 'image/jpeg',
    'og:url': image.page_url,
    'twitter:card': 'summary_large_image',
    'twitter:image': card['og:image'],
  })
  const answer = await app.fetch(card['og:image']!)
  expect(answer.headers.get('content-type')).toBe('image/jpeg')
  const made = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
  expect([card['og:image:width'], card['og:image:height']]).toEqual([String(made.width), String(made.height)])
})

test('each candidate of a large picture is as wide as it says', async () => {
  const image = await upload({}, { width: 3000, height: 1000 })
  const { text } = await look(`/v/${image.id}`)
  const candidates = plain(/srcset="([^"]+)"/.exec(text)![1]!).split(', ')
  expect(candidates).toHaveLength(3)
  for (const candidate of candidates) {
    const [url = '', width] = candidate.split(' ')
    const answer = await app.fetch(url)
    expect(answer.headers.get('content-type')).toBe('image/webp')
    const made = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
    expect(`${made.width}w`).toBe(width)
  }
})

test('search engines get what is public, and nothing else', async () => {
  for (const [visibility, isIndexed] of [
    ['public', true],
    ['unlisted', false],
  ] as const) {
    const { text, headers } = await look((await upload({ visibility })).page_url)
    expect([visibility, headers.get('x-robots-tag'), metaOf(text).robots]).toEqual(
      isIndexed ? [visibility, null, undefined] : [visibility, 'noindex', 'noindex'],
    )
  }
})

test("the page of a private image is its owner's alone, and makes no card", async () => {
  const { id } = await upload({ visibility: 'private' })
  const stranger = await look(`/v/${id}`)
  const missing = await look('/v/img_0000000000000000')
  expect([stranger.status, stranger.text]).toEqual([404, missing.text])
  expect(missing.text).toContain('Nothing here.')
  const own = await look(`/v/${id}`, { 'x-api-key': owner.apiKey })
  expect(own.status).toBe(200)
  expect(Object.keys(metaOf(own.text)).filter((name) => /^(og|twitter):/.test(name))).toEqual([])
  expect(own.text).not.toContain('oembed')
  await expect(app.client().pages.oembed({ query: { url: `http://images.test/v/${id}` } })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('oEmbed is found from the page, and keeps to the size that is asked for', async () => {
  const image = await upload({ title: 'Wide' }, { width: 3000, height: 1000 })
  const { text } = await look(image.page_url)
  const href = plain(/<link rel="alternate" type="application\/json\+oembed" href="([^"]+)"/.exec(text)![1]!)
  expect(await (await app.fetch(href)).json()).toEqual({
    version: '1.0',
    type: 'photo',
    title: 'Wide',
    provider_name: 'ImageHost',
    provider_url: 'http://images.test',
    url: image.url,
    width: 3000,
    height: 1000,
    thumbnail_url: `${image.url}?preset=thumb`,
    thumbnail_width: 320,
    thumbnail_height: 107,
  })
  const { oembed } = app.client().pages
  expect(await oembed({ query: { url: image.url, maxwidth: 600 } })).toMatchObject({
    url: `${image.url}?preset=small`,
    width: 600,
    height: 200,
  })
  expect(await oembed({ query: { url: image.url, maxwidth: 600, maxheight: 20 } })).toMatchObject({
    width: 60,
    height: 20,
  })
})

test('oEmbed knows no addresses but those of images here', async () => {
  const { id } = await upload()
  const { oembed } = app.client().pages
  for (const url of [
    `http://elsewhere.test/v/${id}`,
    `http://images.test/a/${id}`,
    'javascript:1',
    '',
    'x'.repeat(500),
  ])
    await expect(oembed({ query: { url } })).rejects.toMatchObject({ code: 'not_found' })
  await expect(oembed({ query: {} })).rejects.toMatchObject({ details: { field: 'query.url' } })
})

test('the form of the page reports an image, and is told so in a page', async () => {
  const { id } = await upload()
  const send = (path: string, fields: Record<string, string>) =>
    app.fetch(`http://images.test${path}`, { method: 'POST', body: new URLSearchParams(fields) })
  const answer = await send(`/report/${id}`, { reason: 'spam', message: '', email: '' })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([202, 'text/html; charset=utf-8'])
  const { items } = await app.metadata.reports.list({ status: 'open', limit: 10 })
  expect(items.map(({ imageId, reason, message }) => [imageId, reason, message])).toEqual([[id, 'spam', undefined]])
  expect((await send('/report/img_0000000000000000', {})).status).toBe(404)
  expect((await send(`/report/${id}`, { reason: 'because' })).status).toBe(400)
})

test('the page of an album shows what its visitor may see, in pages', async () => {
  const { id: album, page_url } = await owner.client.albums.create({
    body: { name: 'Lisbon <3', visibility: 'unlisted' },
  })
  const shown: string[] = []
  for (let n = 0; n < 51; n++) shown.push((await upload({}, { width: 20, height: 20 })).id)
  const hidden = (await upload({ visibility: 'private' })).id
  await owner.client.albums.change({ params: { album }, body: { add: [hidden, ...shown] } })
  const first = await look(page_url)
  expect(first.status).toBe(200)
  expect(plain(first.text)).toContain('<h1>Lisbon <3</h1>')
  expect(first.text).not.toContain(hidden)
  expect(first.text.length).toBeLessThan(20_000)
  const next = /href="(\?cursor=[^"]+)"/.exec(first.text)![1]!
  const second = await look(`/a/${album}${next}`)
  const linked = [first, second].flatMap(({ text }) => [...text.matchAll(/href="\/v\/([^"]+)"/g)].map(([, id]) => id))
  expect(linked).toEqual(shown)
  expect(metaOf(first.text)).toMatchObject({
    'og:title': 'Lisbon &#60;3',
    'og:image': expect.stringContaining(shown[0]!),
  })
  expect((await look(page_url, { 'x-api-key': owner.apiKey })).text).toContain(hidden)
})

test('a private album has no page for strangers', async () => {
  const { id, page_url } = await owner.client.albums.create({ body: { name: 'Mine' } })
  const stranger = await look(page_url)
  expect([stranger.status, stranger.text]).toEqual([404, (await look('/a/alb_0000000000000000')).text])
  const own = await look(`/a/${id}`, { 'x-api-key': owner.apiKey })
  expect([own.status, metaOf(own.text)['og:title']]).toEqual([200, undefined])
  expect(own.text).toContain('Nothing in Mine yet.')
})

test('a drop link has a form that works without script', async () => {
  const { id: album } = await owner.client.albums.create({ body: { name: 'Wedding' } })
  const terms = { password: 'tulip', max_files: 2 }
  const { slug, url } = await owner.client.drops.create({ params: { album }, body: terms })
  const { text, status } = await look(url)
  expect(status).toBe(200)
  expect(text).toContain('Add to Wedding')
  expect(text).toContain(`action="/d/${slug}/upload" enctype="multipart/form-data"`)
  const send = async (password: string) => {
    const form = new FormData()
    form.append('password', password)
    form.append('file', new Blob([new Uint8Array(await pictures.png({ seed: ++seeds }))]), 'a.png')
    form.append('file', new Blob(['no picture']), 'notes.txt')
    const answer = await app.fetch(`${url}/upload`, { method: 'POST', headers: { accept: 'text/html' }, body: form })
    return { status: answer.status, text: await answer.text() }
  }
  expect(await send('rose')).toMatchObject({ status: 403, text: expect.stringContaining('not the password') })
  const sent = await send('tulip')
  expect(sent.status).toBe(201)
  expect(sent.text).toContain('1 uploaded, 1 refused')
  expect(sent.text).toContain('notes.txt')
  await owner.client.drops.delete({ params: { slug } })
  expect(await look(url)).toMatchObject({ status: 404, text: expect.stringContaining('Nothing here.') })
})
