import type { Image } from '@imagehost/client'
import { afterEach, expect, test, vi } from 'vitest'
import type { AppOptions } from '../app.ts'
import { BlobsUnavailable } from '../ports/blob-store.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let user: TestUser
let image: Image
afterEach(() => app.stop())

async function start(
  env: Record<string, string> = {},
  options: AppOptions = {},
  size = { width: 300, height: 200 },
): Promise<void> {
  app = await startTestApp(env, options)
  user = await app.user()
  image = await uploadPicture(app, user, await pictures.jpeg(size))
}

const large = { width: 1400, height: 100 }

const ask = async (query: string) =>
  (await app.fetch(`${image.url}?${query}`, { headers: { 'x-api-key': user.apiKey } })).status
const remove = () => user.client.images.delete({ params: { id: image.id } })
const keysIn = async (folder: string) => (await Array.fromAsync(app.blobs.list(folder))).map(({ key }) => key)
const variantKeys = () => keysIn(`variants/${image.id}/`)
const known = () => app.metadata.variants.list(image.id)

/** Holds whoever reaches this step until it is let go. */
function holdAt(step: string) {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const onStep = (name: string) => {
    if (name !== step) return
    reached.resolve()
    return released.promise
  }
  return { onStep, reached: reached.promise, release: released.resolve }
}

test('a deletion takes all variants with it, and what is known of them', async () => {
  await start()
  for (const query of ['w=10', 'w=20&format=avif', 'preset=thumb']) expect(await ask(query)).toBe(200)
  expect(await variantKeys()).toHaveLength(3)
  await remove()
  expect(await keysIn('')).toEqual([])
  expect(await known()).toEqual([])
})

test.each(['variant', 'variant begin', 'variant put'])(
  'one that is made while its image is deleted leaves nothing, held at: %s',
  async (step) => {
    const hold = holdAt(step)
    await start({}, hold)
    const late = ask('w=10')
    await hold.reached
    await remove()
    hold.release()
    expect(await late).toBe(404)
    expect(await keysIn('')).toEqual([])
    expect(await known()).toEqual([])
  },
)

test('what a crash left of one that was being made goes with the sweeper, its image there or not', async () => {
  await start()
  const { variants } = app.metadata
  const now = app.now() / 1000
  const left = async (name: string) => {
    await variants.begin(image.id, name, { now, max: 64 })
    await app.blobs.put(`variants/${image.id}/${name}`, Buffer.from('x'), { contentType: 'image/webp', size: 1 })
  }
  await left('one.webp')
  app.pass(121)
  await app.sweeper.sweep()
  expect([await variantKeys(), await known()]).toEqual([[], []])

  await variants.begin(image.id, 'two.webp', { now: app.now() / 1000, max: 64 })
  await remove()
  // Put by somebody who died before the commit.
  await app.blobs.put(`variants/${image.id}/two.webp`, Buffer.from('x'), { contentType: 'image/webp', size: 1 })
  await app.sweeper.sweep()
  expect(await known()).toHaveLength(1)
  app.pass(121)
  await app.sweeper.sweep()
  expect([await keysIn(''), await known()]).toEqual([[], []])
})

test('a deletion that the storage does not take is finished later, variants too', async () => {
  await start()
  await ask('w=10')
  const { delete: whole } = app.blobs
  app.blobs.delete = () => Promise.reject(new BlobsUnavailable('away'))
  await expect(remove()).rejects.toMatchObject({ code: 's3_error' })
  app.blobs.delete = whole
  app.pass(61)
  await app.sweeper.sweep()
  expect([await keysIn(''), await known()]).toEqual([[], []])
})

test('an image keeps so many variants and no more: those that nobody asked for the longest go', async () => {
  await start({ MAX_VARIANTS: '8' })
  for (let width = 1; width <= 8; width++) {
    expect(await ask(`w=${width}`)).toBe(200)
    app.pass(1)
  }
  const [oldest] = await known()
  expect(await variantKeys()).toHaveLength(8)
  for (const width of [9, 10, 11]) {
    expect(await ask(`w=${width}`)).toBe(200)
    app.pass(1)
  }
  await vi.waitFor(async () => expect([(await variantKeys()).length, (await known()).length]).toEqual([8, 8]))
  expect(await variantKeys()).not.toContain(`variants/${image.id}/${oldest!.name}`)
  // It is only made again.
  expect(await ask('w=1')).toBe(200)
})

test('more than an image may have at once are told to come back', async () => {
  const hold = holdAt('variant begin')
  await start({ MAX_VARIANTS: '8' }, hold)
  const all = Array.from({ length: 12 }, (_, at) => ask(`w=${at + 1}`))
  await hold.reached
  await vi.waitFor(async () => expect(await known()).toHaveLength(8))
  hold.release()
  const statuses = (await Promise.all(all)).sort()
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(8)
  expect(statuses.every((status) => status === 200 || status === 503)).toBe(true)
})

test('variants that nobody asks for go after their time, and others stay', async () => {
  await start({ VARIANT_DAYS: '10' })
  for (const query of ['w=10', 'w=20']) await ask(query)
  app.pass(8 * 86_400)
  expect(await ask('w=20')).toBe(200)
  await vi.waitFor(async () => expect(new Set((await known()).map(({ stamp }) => stamp)).size).toBe(2))
  app.pass(3 * 86_400)
  await app.sweeper.sweep()
  expect(await variantKeys()).toHaveLength(1)
  expect(await known()).toHaveLength(1)
  expect(await ask('w=10')).toBe(200)
})

test('thumb and medium are made after an upload, from its bytes, and found by who asks', async () => {
  const steps: string[] = []
  await start({ VARIANTS_AHEAD: '1' }, { onStep: (name) => void steps.push(name) }, large)
  await app.ahead.settled()
  expect(await variantKeys()).toHaveLength(2)
  const { read } = app.blobs
  const keysRead: string[] = []
  app.blobs.read = (key, maxBytes) => {
    keysRead.push(key)
    return read(key, maxBytes)
  }
  expect([await ask('preset=thumb'), await ask('preset=medium')]).toEqual([200, 200])
  expect(steps.filter((name) => name === 'variant')).toHaveLength(2)
  expect(keysRead).not.toContain(image.key)
  await remove()
  expect(await keysIn('')).toEqual([])
})

test('what would be as large as the picture itself waits until somebody asks', async () => {
  await start({ VARIANTS_AHEAD: '1' })
  await app.ahead.settled()
  expect(await variantKeys()).toEqual([`variants/${image.id}/thumb.webp`])
  expect(await ask('preset=medium')).toBe(200)
  expect(await variantKeys()).toHaveLength(2)
})

test('what is made ahead gives way at a stop', async () => {
  const hold = holdAt('variant')
  await start({ VARIANTS_AHEAD: '1' }, hold, large)
  await hold.reached
  const closing = app.ahead.close()
  hold.release()
  await closing
  expect(await variantKeys()).toHaveLength(1)
})
