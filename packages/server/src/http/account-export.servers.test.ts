import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { askAsPage, cookieOf } from '../testing/ask-as-page.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'
import { safeName } from './zip.ts'

let app: TestApp
let owner: TestUser
const directory = mkdtempSync(path.join(tmpdir(), 'imagehost-export-'))
beforeAll(async () => {
  app = await startTestApp({ RATE_EXPORT: '5' })
  owner = await app.user()
})
afterAll(async () => {
  rmSync(directory, { recursive: true })
  await app.stop()
})

const ask = (apiKey: string) => app.fetch('http://images.test/api/v1/me/export', { headers: { 'x-api-key': apiKey } })

test('an export is an archive of the account, its images, and what is known of them', async () => {
  const bytes = await pictures.jpegWithGps({ seed: 1 })
  const first = await uploadPicture(app, owner, bytes, { filename: 'süß/../an: der See?.jpg', title: 'Am See' })
  const second = await uploadPicture(app, owner, await pictures.png({ seed: 2 }), { visibility: 'private' })
  await uploadPicture(app, await app.user(), await pictures.png({ seed: 3 }))
  const { id: album } = await owner.client.albums.create({ body: { name: 'Seen' } })
  await owner.client.albums.change({ params: { album }, body: { add: [second.id, first.id] } })
  const answer = await ask(owner.apiKey)
  expect(answer.headers.get('content-type')).toBe('application/zip')
  expect(answer.headers.get('cache-control')).toBe('private, no-store')
  const zip = path.join(directory, 'export.zip')
  writeFileSync(zip, Buffer.from(await answer.arrayBuffer()))
  execFileSync('unzip', ['-q', zip, '-d', path.join(directory, 'out')])

  const at = (name: string) => path.join(directory, 'out', name)
  const about = JSON.parse(readFileSync(at('account.json'), 'utf8'))
  expect(about).toMatchObject({ uid: owner.uid, keys: [{ kind: 'login' }], sessions: [] })
  expect(JSON.stringify(about)).not.toContain(owner.apiKey)
  const lines = readFileSync(at('images.ndjson'), 'utf8').trimEnd().split('\n')
  const images = lines.map((line) => JSON.parse(line))
  expect(images.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
  expect(images.find(({ id }) => id === first.id)).toMatchObject({
    title: 'Am See',
    source_sha256: first.source_sha256,
  })
  const albums = readFileSync(at('albums.ndjson'), 'utf8')
  expect(JSON.parse(albums)).toMatchObject({ id: album, name: 'Seen', image_ids: [second.id, first.id] })
  for (const image of images) {
    const served = await app.fetch(image.url, { headers: { 'x-api-key': owner.apiKey } })
    expect(readFileSync(at(image.file)).equals(Buffer.from(await served.arrayBuffer()))).toBe(true)
  }
  expect(readdirSync(at('images/2026-01'))).toHaveLength(2)
})

test('a key that may not read images may not export them', async () => {
  const { key } = await owner.client.keys.create({ body: { name: 'of the account', scopes: ['account'] } })
  expect((await ask(key)).status).toBe(403)
})

test('exports are counted', async () => {
  const busy = await app.user()
  for (let n = 0; n < 5; n++) expect((await ask(busy.apiKey)).status).toBe(200)
  expect((await ask(busy.apiKey)).status).toBe(429)
})

test('a client that goes away leaves no file open', async () => {
  const user = await app.user()
  for (let seed = 10; seed < 14; seed++)
    await uploadPicture(app, user, await pictures.png({ seed, width: 1500, height: 1500 }))
  const url = new URL(await app.server.listen({ port: 0 }))
  const socket = connect(Number(url.port), url.hostname)
  socket.write(`GET /api/v1/me/export HTTP/1.1\r\nHost: images.test\r\nX-API-Key: ${user.apiKey}\r\n\r\n`)
  await once(socket, 'data')
  socket.destroy()
  const openFiles = () =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return execFileSync('readlink', [`/proc/${process.pid}/fd/${fd}`], { encoding: 'utf8' }).includes('/blobs/')
      } catch {
        return false
      }
    })
  await vi.waitFor(() => expect(openFiles()).toEqual([]), { timeout: 5_000 })
})

test.each([
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\con', 'C__con'],
  ['...', 'unnamed'],
  ['a\u202egpj.exe', 'a_gpj.exe'],
  ['Am See.jpg', 'Am See.jpg'],
])('%s is unpacked as %s', (name, safe) => {
  expect(safeName(name)).toBe(safe)
})

test('the page may ask for it with its session', async () => {
  const body = { username: 'exporter', password: 'long enough for a test' }
  await app.client().accounts.register({ body })
  const cookie = cookieOf(await askAsPage(app, 'POST', '/session', { body }))
  const answer = await app.fetch('http://images.test/api/v1/me/export', { headers: { cookie } })
  expect(answer.status).toBe(200)
})
