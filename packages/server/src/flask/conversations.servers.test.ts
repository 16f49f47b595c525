import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { flaskKey, flaskUid } from '../testing/flask-deployment.ts'
import { pictures } from '../testing/pictures.ts'
import { openRecording } from '../testing/recorded-requests.ts'
import { type FlaskApp, startFlaskApp } from '../testing/start-flask-app.ts'
import { beRefused, conversations, converse } from './conversations.conformance.ts'

let site: FlaskApp
beforeAll(async () => {
  site = await startFlaskApp(inject('s3'))
})
afterAll(() => site?.stop())

for (const [who, client] of Object.entries(conversations)) {
  test(`${who} works unchanged on Redis and S3, from registering to deleting`, () => converse(client, site.address))
  test(`${who} is told what is wrong in the codes that it knows, on Redis and S3`, () =>
    beRefused(client, site.address))

  test(`${who} goes on with the key that it kept and the images that it made before`, async () => {
    const say = await openRecording(client.name)
    const key = { api_key: flaskKey(flaskUid) }
    const { id, key: blobKey } = await site.add(await pictures.jpegWithGps({ seed: 92 }))
    await site.flask.redis.hSet(`img:${id}`, { private: '1', views: '41' })

    const url = `${site.address}/i/${id}.jpg`
    const { items } = (await say('list', site.address, key)).json() as { items: Record<string, unknown>[] }
    expect(items).toEqual([
      expect.objectContaining({ id, owner_uid: flaskUid, key: blobKey, url, filename: 'a.jpg', mime: 'image/jpeg' }),
    ])
    expect(items[0]).toMatchObject({ private: 0, created_at: 1_700_000_000, views: 41 })

    const open = await say('open', site.address, { iid: id })
    expect(open.status).toBe(302)
    const there = new URL(open.headers.get('location')!)
    const bytes = await say('follow', there.origin, { path: there.pathname + there.search, origin: 'x.test' })
    expect({ status: bytes.status, type: bytes.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/jpeg',
    })

    expect((await say('delete', site.address, { ...key, iid: id })).json()).toEqual({ status: 'deleted', id })
    expect((await say('open', site.address, { iid: id })).status).toBe(404)
    expect(await site.lying(blobKey)).toBeUndefined()
  })
}

test('the check of Redis says that it is there', async () => {
  for (const path of ['/redis-check', '/api/v1/redis-check']) {
    const { status, body } = await site.get(path)
    expect({ status, body: JSON.parse(body.toString()) }).toEqual({ status: 200, body: { redis: true } })
  }
})
