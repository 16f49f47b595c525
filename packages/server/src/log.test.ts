import { expect, test } from 'vitest'
import { createLog } from './log.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp } from './testing/start-test-app.ts'
import { uploadPicture } from './testing/upload-picture.ts'

function collect() {
  const lines: string[] = []
  return { lines, destination: { write: (line: string) => void lines.push(line) } }
}

test('no key, password or signature ever stands in the log, at the most talkative level', async () => {
  const { lines, destination } = collect()
  const app = await startTestApp({ LOG_LEVEL: 'trace' }, { log: createLog({ LOG_LEVEL: 'trace' }, destination) })
  const password = 'correct horse battery staple'
  const { api_key } = await app.client().accounts.register({ body: { username: 'alice', password } })
  await app
    .client()
    .accounts.login({ body: { username: 'alice', password: `${password}!` } })
    .catch(() => {})
  const image = await uploadPicture(app, { apiKey: api_key }, await pictures.png(), { visibility: 'private' })
  const headers = { 'x-api-key': api_key }
  const location = (await app.fetch(`http://images.test/api/v1/image/${image.id}`, { headers })).headers.get(
    'location',
  )!
  await app.fetch(location)
  const { presigned_url } = await app
    .client(api_key)
    .uploads.request({ body: { filename: 'a', mime_type: 'image/png' } })
  await app.fetch(presigned_url, { method: 'PUT', body: 'x', headers: { 'content-type': 'text/html' } })
  await app.fetch(`http://images.test/api/v1/me/images?key=${api_key}`, {
    headers: { authorization: `Bearer ${api_key}x` },
  })
  const share = await app
    .client(api_key)
    .shares.create({ params: { id: image.id }, body: { password: 'tulip fields' } })
  const opened = await app.fetch(share.url, { method: 'POST', body: new URLSearchParams({ password: 'tulip fields' }) })
  const [, grant = 'none'] = /sig=([\w-]+)/.exec(await opened.text()) ?? []
  expect(grant).toHaveLength(43)
  const { slug } = share
  await app.fetch(`http://images.test/s/${slug}`)
  await app.client(api_key).shares.delete({ params: { slug } })
  app.metadata.imageIndex.list = () => Promise.reject(new Error('a fault'))
  await app
    .client(api_key)
    .images.list()
    .catch(() => {})
  await app.stop()

  const log = lines.join('')
  expect(log).toContain('a fault')
  for (const secret of [
    api_key,
    password,
    new URL(location).searchParams.get('signature')!,
    'signature=',
    slug,
    'tulip fields',
    grant,
    '$argon2id$',
  ]) {
    expect(log).not.toContain(secret)
  }
})

test('one line for each request, with the id that its answer carries', async () => {
  const { lines, destination } = collect()
  const app = await startTestApp({}, { log: createLog({ LOG_LEVEL: 'info' }, destination) })
  const response = await app.fetch('http://images.test/api/v1/image/img_none')
  const { error } = await response.json()
  await app.fetch('http://images.test/health')
  await app.stop()
  const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
  expect(requests).toMatchObject([
    { request_id: error.request_id, method: 'GET', path: '/api/v1/image/img_none', status: 404 },
  ])
})

test('what slips into a log call is blanked', () => {
  const { lines, destination } = collect()
  createLog({ LOG_LEVEL: 'info' }, destination).info({ body: { password: 'p' }, headers: { 'x-api-key': 'k' } }, 'x')
  expect(JSON.parse(lines[0]!)).toMatchObject({ body: { password: '[secret]' }, headers: { 'x-api-key': '[secret]' } })
})
