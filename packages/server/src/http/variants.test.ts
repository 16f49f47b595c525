import { hash } from 'node:crypto'
import type { Image } from '@imagehost/client'
import { presetNames, presets } from '@imagehost/contract/presets'
import { verbs } from '@imagehost/contract/transform-verbs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspect, defaultImageLimits as limits } from '../imaging/inspect.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let user: TestUser
let image: Image
let steps: string[]
beforeAll(async () => {
  steps = []
  // More is asked here at once than anybody may ask: it is about what lies behind the limit.
  app = await startTestApp({ RATE_TRANSFORM: '0' }, { onStep: (name) => void steps.push(name) })
  user = await app.user()
  image = await uploadPicture(app, user, await pictures.jpeg({ width: 800, height: 600 }), { filename: 'Katze.jpg' })
})
afterAll(() => app.stop())

const get = async (address: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await app.fetch(address, { method, headers })
  const bytes = Buffer.from(await response.arrayBuffer())
  const { error } = response.headers.get('content-type')?.startsWith('application/json')
    ? JSON.parse(bytes.toString() || '{}')
    : { error: undefined }
  return { status: response.status, headers: response.headers, bytes, code: error?.code, field: error?.details?.field }
}
const asOwner = (address: string, headers: Record<string, string> = {}) =>
  get(address, { 'x-api-key': user.apiKey, ...headers })
const makes = () => steps.filter((name) => name === 'variant').length

describe('a preset', () => {
  test.each(presetNames)('%s is made for everybody, in each of its formats and no other', async (name) => {
    const { formats } = presets[name]
    for (const format of formats) {
      const { status, headers, bytes } = await get(`${image.url}?preset=${name}&format=${format}`, {})
      expect(status).toBe(200)
      const { w, h } = presets[name].transform
      const made = inspect(bytes, limits)
      expect(headers.get('content-type')).toBe(made.mime)
      expect(made.width <= w! && made.height <= h!).toBe(true)
    }
    expect(await get(`${image.url}?preset=${name}&format=gif`)).toMatchObject({ status: 400, field: 'query.format' })
    expect(await get(`${image.url}?preset=${name}&w=9`)).toMatchObject({ status: 400, field: 'query.w' })
  })

  test('thumb is where the image says', async () => {
    expect(image.thumbnail_url).toBe(`${image.url}?preset=thumb`)
    const { bytes } = await get(image.thumbnail_url)
    expect(inspect(bytes, limits)).toMatchObject({ format: 'webp', width: 320, height: 240 })
  })

  test('that is none is refused by name', async () => {
    expect(await get(`${image.url}?preset=huge`)).toMatchObject({ status: 400, field: 'query.preset' })
    expect(await get(`${image.url}?preset=thumb&preset=og`)).toMatchObject({ status: 400, field: 'query.preset' })
  })
})

describe('the free form', () => {
  test('is for the owner, and for nobody else', async () => {
    const stranger = await app.user()
    expect(inspect((await asOwner(`${image.url}?w=100`)).bytes, limits)).toMatchObject({ format: 'jpeg', width: 100 })
    for (const headers of [{}, { 'x-api-key': stranger.apiKey }])
      expect(await get(`${image.url}?w=100`, headers)).toMatchObject({ status: 403, code: 'signature_needed' })
  })

  test('needs a key that may read', async () => {
    const key = await user.client.keys.create({ body: { name: 'uploads', scopes: ['upload'] } })
    expect(await get(`${image.url}?w=100`, { 'x-api-key': key.key })).toMatchObject({ code: 'signature_needed' })
  })

  test('of nothing is the image itself, for its owner', async () => {
    expect(hash('sha256', (await asOwner(`${image.url}?dpr=2`)).bytes)).toBe(image.sha256)
    expect(await get(`${image.url}?dpr=2`)).toMatchObject({ status: 403, code: 'signature_needed' })
  })

  test('is not taken for what something else hung on to the address', async () => {
    expect(hash('sha256', (await get(`${image.url}?utm_source=letter&width=9`)).bytes)).toBe(image.sha256)
    expect(await asOwner(`${image.url}?w=9&heigth=9`)).toMatchObject({ status: 400, field: 'query.heigth' })
    expect((await asOwner(`${image.url}?w=9&download`)).headers.get('content-disposition')).toMatch(
      /^attachment; filename="Katze\.jpg"/,
    )
  })

  test('that says the same in another way is the same variant, made once', async () => {
    const before = makes()
    const tags = new Set<string | null>()
    for (const query of [
      'w=90&h=80&fit=cover',
      'fit=cover&h=80&w=90&gravity=center',
      'h=40&w=45&dpr=2&fit=cover&enlarge=0',
    ])
      tags.add((await asOwner(`${image.url}?${query}`)).headers.get('etag'))
    expect(tags.size).toBe(1)
    expect(makes() - before).toBe(1)
  })

  test('of a crop outside the picture is refused by name, and not kept', async () => {
    expect(await asOwner(`${image.url}?crop=900,0,10,10`)).toMatchObject({ status: 400, field: 'query.crop' })
    expect(await asOwner(`${image.url}?crop=900,0,10,10`)).toMatchObject({ status: 400, field: 'query.crop' })
  })
})

describe('what is hostile', () => {
  const values = [
    ...[
      '',
      '-1',
      '-0',
      '+1',
      '1e3',
      '0x10',
      'NaN',
      'Infinity',
      '99999999999999999999',
      '1.5.5',
      '01x',
      ' ',
      '1%00',
      '%00',
      '٣',
      '１',
    ],
    ...[
      'a'.repeat(4000),
      '%F0%9F%92%A9',
      '__proto__',
      '[object Object]',
      '%2e%2e%2f',
      "'",
      '"',
      '<script>',
      '1;2',
      '{}',
      '[]',
    ],
  ]
  test.each([...Object.keys(verbs), 'preset', 'exp'])('is refused in %s by name, also given twice', async (name) => {
    // One of which is a colour.
    for (const value of values.filter((text) => name !== 'bg' || text !== '1e3')) {
      const query = `${name}=${value.includes('%') ? value : encodeURIComponent(value)}`
      expect({ query, ...(await asOwner(`${image.url}?${query}`)) }).toMatchObject({
        query,
        status: 400,
        code: 'validation',
        field: `query.${name}`,
      })
    }
    expect(await asOwner(`${image.url}?${name}=1&${name}=2`)).toMatchObject({ status: 400, field: `query.${name}` })
  })

  test('is refused in names beside a verb', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'W', 'w%00', 'w[]', 'w.x', 'ｗ', 'a'.repeat(4000)])
      expect({ name, ...(await asOwner(`${image.url}?w=9&${name}=1`)) }).toMatchObject({
        name,
        status: 400,
        field: `query.${decodeURIComponent(name)}`,
      })
  })

  test('is at worst refused: any query at all is answered well', async () => {
    const names = fc.constantFrom(...Object.keys(verbs), 'preset', 'sig', 'exp', 'download', 'x')
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.integer().map(String),
      fc.double().map(String),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, value), { maxLength: 5 }), async (pairs) => {
        const { status } = await asOwner(`${image.url}?${new URLSearchParams(pairs)}`)
        expect([200, 400, 403]).toContain(status)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a variant', () => {
  test('is answered as any image: type, length, ETag, dates and the headers that make it harmless', async () => {
    const { headers, bytes } = await get(image.thumbnail_url)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String(bytes.length),
      'content-disposition': expect.stringContaining('Katze.webp'),
      etag: `"${hash('sha256', bytes, 'base64url').slice(0, 22)}"`,
      'last-modified': new Date(app.now()).toUTCString(),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'private, no-cache',
    })
    expect(headers.has('vary')).toBe(false)
  })

  test('has HEAD, 304, ranges and 416', async () => {
    const whole = await get(image.thumbnail_url)
    const head = await get(image.thumbnail_url, {}, 'HEAD')
    expect(head.bytes).toHaveLength(0)
    expect(head.headers.get('content-length')).toBe(String(whole.bytes.length))
    const etag = whole.headers.get('etag')!
    expect((await get(image.thumbnail_url, { 'if-none-match': etag })).status).toBe(304)
    expect((await get(image.thumbnail_url, { 'if-none-match': '"other"' })).status).toBe(200)
    const part = await get(image.thumbnail_url, { range: 'bytes=10-19' })
    expect(part.status).toBe(206)
    expect(part.bytes.equals(whole.bytes.subarray(10, 20))).toBe(true)
    expect((await get(image.thumbnail_url, { range: 'bytes=10-19', 'if-range': '"other"' })).status).toBe(200)
    expect((await get(image.thumbnail_url, { range: 'bytes=9999999-' })).status).toBe(416)
  })

  test('of another one has another ETag', async () => {
    const [one, other] = await Promise.all([
      get(`${image.url}?preset=thumb`),
      get(`${image.url}?preset=thumb&format=jpeg`),
    ])
    expect(one.headers.get('etag')).not.toBe(other.headers.get('etag'))
  })

  test('that sixteen ask for at once is made once', async () => {
    const before = makes()
    const answers = await Promise.all(Array.from({ length: 16 }, () => asOwner(`${image.url}?w=123`)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(1)
    expect(makes() - before).toBe(1)
  })

  test('that is gone from the storage is made again, whoever asks for it', async () => {
    const noise = await uploadPicture(app, user, await pictures.png({ width: 900, height: 700, bits: 16 }))
    // Too large to stay in memory.
    const large = await asOwner(`${noise.url}?format=png&sharpen=3`)
    expect(large.bytes.length).toBeGreaterThan(1024 * 1024)
    await deleteVariants(app)
    const again = await asOwner(`${noise.url}?format=png&sharpen=3`)
    expect(again.bytes.equals(large.bytes)).toBe(true)
    await deleteVariants(app)
    expect((await asOwner(`${noise.url}?format=png&sharpen=3`, { range: 'bytes=5-9' })).status).toBe(206)
  })

  test('counts no view, and a private one is for its owner alone and kept nowhere', async () => {
    const hidden = await uploadPicture(app, user, await pictures.png({ seed: 5 }), { visibility: 'private' })
    expect((await get(hidden.thumbnail_url)).status).toBe(404)
    expect((await get(`${hidden.url}?w=20`)).status).toBe(404)
    const own = await asOwner(hidden.thumbnail_url)
    expect({ status: own.status, cache: own.headers.get('cache-control') }).toEqual({
      status: 200,
      cache: 'private, no-store',
    })
    await app.views.flush()
    expect((await app.metadata.images.find(hidden.id))?.views).toBe(0)
  })
})

describe('an original', () => {
  test('has a date, by which a client without its ETag is told that nothing changed', async () => {
    const { headers } = await get(image.url)
    const since = headers.get('last-modified')!
    expect((await get(image.url, { 'if-modified-since': since })).status).toBe(304)
    expect((await get(image.url, { 'if-modified-since': new Date(0).toUTCString() })).status).toBe(200)
    expect((await get(image.url, { 'if-modified-since': 'nonsense' })).status).toBe(200)
    expect((await get(image.url, { 'if-modified-since': since, 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('is never negotiated', async () => {
    const { headers } = await get(image.url, { accept: 'image/avif,image/webp' })
    expect([headers.get('content-type'), headers.get('vary')]).toEqual(['image/jpeg', null])
  })
})

describe('format=auto', () => {
  test.each([
    ['image/avif,image/webp,*/*', 'image/avif'],
    ['image/webp,*/*;q=0.8', 'image/webp'],
    ['IMAGE/WebP ; q=0.5', 'image/webp'],
    ['image/avif;q=0, image/webp;q=0.9', 'image/webp'],
    ['*/*', 'image/jpeg'],
    ['image/avifx', 'image/jpeg'],
    [undefined, 'image/jpeg'],
  ])('takes of %s %s, and says that it was chosen', async (accept, type) => {
    const { headers, status } = await get(
      `${image.url}?preset=small&format=auto`,
      accept === undefined ? {} : { accept },
    )
    expect({ status, type: headers.get('content-type'), vary: headers.get('vary') }).toEqual({
      status: 200,
      type,
      vary: 'Accept',
    })
  })

  test('keeps what moves moving, and what is transparent so', async () => {
    const accept = 'image/avif,image/webp'
    const moving = await uploadPicture(app, user, await pictures.gif({ frames: 3, alpha: true }))
    const { bytes } = await get(`${moving.url}?preset=thumb&format=auto`, { accept })
    expect(inspect(bytes, limits)).toMatchObject({ format: 'webp', frames: 3 })
    expect(inspect((await get(`${moving.url}?preset=thumb&format=auto`)).bytes, limits)).toMatchObject({
      format: 'gif',
      frames: 3,
    })
    expect(inspect((await get(moving.thumbnail_url)).bytes, limits)).toMatchObject({ format: 'webp', frames: 3 })
    const png = await uploadPicture(app, user, await pictures.apng({ frames: 3 }))
    expect(inspect((await asOwner(`${png.url}?w=30`)).bytes, limits)).toMatchObject({ format: 'webp', frames: 3 })
    expect(inspect((await asOwner(`${png.url}?w=30&format=png`)).bytes, limits)).toMatchObject({
      format: 'png',
      frames: 1,
    })
    expect(inspect((await get(`${moving.url}?preset=og`)).bytes, limits)).toMatchObject({ format: 'jpeg', frames: 1 })
  })
})

test('a variant that can never fit is refused, and one that would wait too long is told when to come back', async () => {
  const bytes = await pictures.png({ width: 3000, height: 3000 })
  const other = await startTestApp({ WORK_MEMORY_BYTES: '64M', WORK_SLOTS: '1' })
  const owner = await other.user()
  const { url } = await uploadPicture(other, owner, bytes)
  const ask = (query: string) => other.fetch(`${url}?${query}`, { headers: { 'x-api-key': owner.apiKey } })
  expect((await ask('format=avif')).status).toBe(422)
  expect((await ask('w=100')).status).toBe(200)
  const answers = await Promise.all(Array.from({ length: 80 }, (_, n) => ask(`w=${n + 200}`)))
  const refused = answers.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(80)
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  await other.stop()
})

test('only what is really made counts against the limit', async () => {
  const other = await startTestApp({ RATE_TRANSFORM: '2' })
  const owner = await other.user()
  const { url } = await uploadPicture(other, owner, await pictures.png())
  const ask = async (query: string) =>
    (await other.fetch(`${url}?${query}`, { headers: { 'x-api-key': owner.apiKey } })).status
  const statuses: number[] = []
  for (const query of ['w=10', 'w=10', 'w=11', 'w=10', 'w=11', 'w=12', 'w=10']) statuses.push(await ask(query))
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 200])
  await other.stop()
})

async function deleteVariants({ blobs }: TestApp): Promise<void> {
  for (const { key } of await Array.fromAsync(blobs.list('variants/'))) await blobs.delete(key)
}
