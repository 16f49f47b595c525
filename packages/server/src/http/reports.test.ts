import { hash } from 'node:crypto'
import type { ReportAction } from '@imagehost/contract/reports'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BlobsUnavailable } from '../ports/blob-store.ts'
import { newAdministrator } from '../testing/new-administrator.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let admin: TestUser
let owner: TestUser
let image: Awaited<ReturnType<typeof uploadPicture>>
let bytes: Buffer
beforeEach(async () => {
  app = await startTestApp()
  admin = await newAdministrator(app)
  owner = await app.user()
  bytes = await pictures.jpeg({ seed: 3 })
  image = await uploadPicture(app, owner, bytes)
})
afterEach(() => app.stop())

/** A report of somebody at this address. */
async function report({ id = image.id, from = '192.0.2.1', body = {} as object, path = '/api/v1/report/' } = {}) {
  const answer = await app.server.inject({
    method: 'POST',
    url: path + id,
    remoteAddress: from,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ reason: 'spam', ...body }),
  })
  return { status: answer.statusCode, body: answer.json() }
}

const list = async (status: 'open' | 'resolved' = 'open') =>
  (await admin.client.reports.list({ query: { status } })).items

/** What the administrator does about the newest report. */
async function act(action: ReportAction, rid?: string) {
  const id = rid ?? (await list())[0]!.id
  return admin.client.reports.resolve({ params: { rid: id }, body: { action } })
}

const statusFor = async (user?: TestUser) =>
  (await app.fetch(image.url, { headers: { ...(user && { 'x-api-key': user.apiKey }) } })).status

describe('a report', () => {
  test('of anybody is received, and the administrators see it with its image', async () => {
    const body = { reason: 'copyright', message: 'This is mine.', email: 'me@example.org' }
    expect(await report({ body })).toEqual({ status: 202, body: { status: 'received' } })
    expect(await list()).toEqual([
      {
        id: expect.stringMatching(/^r_/),
        image_id: image.id,
        ...body,
        network: '192.0.2.1',
        created_at: app.now() / 1000,
        status: 'open',
        image: {
          url: `http://images.test/i/${image.id}`,
          owner_uid: owner.uid,
          username: (await app.metadata.accounts.find(owner.uid))!.username,
          filename: image.filename,
          mime: 'image/jpeg',
          visibility: 'unlisted',
          sha256: image.sha256,
          source_sha256: hash('sha256', bytes),
          open_reports: 1,
        },
      },
    ])
  })

  test('is taken at the short address too, and without a reason is about something else', async () => {
    await report({ path: '/report/', body: { reason: undefined } })
    expect(await list()).toMatchObject([{ reason: 'other' }])
  })

  test('that is repeated from one network is answered alike and is one', async () => {
    const [first, second] = [await report(), await report({ body: { reason: 'illegal' } })]
    expect(second).toEqual(first)
    await report({ from: '2001:db8::1' })
    await report({ from: '2001:db8::2' })
    expect((await list()).map(({ network }) => network).sort()).toEqual(['192.0.2.1', '2001:db8:0:0::/64'])
    expect((await list())[0]!.image!.open_reports).toBe(2)
  })

  test('of a private, a hidden and a missing image is answered alike', async () => {
    const hidden = await uploadPicture(app, owner, await pictures.png({ seed: 1 }))
    await app.metadata.images.update(hidden.id, { hiddenAt: 1 })
    const secret = await uploadPicture(app, owner, await pictures.png({ seed: 2 }), { visibility: 'private' })
    const answers = []
    for (const id of [hidden.id, secret.id, 'img_0000000000000000']) {
      const { status, body } = await report({ id })
      answers.push({ status, error: { ...body.error, request_id: '' } })
    }
    expect(answers[0]).toMatchObject({ status: 404, error: { code: 'not_found' } })
    expect(answers).toEqual([answers[0], answers[0], answers[0]])
  })

  test('of what nobody can mean is refused', async () => {
    const wrong = [{ reason: 'dislike' }, { message: 'x'.repeat(1_001) }, { email: 'no address' }]
    for (const body of wrong) expect(await report({ body })).toMatchObject({ status: 400 })
  })

  test('may be made so often from one address, whoever asks', async () => {
    await app.stop()
    app = await startTestApp({ RATE_REPORT: '2' })
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await report({ id: `img_${n}` })).status)
    expect(statuses).toEqual([404, 404, 429])
    expect((await report({ from: '192.0.2.2' })).status).toBe(404)
  })
})

describe('hiding', () => {
  beforeEach(async () => {
    await report()
    await report({ from: '192.0.2.2' })
  })

  test('keeps an image from everybody but its owner and administrators, and resolves all reports of it', async () => {
    expect(await act('hide')).toMatchObject({ status: 'resolved', outcome: 'hide', resolved_by: admin.uid })
    expect([
      await statusFor(),
      await statusFor(await app.user()),
      await statusFor(owner),
      await statusFor(admin),
    ]).toEqual([404, 404, 200, 200])
    expect(await list()).toEqual([])
    expect((await list('resolved')).map(({ outcome }) => outcome)).toEqual(['hide', 'hide'])
    const info = await owner.client.images.info({ params: { id: image.id } })
    expect(info.hidden_at).toBe(app.now() / 1000)
    const [listed] = (await owner.client.images.list()).items
    expect(listed).toMatchObject({ id: image.id, hidden_at: app.now() / 1000 })
  })

  test('cannot be undone by its owner, and is no cache’s to keep', async () => {
    await act('hide')
    for (const visibility of ['private', 'public'] as const)
      await owner.client.images.update({ params: { id: image.id }, body: { visibility, title: 'Look' } })
    const body = { hidden_at: null, hiddenAt: null }
    await owner.client.images.update({ params: { id: image.id }, body: body as object })
    expect(await statusFor()).toBe(404)
    const mine = await app.fetch(image.url, { headers: { 'x-api-key': owner.apiKey } })
    expect(mine.headers.get('cache-control')).toBe('private, no-store')
    expect(mine.headers.has('access-control-allow-origin')).toBe(false)
    // Uploading the same once more finds the hidden one.
    expect(await uploadPicture(app, owner, bytes, { visibility: 'public' })).toMatchObject({
      id: image.id,
      duplicate: true,
    })
  })

  test('shuts variants and signed addresses too, for as long as it lasts', async () => {
    const { url } = await owner.client.delivery.sign({ params: { id: image.id }, body: { w: 20 } })
    const addresses = [url, image.thumbnail_url, `http://images.test/api/v1/image/${image.id}`]
    const statuses = async () =>
      Promise.all(addresses.map(async (address) => (await app.fetch(address, { redirect: 'manual' })).status))
    expect(await statuses()).toEqual([200, 200, 302])
    const { id } = await act('hide')
    expect(await statuses()).toEqual([404, 404, 404])
    await act('restore', id)
    expect(await statuses()).toEqual([200, 200, 302])
  })

  test('is taken back by an administrator', async () => {
    const { id } = await act('hide')
    expect(await act('restore', id)).toMatchObject({ outcome: 'restore' })
    expect(await statusFor()).toBe(200)
    expect(await owner.client.images.info({ params: { id: image.id } })).not.toHaveProperty('hidden_at')
  })

  test('shows administrators nothing that its owner keeps private', async () => {
    await act('hide')
    await owner.client.images.update({ params: { id: image.id }, body: { visibility: 'private' } })
    expect(await statusFor(admin)).toBe(404)
  })
})

test('deleting a reported image is as final as its owner’s deletion', async () => {
  await report()
  const done = await act('delete')
  expect(done).toMatchObject({ status: 'resolved', outcome: 'delete' })
  expect(done).not.toHaveProperty('image')
  expect([await statusFor(), await statusFor(owner), await statusFor(admin)]).toEqual([404, 404, 404])
  expect(await Array.fromAsync(app.blobs.list(''))).toEqual([])
  expect(await owner.client.images.usage()).toMatchObject({ images: 0, bytes: 0 })
})

test('blocking deletes the image and refuses its bytes from then on, also where it was gone already', async () => {
  await report()
  const other = await uploadPicture(app, owner, await pictures.png({ seed: 5 }))
  await report({ id: other.id })
  await owner.client.images.delete({ params: { id: other.id } })
  const [gone] = await list('resolved')
  expect(gone).toMatchObject({ image_id: other.id, outcome: 'gone' })
  await act('block')
  await act('block', gone!.id)
  expect(await statusFor(owner)).toBe(404)
  for (const blocked of [bytes, await pictures.png({ seed: 5 })]) {
    await expect(uploadPicture(app, await app.user(), blocked)).rejects.toMatchObject({ code: 'blocked_content' })
  }
  expect((await list('resolved')).map(({ outcome }) => outcome)).toEqual(['block', 'block'])
})

test('dismissing leaves the image as it is, and it may be reported anew', async () => {
  await report()
  await act('dismiss')
  expect(await statusFor()).toBe(200)
  await report()
  expect((await list()).length).toBe(1)
})

test('an image that its owner deletes, or that expires, takes its reports with it', async () => {
  const brief = await uploadPicture(app, owner, await pictures.png({ seed: 6 }), { expires_in: 60 })
  await report()
  await report({ id: brief.id })
  await owner.client.images.delete({ params: { id: image.id } })
  app.pass(61)
  await app.sweeper.sweep()
  expect(await list()).toEqual([])
  expect((await list('resolved')).map(({ outcome }) => outcome)).toEqual(['gone', 'gone'])
})

test('while the storage is away a deletion counts all the same, and its reports are resolved', async () => {
  await report()
  app.blobs.delete = () => Promise.reject(new BlobsUnavailable('away'))
  await expect(act('delete')).rejects.toMatchObject({ code: 's3_error' })
  expect(await statusFor()).toBe(404)
  expect(await list('resolved')).toMatchObject([{ outcome: 'delete', resolved_by: admin.uid }])
  expect((await admin.client.audit.list()).items).toMatchObject([
    { action: 'report.resolve', details: { action: 'delete', error: 's3_error' } },
  ])
})

test('a report that comes in the moment of the deletion does not stay open', async () => {
  await app.fetch(image.url)
  // As another server deletes it, while this one believes what it has just read.
  await app.metadata.images.beginDelete(image.id, app.now() / 1000)
  expect((await report()).status).toBe(202)
  expect(await list()).toEqual([])
  expect(await list('resolved')).toMatchObject([{ outcome: 'gone' }])
})

test('what is gone can be neither hidden nor shown again, and an unknown report is none', async () => {
  await report()
  const { id } = (await list())[0]!
  await act('delete')
  for (const action of ['hide', 'restore'] as const)
    await expect(act(action, id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(act('dismiss', 'r_none')).rejects.toMatchObject({ code: 'not_found' })
})

test('reports come in pages, and only to administrators', async () => {
  for (let n = 0; n < 5; n++) {
    app.pass(1)
    await report({ from: `192.0.2.${n}` })
  }
  const first = await admin.client.reports.list({ query: { limit: 3 } })
  const second = await admin.client.reports.list({ query: { limit: 3, cursor: first.next_cursor! } })
  const networks = [...first.items, ...second.items].map(({ network }) => network.split('.')[3])
  expect(networks).toEqual(['4', '3', '2', '1', '0'])
  const denied = { code: 'insufficient_scope' }
  await expect(owner.client.reports.list()).rejects.toMatchObject(denied)
  await expect(
    owner.client.reports.resolve({ params: { rid: first.items[0]!.id }, body: { action: 'dismiss' } }),
  ).rejects.toMatchObject(denied)
})

test('what administrators do about reports is in the audit log', async () => {
  await report()
  const { id } = await act('hide')
  const { items } = await admin.client.audit.list()
  expect(items).toMatchObject([
    { action: 'report.resolve', target: id, actor: admin.uid, details: { action: 'hide', image: image.id } },
  ])
})

test('resolved reports are kept as long as the audit log, open ones until somebody resolves them', async () => {
  await report()
  const other = await uploadPicture(app, owner, await pictures.png({ seed: 8 }))
  await report({ id: other.id })
  await admin.client.reports.resolve({
    params: { rid: (await list()).find(({ image_id }) => image_id === other.id)!.id },
    body: { action: 'dismiss' },
  })
  app.pass(366 * 86_400)
  const keyless = await app.metadata.reports.list({ status: 'resolved', limit: 9 })
  expect(keyless.items).toHaveLength(1)
  await app.sweeper.sweep()
  expect((await app.metadata.reports.list({ status: 'resolved', limit: 9 })).items).toEqual([])
  expect((await app.metadata.reports.list({ status: 'open', limit: 9 })).items).toHaveLength(1)
})
