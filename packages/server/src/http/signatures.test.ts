import { hash } from 'node:crypto'
import type { Image } from '@imagehost/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let user: TestUser
let image: Image
let hidden: Image
beforeAll(async () => {
  app = await startTestApp()
  user = await app.user()
  image = await uploadPicture(app, user, await pictures.png({ seed: 1 }))
  hidden = await uploadPicture(app, user, await pictures.png({ seed: 2 }), { visibility: 'private' })
})
afterAll(() => app.stop())

const sign = async (body: Record<string, unknown>, id = image.id) =>
  (await user.client.delivery.sign({ params: { id }, body })).url

async function answer(url: string, on: TestApp = app) {
  const response = await on.fetch(url)
  const text = response.ok ? '' : await response.text()
  return { status: response.status, headers: response.headers, code: text && JSON.parse(text).error.code }
}

test('what is signed is for whoever has the address, until its time is over', async () => {
  const { url, expires_at } = await user.client.delivery.sign({ params: { id: image.id }, body: { w: 30, blur: 1.5 } })
  expect(expires_at).toBe(app.now() / 1000 + 86_400)
  expect((await answer(url)).status).toBe(200)
  const short = await sign({ w: 30, expires_in: 60 })
  app.pass(59)
  expect((await answer(short)).status).toBe(200)
  app.pass(1)
  expect(await answer(short)).toMatchObject({ status: 403, code: 'signature_expired' })
})

test('it may be written in another way, and say nothing else', async () => {
  const url = await sign({ w: 40, h: 20, fit: 'cover' })
  const [path, query] = url.split('?') as [string, string]
  const { exp, sig } = Object.fromEntries(new URLSearchParams(query)) as { exp: string; sig: string }
  for (const same of [`fit=cover&h=20&w=40`, `h=10&w=20&dpr=2&fit=cover`, `w=40&h=20&fit=cover&gravity=center`])
    expect((await answer(`${path}?${same}&exp=${exp}&sig=${sig}`)).status).toBe(200)
  expect((await answer(`${url}&download`)).headers.get('content-disposition')).toMatch(/^attachment/)
  const later = Number(exp) + 1
  for (const other of [
    `w=41&h=20&fit=cover&exp=${exp}&sig=${sig}`,
    `w=40&h=20&exp=${exp}&sig=${sig}`,
    `w=40&h=20&fit=cover&format=webp&exp=${exp}&sig=${sig}`,
    `exp=${exp}&sig=${sig}`,
    `w=40&h=20&fit=cover&exp=${later}&sig=${sig}`,
    `w=40&h=20&fit=cover&sig=${sig}`,
    `w=40&h=20&fit=cover&exp=${exp}&sig=${sig.slice(0, -1)}`,
    `w=40&h=20&fit=cover&exp=${exp}&sig=${sig}.`,
    `w=40&h=20&fit=cover&exp=${exp}&sig=${sig.slice(0, -1)}${sig.endsWith('A') ? 'B' : 'A'}`,
    `w=40&h=20&fit=cover&exp=${exp}&sig=`,
  ])
    expect({ other, ...(await answer(`${path}?${other}`)) }).toMatchObject({
      other,
      status: 403,
      code: 'signature_invalid',
    })
  expect(await answer(`${path}?w=40&h=20&fit=cover`)).toMatchObject({ status: 403, code: 'signature_needed' })
  expect(await answer(`${path}?w=40&h=20&fit=cover&exp=${exp}`)).toMatchObject({ code: 'signature_needed' })
})

test('it belongs to one image', async () => {
  const other = await uploadPicture(app, user, await pictures.png({ seed: 3 }))
  const url = await sign({ w: 10 })
  expect(await answer(url.replace(image.id, other.id))).toMatchObject({ status: 403, code: 'signature_invalid' })
})

test('a private image opens to it, and to nothing else; no cache keeps that', async () => {
  for (const body of [{ w: 10 }, { preset: 'thumb' }, { preset: 'thumb', format: 'auto' }, {}]) {
    const { status, headers } = await answer(await sign(body, hidden.id))
    expect({ status, cache: headers.get('cache-control') }).toEqual({ status: 200, cache: 'private, no-store' })
  }
  const original = await app.fetch(await sign({}, hidden.id))
  expect(hash('sha256', Buffer.from(await original.arrayBuffer()))).toBe(hidden.sha256)
  expect((await answer(hidden.url)).status).toBe(404)
})

test('a wrong one is answered alike whether the image is there, private or not', async () => {
  const wrong = `?w=10&exp=99999999999&sig=${'a'.repeat(43)}`
  const answers = await Promise.all(
    [image.id, hidden.id, 'img_0000000000000000'].map(async (id) => {
      const response = await app.fetch(`http://images.test/i/${id}${wrong}`)
      return { status: response.status, body: (await response.text()).replace(/"request_id":"[^"]*"/, '') }
    }),
  )
  expect(answers[0]!.status).toBe(403)
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
})

test('it ends with the image', async () => {
  const gone = await uploadPicture(app, user, await pictures.png({ seed: 4 }), { visibility: 'private' })
  const url = await sign({ w: 10 }, gone.id)
  expect((await answer(url)).status).toBe(200)
  await user.client.images.delete({ params: { id: gone.id } })
  expect(await answer(url)).toMatchObject({ status: 404, code: 'not_found' })
})

test('it opens nothing that an administrator hides', async () => {
  const reported = await uploadPicture(app, user, await pictures.png({ seed: 5 }))
  const url = await sign({ w: 10 }, reported.id)
  await app.metadata.images.update(reported.id, { hiddenAt: 1 })
  app.pass(1)
  expect((await answer(url)).status).toBe(404)
  const own = await app.fetch(url, { headers: { 'x-api-key': user.apiKey } })
  expect(own.status).toBe(200)
})

test('what a body may not say is refused by name', async () => {
  for (const [body, field] of [
    [{ w: 0 }, 'body.w'],
    [{ w: '10' }, 'body.w'],
    [{ blur: 1.234 }, 'body.blur'],
    [{ preset: 'thumb', w: 10 }, 'body.w'],
    [{ preset: 'og', format: 'webp' }, 'body.format'],
    [{ expires_in: 0 }, 'body.expires_in'],
    [{ expires_in: 40_000_000 }, 'body.expires_in'],
  ] as const)
    await expect(sign(body)).rejects.toMatchObject({ code: 'validation', details: { field } })
})

test('only its owner signs, with a key that may read', async () => {
  const stranger = await app.user()
  const { key } = await user.client.keys.create({ body: { name: 'uploads', scopes: ['upload'] } })
  const attempt = (apiKey: string, id: string) => app.client(apiKey).delivery.sign({ params: { id }, body: { w: 10 } })
  await expect(attempt(stranger.apiKey, image.id)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(attempt(stranger.apiKey, hidden.id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(attempt(key, image.id)).rejects.toMatchObject({ code: 'insufficient_scope' })
})

test('what a former secret signed stays valid, and what somebody else signed never was', async () => {
  const [former, present] = ['a former secret of these tests alone', 'the present secret of these tests alone']
  const first = await startTestApp({ SECRET_KEY: former })
  const owner = await first.user()
  const { id } = await uploadPicture(first, owner, await pictures.png())
  const { url } = await owner.client.delivery.sign({ params: { id }, body: { w: 10 } })
  const { directory } = first
  await first.close()
  const rotated = await startTestApp({ SECRET_KEY: present, SECRET_KEY_PREVIOUS: former, DATA_DIR: directory })
  expect((await answer(url, rotated)).status).toBe(200)
  await rotated.stop()
  const stranger = await startTestApp({ SECRET_KEY: present, DATA_DIR: directory })
  expect(await answer(url, stranger)).toMatchObject({ status: 403, code: 'signature_invalid' })
  await stranger.stop()
})
