import { Image } from '@imagehost/contract/images'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type FlaskDeployment,
  flaskBucket,
  flaskKey,
  flaskUid,
  startFlaskDeployment,
} from '../testing/flask-deployment.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

const image = Compile(Image)
let flask: FlaskDeployment
let app: TestApp
beforeAll(async () => {
  flask = await startFlaskDeployment()
  await flask.addAccount(flaskUid)
  app = await startTestApp(flask.env)
})
afterAll(async () => {
  await app?.stop()
  await flask?.stop()
})

let ids = 0
const newId = () => `img_${String(++ids).padStart(8, '0')}`
const listed = async (uid: string) => (await app.client(flaskKey(uid)).images.list({ query: { limit: 200 } })).items
const status = async (path: string, apiKey?: string, method = 'GET') =>
  (await app.fetch(`http://images.test${path}`, { method, headers: apiKey ? { 'x-api-key': apiKey } : {} })).status

/** Stores a picture under this key, as it was in their bucket. */
async function addObject(key: string, seed: number): Promise<void> {
  const bytes = await pictures.png({ seed })
  await app.blobs.put(key, bytes, { contentType: 'image/png', size: bytes.length })
}

describe('records with anything missing, and anything in the rest', () => {
  const names = ['id', 'owner_uid', 'key', 'url', 'filename', 'mime', 'private', 'created_at', 'views']
  const hostile = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '0',
      '-1',
      '7.5',
      'NaN',
      'Infinity',
      '1e400',
      '99999999999999999999',
      'None',
      'null',
      '[]',
    ),
    fc.constantFrom(
      '../../etc/passwd',
      '/etc/passwd',
      'uploads/.hidden',
      'a//b',
      'a\0b',
      's3://',
      's3://b',
      'https://[',
      'a\r\nb: c',
    ),
    fc.constantFrom(
      'javascript:alert(1)',
      '<script>alert(1)</script>',
      'text/html',
      'image/svg+xml',
      '%',
      '%2e%2e%2f',
      '{"a":1}',
    ),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constant('x'.repeat(5_000)),
  )
  // Who owns it is left to the list that it is in, or it could not be found there again.
  const record = fc
    .record(Object.fromEntries(names.map((name) => [name, hostile])), { requiredKeys: [] })
    .filter((fields) => Object.keys(fields).length > 0)

  test('are listed in the shape of the contract, are 404 at each address, and never an error of ours', async () => {
    await fc.assert(
      fc.asyncProperty(record, async (fields) => {
        const [uid, id] = [`u_${newId()}`, newId()]
        await flask.addAccount(uid)
        await flask.redis.hSet(`img:${id}`, fields as Record<string, string>)
        await flask.redis.zAdd(`user:${uid}:images`, { score: 1_700_000_000, value: id })
        const [item, ...others] = await listed(uid)
        expect(others).toEqual([])
        expect(item!.id).toBe(id)
        expect([...image.Errors(item)]).toEqual([])
        expect(item).toMatchObject({ visibility: 'unlisted', private: 0 })
        for (const path of [`/i/${id}`, `/api/v1/image/${id}`]) expect(await status(path)).toBe(404)
      }),
      { numRuns: 150 },
    )
  })

  test('are deleted by who owns them, and by nobody where no owner is named', async () => {
    await fc.assert(
      fc.asyncProperty(record, async ({ owner_uid: named, ...fields }) => {
        const [uid, id] = [`u_${newId()}`, newId()]
        const isOwned = named !== undefined
        await flask.addAccount(uid)
        await flask.redis.hSet(`img:${id}`, { id, ...fields, ...(isOwned && { owner_uid: uid }) })
        await flask.redis.zAdd(`user:${uid}:images`, { score: 1_700_000_000, value: id })
        expect(await status(`/api/v1/image/${id}`, flaskKey(uid), 'DELETE')).toBe(isOwned ? 200 : 500)
        expect((await listed(uid)).length).toBe(isOwned ? 0 : 1)
        expect(await flask.redis.exists([`img:${id}`, `{img:${id}}:deleting`])).toBe(isOwned ? 0 : 1)
      }),
      { numRuns: 60 },
    )
  })

  test('without an owner are answered in the code that their clients know', async () => {
    const id = newId()
    await flask.addImage(id)
    await flask.redis.hDel(`img:${id}`, 'owner_uid')
    await expect(app.client(flaskKey(flaskUid)).images.delete({ params: { id } })).rejects.toMatchObject({
      code: 'invalid_record',
      status: 500,
    })
  })
})

describe('an image whose record lacks its key', () => {
  const key = (id: string) => `uploads/${flaskUid}/${id}/a.png`

  test.each<[string, (key: string) => string]>([
    ['s3://bucket/key', (key) => `s3://${flaskBucket}/${key}`],
    ['the bucket in the host', (key) => `https://${flaskBucket}.s3.amazonaws.com/${key}`],
    ['the bucket and the region in the host', (key) => `https://${flaskBucket}.s3.eu-central-1.amazonaws.com/${key}`],
    ['the bucket in the path', (key) => `https://s3.us-east-1.amazonaws.com/${flaskBucket}/${key}`],
    ['another store', (key) => `http://localhost:9000/${flaskBucket}/${key}`],
    ['a presigned address', (key) => `https://${flaskBucket}.s3.amazonaws.com/${key}?X-Amz-Signature=00`],
    ['escaped letters', (key) => `https://${flaskBucket}.s3.amazonaws.com/${encodeURIComponent(key)}`],
  ])('is found by its url: %s', async (_, urlOf) => {
    const id = newId()
    await addObject(key(id), ids)
    await flask.addImage(id, { url: urlOf(key(id)) })
    await flask.redis.hDel(`img:${id}`, 'key')
    expect(await status(`/i/${id}`)).toBe(200)
    expect(await status(`/api/v1/image/${id}`)).toBe(302)
    expect(await status(`/api/v1/image/${id}`, flaskKey(flaskUid), 'DELETE')).toBe(200)
    expect(await app.blobs.stat(key(id))).toBeUndefined()
  })

  test('is 404 where its url names none either, and can be deleted', async () => {
    const id = newId()
    await addObject(key(id), ids)
    await flask.addImage(id, { url: 'https://elsewhere.test' })
    await flask.redis.hDel(`img:${id}`, 'key')
    expect(await status(`/i/${id}`)).toBe(404)
    expect(await status(`/api/v1/image/${id}`, flaskKey(flaskUid), 'DELETE')).toBe(200)
  })
})

describe('a record that names an object of somebody else', () => {
  test.each([
    ['their key', (key: string) => ({ key })],
    ['their address', (key: string) => ({ key: undefined, url: `https://${flaskBucket}.s3.amazonaws.com/${key}` })],
  ])('by %s shows nothing of it, and is deleted without it', async (_, fieldsOf) => {
    const [theirs, mine] = [newId(), newId()]
    const key = `uploads/${flaskUid}/${theirs}/a.png`
    await addObject(key, ids)
    await flask.addImage(theirs)
    await flask.addAccount('u_mallory')
    await flask.addImage(mine, { owner_uid: 'u_mallory', ...fieldsOf(key) })
    if (!fieldsOf(key).key) await flask.redis.hDel(`img:${mine}`, 'key')
    for (const path of [`/i/${mine}`, `/api/v1/image/${mine}`]) expect(await status(path)).toBe(404)
    expect(await status(`/api/v1/image/${mine}`, flaskKey('u_mallory'), 'DELETE')).toBe(200)
    expect(await status(`/i/${theirs}`)).toBe(200)
  })

  test.each(['incoming', 'variants'])(
    'under %s, where only this server writes, shows nothing of it',
    async (folder) => {
      const id = newId()
      const key = `${folder}/${flaskUid}/${id}`
      await addObject(key, ids)
      await flask.addImage(id, { key })
      expect(await status(`/i/${id}`)).toBe(404)
      expect(await status(`/api/v1/image/${id}`, flaskKey(flaskUid), 'DELETE')).toBe(200)
      expect(await app.blobs.stat(key)).toBeDefined()
    },
  )

  test.each(['before', 'uploads', 'uploads/2023'])(
    'does not mean one that lies under %s, as it may in an old bucket',
    async (folder) => {
      const id = newId()
      await addObject(`${folder}/${id}.png`, ids)
      await flask.addImage(id, { key: `${folder}/${id}.png` })
      expect(await status(`/i/${id}`)).toBe(200)
    },
  )
})

test('private=1 was never kept by them, so such an image stays reachable by its link, and is called unlisted', async () => {
  const id = newId()
  await addObject(`uploads/${flaskUid}/${id}/a.png`, ids)
  await flask.addImage(id, { private: '1' })
  expect(await status(`/i/${id}`)).toBe(200)
  const item = (await listed(flaskUid)).find((one) => one.id === id)
  expect(item).toMatchObject({ private: 0, visibility: 'unlisted' })
})

describe('their lists', () => {
  test('of many images of one second are paged, each once and in one order', async () => {
    await flask.addAccount('u_busy')
    const all = Array.from({ length: 45 }, newId)
    for (const id of all) await flask.addImage(id, { owner_uid: 'u_busy' }, 1_700_000_000)
    expect(await pagesOf('u_busy', 7)).toEqual(all.toSorted().toReversed())
  })

  test('by fractions of seconds are paged, each once, newest first', async () => {
    await flask.addAccount('u_exact')
    const all = Array.from({ length: 20 }, newId)
    for (const [at, id] of all.entries()) await flask.addImage(id, { owner_uid: 'u_exact' }, 1_700_000_000 + at / 7)
    expect(await pagesOf('u_exact', 3)).toEqual(all.toReversed())
    for (const item of await listed('u_exact')) expect(Number.isInteger(item.created_at)).toBe(true)
  })

  test('show nothing of members without a record, and go on behind them', async () => {
    await flask.addAccount('u_gaps')
    const all = Array.from({ length: 12 }, newId)
    for (const [at, id] of all.entries()) {
      if (at % 3 === 0) await flask.addImage(id, { owner_uid: 'u_gaps' }, 1_700_000_000 + at)
      else await flask.redis.zAdd('user:u_gaps:images', { score: 1_700_000_000 + at, value: id })
    }
    expect(await pagesOf('u_gaps', 2)).toEqual([all[9], all[6], all[3], all[0]])
  })

  async function pagesOf(uid: string, limit: number): Promise<string[]> {
    const seen: string[] = []
    let cursor: string | undefined
    for (let pages = 0; pages < 30; pages++) {
      const page = await app.client(flaskKey(uid)).images.list({ query: { limit, ...(cursor && { cursor }) } })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor
      if (!cursor) return seen
    }
    throw new Error('The list has no end')
  }
})

test.each(['7', '7.5', 'many', '-3', '99999999999999999999', undefined])(
  'views stored as %j go on from there as far as they are a number, and hold up nobody else’s',
  async (views) => {
    const [odd, plain] = [newId(), newId()]
    for (const id of [odd, plain]) {
      await addObject(`uploads/${flaskUid}/${id}/a.png`, ids)
      await flask.addImage(id, id === odd ? { views } : {})
      for (let view = 0; view < 3; view++) expect(await status(`/i/${id}`)).toBe(200)
    }
    await app.views.flush()
    await app.views.flush()
    const viewsOf = async (id: string) => (await listed(flaskUid)).find((item) => item.id === id)?.views
    expect(await viewsOf(odd)).toBe(views === '7' ? 10 : 3)
    expect(await viewsOf(plain)).toBe(3)
  },
)
