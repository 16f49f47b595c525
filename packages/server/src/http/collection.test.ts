import { hash } from 'node:crypto'
import type { ImageFilters } from '@imagehost/contract/image-filters'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
const ids: Record<string, string> = {}
beforeAll(async () => {
  app = await startTestApp()
  owner = await app.user()
  const put = async (name: string, seed: number, options: Parameters<typeof uploadPicture>[3]) => {
    ids[name] = (await uploadPicture(app, owner, await pictures.png({ seed, width: 60, height: 40 }), options)).id
    app.pass(1)
  }
  await put('lake', 1, { title: 'Zürichsee am Morgen', tags: 'Lake, summer' })
  await put('sea', 2, { filename: 'IMG_0042 Ostsee.png', tags: 'sea,summer', visibility: 'private' })
  app.pass(40 * 86_400)
  await put('town', 3, { title: 'Zürich', filename: 'town.png' })
  const gps = await uploadPicture(app, owner, await pictures.jpegWithGps({ seed: 4 }), { title: 'Seen in May' })
  ids.may = gps.id
  await uploadPicture(app, await app.user(), await pictures.png({ seed: 5 }), { tags: 'lake', title: 'Zürich' })
})
afterAll(() => app.stop())

const found = async (filters: ImageFilters & { limit?: number }) => {
  const all: string[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < 20; pages++) {
    const page = await owner.client.images.list({ query: { ...filters, ...(cursor && { cursor }) } })
    all.push(...page.items.map(({ id }) => nameOf(id)))
    cursor = page.next_cursor
    if (!cursor) return all
  }
  throw new Error('the list does not end')
}
const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id) ?? id

describe('images are found', () => {
  test.each<[ImageFilters, string[]]>([
    [{ q: 'zurich' }, ['town', 'lake']],
    [{ q: 'ZÜRICH' }, ['town', 'lake']],
    [{ q: 'zurich morg' }, ['lake']],
    [{ q: 'see' }, ['may']],
    [{ q: 'ost' }, ['sea']],
    [{ q: '0042' }, ['sea']],
    [{ q: 'sum' }, ['sea', 'lake']],
    [{ q: 's' }, ['may', 'sea', 'lake']],
    [{ q: 'nothing' }, []],
    [{ q: '!!!' }, ['may', 'town', 'sea', 'lake']],
    [{ tag: 'summer' }, ['sea', 'lake']],
    [{ tag: ' Lake ' }, ['lake']],
    [{ tag: 'summer', q: 'morgen' }, ['lake']],
    [{ tag: 'summer', visibility: 'private' }, ['sea']],
    [{ mime: 'image/jpeg' }, ['may']],
    [{ visibility: 'unlisted' }, ['may', 'town', 'lake']],
    [{ month: '2026-01' }, ['sea', 'lake']],
    [{ month: '2026-02', mime: 'image/png' }, ['town']],
    [{ sort: 'taken_at' }, ['town', 'sea', 'lake', 'may']],
    [{ sort: 'taken_at', month: '2024-05' }, ['may']],
    [{ sort: 'taken_at', tag: 'summer' }, ['sea', 'lake']],
  ])('%j', async (filters, names) => {
    for (const limit of [1, 2, 50]) expect(await found({ ...filters, limit })).toEqual(names)
  })

  test('by the bytes that were sent, for who has them and for nobody else', async () => {
    const bytes = await pictures.png({ seed: 1, width: 60, height: 40 })
    const source_sha256 = hash('sha256', bytes)
    expect(await found({ source_sha256 })).toEqual(['lake'])
    expect(await found({ source_sha256, visibility: 'private' })).toEqual([])
    const stranger = await app.user()
    expect((await stranger.client.images.list({ query: { source_sha256 } })).items).toEqual([])
  })

  test('a month beside other bounds, and a month that is none, are refused', async () => {
    const list = (query: object) => owner.client.images.list({ query: query as ImageFilters })
    await expect(list({ month: '2026-01', from: 1 })).rejects.toMatchObject({ code: 'validation' })
    for (const month of ['2026-13', '2026-00', '26-01', '2026-1', '２０２６-01'])
      await expect(list({ month })).rejects.toMatchObject({ code: 'validation', details: { field: 'query.month' } })
  })
})

test('the timeline has months with counts, and of one month what a grid needs', async () => {
  const { timeline } = owner.client.collection
  expect(await timeline({ query: {} })).toEqual({
    months: [
      { month: '2026-02', count: 2 },
      { month: '2026-01', count: 2 },
    ],
  })
  const dated = await timeline({ query: { sort: 'taken_at' } })
  expect(dated).toMatchObject({ months: expect.arrayContaining([{ month: '2024-05', count: 1 }]) })
  const first = await timeline({ query: { month: '2026-01', limit: 1 } })
  expect(first).toEqual({
    ids: [ids.sea],
    ratios: [1.5],
    thumbhashes: [expect.any(String)],
    names: ['IMG_0042 Ostsee.png'],
    times: [expect.any(Number)],
    sizes: [expect.any(Number)],
    marks: [1],
    next_cursor: expect.any(String),
  })
})

test('tags have their counts, and change with the images', async () => {
  const { tags } = owner.client.collection
  expect((await tags({ query: {} })).items).toEqual([
    { tag: 'lake', count: 1 },
    { tag: 'sea', count: 1 },
    { tag: 'summer', count: 2 },
  ])
  const first = await tags({ query: { limit: 2 } })
  expect(first).toMatchObject({ next: 'sea' })
  expect((await tags({ query: { after: first.next! } })).items).toEqual([{ tag: 'summer', count: 2 }])
  const params = { id: ids.lake! }
  expect(await owner.client.images.update({ params, body: { tags: ['Winter', 'winter '] } })).toMatchObject({
    tags: ['winter'],
  })
  expect((await tags({ query: {} })).items.map(({ tag }) => tag)).toEqual(['sea', 'summer', 'winter'])
  await owner.client.images.update({ params, body: { tags: ['lake', 'summer'] } })
  const tooMany = owner.client.images.update({ params, body: { tags: ['x'.repeat(51)] } })
  await expect(tooMany).rejects.toMatchObject({ code: 'validation', details: { field: 'body.tags' } })
})

describe('in bulk', () => {
  test('each image stands for itself', async () => {
    const user = await app.user()
    const own = (await uploadPicture(app, user, await pictures.png({ seed: 20 }))).id
    const { items } = await user.client.collection.bulk({
      body: { action: 'tag', tags: ['a'], ids: [own, ids.town!, 'img_none', own] },
    })
    expect(items).toEqual([
      { id: own, status: 'done' },
      { id: ids.town, status: 'failed', error: { code: 'forbidden', message: expect.any(String) } },
      { id: 'img_none', status: 'failed', error: { code: 'not_found', message: expect.any(String) } },
    ])
    expect((await user.client.images.info({ params: { id: own } })).tags).toEqual(['a'])
  })

  test('by a filter, until nothing is left', async () => {
    const user = await app.user()
    for (let seed = 30; seed < 34; seed++) {
      await uploadPicture(app, user, await pictures.png({ seed }), { tags: seed % 2 === 0 ? 'even' : 'odd' })
    }
    const { bulk } = user.client.collection
    const made = await bulk({ body: { action: 'visibility', visibility: 'private', filter: { tag: 'even' } } })
    expect(made.items).toHaveLength(2)
    expect((await user.client.images.list({ query: { visibility: 'private' } })).items).toHaveLength(2)
    await bulk({ body: { action: 'trash', filter: {} } })
    expect((await user.client.images.list()).items).toEqual([])
    const { items } = await user.client.trash.list()
    await bulk({ body: { action: 'restore', ids: items.map(({ id }) => id) } })
    expect((await user.client.images.list()).items).toHaveLength(4)
    await bulk({ body: { action: 'delete', filter: { tag: 'odd' } } })
    expect((await user.client.images.list()).items).toHaveLength(2)
  })

  test.each([
    ['neither ids nor filter', { action: 'trash' }],
    ['both', { action: 'trash', ids: ['img_1'], filter: {} }],
    ['no visibility', { action: 'visibility', ids: ['img_1'] }],
    ['no tags', { action: 'tag', ids: ['img_1'] }],
    ['a filter of what is restored', { action: 'restore', filter: {} }],
  ] as const)('%s is refused', async (_, body) => {
    const run = owner.client.collection.bulk({ body: body as never })
    await expect(run).rejects.toMatchObject({ code: 'validation' })
  })

  test('a key that may not delete may tag, and not trash', async () => {
    const scopes = ['images:write', 'images:read'] as const
    const { key } = await owner.client.keys.create({ body: { name: 'no deleting', scopes: [...scopes] } })
    const { bulk } = app.client(key).collection
    const trash = bulk({ body: { action: 'trash', ids: [ids.town!] } })
    await expect(trash).rejects.toMatchObject({ code: 'insufficient_scope', details: { scope: 'images:delete' } })
    expect((await bulk({ body: { action: 'untag', tags: ['x'], ids: [ids.town!] } })).items[0]?.status).toBe('done')
  })
})
