import { createClient } from 'redis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { createRedisStore } from './store.ts'

/** What the Flask project wrote, under a prefix that keeps this test to itself. */
const prefix = 'flask:'
const redis = createClient({ url: inject('redisUrl') })
let store: MetadataStore

beforeAll(async () => {
  await redis.connect()
  store = await createRedisStore({ url: inject('redisUrl'), keyPrefix: prefix })
  await redis.set(`${prefix}username:Ann B.`, 'u_ann')
  const account = { uid: 'u_ann', username: 'Ann B.', password_hash: 'scrypt:32768:8:1$s$00', created_at: '1700000000' }
  await redis.hSet(`${prefix}user:u_ann`, account)
  const address = 'https://pics.s3.amazonaws.com/uploads/u_ann/img_2/b.png'
  await redis.hSet(`${prefix}img:img_1`, flaskImage('img_1', { key: 'uploads/u_ann/img_1/a.png', views: '7' }))
  await redis.hSet(`${prefix}img:img_2`, { id: 'img_2', owner_uid: 'u_ann', url: address, views: 'many' })
  for (const [score, value] of [['img_1'], ['img_2'], ['img_gone']].entries())
    await redis.zAdd(`${prefix}user:u_ann:images`, { score: 1_700_000_000 + score, value: value[0]! })
})

afterAll(async () => {
  await store.close()
  await redis.close()
})

test('their accounts log in under the name they typed', async () => {
  expect(await store.accounts.findByName('Ann B.')).toEqual({
    uid: 'u_ann',
    username: 'Ann B.',
    passwordHash: 'scrypt:32768:8:1$s$00',
    createdAt: 1_700_000_000,
  })
})

test('a name whose record is gone is nobody', async () => {
  await redis.set(`${prefix}username:ghost`, 'u_ghost')
  expect(await store.accounts.findByName('ghost')).toBeUndefined()
})

test('their images are listed, whatever their records lack', async () => {
  const { items } = await store.imageIndex.list('u_ann', { limit: 10 })
  expect(items).toEqual([
    {
      id: 'img_2',
      ownerUid: 'u_ann',
      key: 'uploads/u_ann/img_2/b.png',
      filename: 'img_2',
      mime: 'application/octet-stream',
      createdAt: 0,
      views: 0,
    },
    {
      id: 'img_1',
      ownerUid: 'u_ann',
      key: 'uploads/u_ann/img_1/a.png',
      filename: 'a.png',
      mime: 'image/png',
      createdAt: 1_700_000_000,
      views: 7,
    },
  ])
})

test('a listed image without a record is skipped, and the pages go on', async () => {
  const first = await store.imageIndex.list('u_ann', { limit: 1 })
  expect(first).toEqual({ items: [], next: { id: 'img_gone', createdAt: 1_700_000_002 } })
  const second = await store.imageIndex.list('u_ann', { limit: 5, after: first.next! })
  expect(second.items.map(({ id }) => id)).toEqual(['img_2', 'img_1'])
})

test('their views go on where they were, also from what is no number', async () => {
  await store.images.addViews(
    new Map([
      ['img_1', 3],
      ['img_2', 2],
    ]),
  )
  expect((await store.images.find('img_1'))?.views).toBe(10)
  expect((await store.images.find('img_2'))?.views).toBe(2)
})

test('what an inspection finds is added, counted and found by its source', async () => {
  await redis.hSet(`${prefix}img:img_3`, flaskImage('img_3', { url: 's3://pics/old/c.png' }))
  await redis.zAdd(`${prefix}user:u_ann:images`, { score: 1, value: 'img_3' })
  const before = await store.images.usage('u_ann')
  const facts = { mime: 'image/jpeg', filename: 'c.jpg', size: 50, sourceSha256: 'ab'.repeat(32) }
  expect(await store.images.addFacts('img_3', facts)).toBe(true)
  const found = await store.images.findBySource('u_ann', 'ab'.repeat(32))
  expect(found).toMatchObject({ id: 'img_3', key: 'old/c.png', filename: 'c.jpg', size: 50 })
  expect(await store.images.usage('u_ann')).toEqual({ ...before, bytes: before.bytes + 50 })
})

test('their images are deleted for good', async () => {
  await redis.hSet(`${prefix}img:img_4`, flaskImage('img_4', { key: 'k' }))
  await redis.zAdd(`${prefix}user:u_ann:images`, { score: 1, value: 'img_4' })
  expect((await store.images.beginDelete('img_4', 5))?.key).toBe('k')
  await store.images.finishDelete('img_4')
  expect(await redis.exists([`${prefix}img:img_4`, `{${prefix}img:img_4}:deleting`])).toBe(0)
  expect(await redis.zScore(`${prefix}user:u_ann:images`, 'img_4')).toBeNull()
})

test('an id that would reach into another slot is nothing, to every call', async () => {
  const id = 'img_{1}'
  expect(await store.images.find(id)).toBeUndefined()
  expect(await store.images.beginDelete(id, 1)).toBeUndefined()
  expect(await store.uploads.find(id)).toBeUndefined()
  expect(await store.uploads.claim(id, { now: 1, leaseUntil: 2 })).toEqual({ state: 'missing' })
  expect(await store.images.addFacts(id, { mime: 'image/png', filename: 'a.png' })).toBe(false)
  await store.images.addViews(new Map([[id, 1]]))
  await store.images.finishDelete(id)
  expect(await redis.keys(`*${prefix}img:img_{*`)).toEqual([])
})

const flaskImage = (id: string, more: Record<string, string>): Record<string, string> => ({
  id,
  owner_uid: 'u_ann',
  filename: 'a.png',
  mime: 'image/png',
  private: '1',
  created_at: '1700000000',
  ...more,
})

test('their accounts are in the list from when they are first found, once', async () => {
  await redis.set(`${prefix}username:Zoë`, 'u_zoe')
  await redis.hSet(`${prefix}user:u_zoe`, { uid: 'u_zoe', username: 'Zoë' })
  const uids = async () => (await store.accounts.list({ prefix: 'z', limit: 10 })).items.map(({ uid }) => uid)
  expect(await uids()).toEqual([])
  await Promise.all([store.accounts.findByName('Zoë'), store.accounts.find('u_zoe')])
  await store.accounts.find('u_zoe')
  expect(await uids()).toEqual(['u_zoe'])
  expect(await redis.hGet(`${prefix}user:u_zoe`, 'listed')).toBe('1')
})

test('an entry whose account is gone is no gap and goes when it is met', async () => {
  for (const name of ['y1', 'y2', 'y3'])
    await store.accounts.create({ uid: `u_${name}`, username: name, createdAt: 1 }, name)
  await redis.del(`${prefix}user:u_y2`)
  const { items, next } = await store.accounts.list({ prefix: 'y', limit: 2 })
  expect(items.map(({ uid }) => uid)).toEqual(['u_y1'])
  expect((await store.accounts.list({ prefix: 'y', limit: 2, after: next! })).items).toMatchObject([{ uid: 'u_y3' }])
  expect(await redis.zCount(`${prefix}imagehost:accounts`, 0, 0)).toBe(
    (await store.accounts.list({ prefix: '', limit: 100 })).items.length,
  )
})
