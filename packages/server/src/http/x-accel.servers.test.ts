import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Image } from '@imagehost/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePort } from '../../../../scripts/free-port.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'
import { sha256 } from '../testing/uploader.ts'

/** A real nginx with the locations of docs/delivery.md in front of a real server. */
let app: TestApp
let user: TestUser
let open: Image
let hidden: Image
let url: string
let stopNginx: () => Promise<void>

beforeAll(async () => {
  app = await startTestApp({ DELIVERY: 'x-accel' })
  user = await app.user()
  open = await uploadPicture(app, user, await pictures.png({ seed: 1 }))
  hidden = await uploadPicture(app, user, await pictures.png({ seed: 2 }), { visibility: 'private' })
  const upstream = await app.server.listen({ port: 0, host: '127.0.0.1' })
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  stopNginx = await startNginx(port, upstream)
})
afterAll(async () => {
  await stopNginx()
  await app.stop()
})

async function startNginx(port: number, upstream: string): Promise<() => Promise<void>> {
  const guide = await readFile(new URL('../../../../docs/delivery.md', import.meta.url), 'utf8')
  const locations = /```nginx\n(.*?)```/s
    .exec(guide)![1]!
    .replace('http://127.0.0.1:8000', upstream)
    .replace('/var/lib/imagehost/blobs/', `${path.join(app.directory, 'blobs')}/`)
  const place = await mkdtemp(path.join(tmpdir(), 'imagehost-nginx-'))
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  await Promise.all(folders.map((name) => mkdir(path.join(place, name))))
  const settings = `daemon off; pid ${place}/pid; error_log stderr crit; worker_processes 1;
    ${process.getuid?.() === 0 ? 'user root;' : ''} events {}
    http {
      access_log off; ${folders.map((name) => `${name}_temp_path ${place}/${name};`).join(' ')}
      server { listen 127.0.0.1:${port}; ${locations} }
    }`
  await writeFile(path.join(place, 'nginx.conf'), settings)
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
  const command = ['--pdeathsig', 'TERM', 'nginx', '-p', place, '-c', path.join(place, 'nginx.conf')]
  const child = spawn('setpriv', command, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const gone = once(child, 'exit')
  await vi.waitFor(async () => expect((await fetch(`${url}/health`)).status).toBe(200), { timeout: 10_000 })
  return async () => {
    child.kill('SIGTERM')
    await gone
    await rm(place, { recursive: true })
  }
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url + path, { method, headers })

test('the bytes come from nginx, with all that the server says of them', async () => {
  const answer = await get(`/i/${open.id}.png`)
  expect(answer.status).toBe(200)
  const direct = await app.fetch(open.url)
  for (const name of [
    ...['content-type', 'content-disposition', 'cache-control', 'etag', 'last-modified'],
    ...['content-security-policy', 'x-content-type-options', 'referrer-policy', 'cross-origin-resource-policy'],
    ...['access-control-allow-origin', 'access-control-expose-headers'],
  ])
    expect({ name, value: answer.headers.get(name) }).toEqual({ name, value: direct.headers.get(name) })
  expect(answer.headers.get('accept-ranges')).toBe('bytes')
  expect(answer.headers.get('server')).toMatch(/^nginx/)
  expect(sha256(await answer.arrayBuffer())).toBe(open.sha256)
})

test('so do variants, parts and heads', async () => {
  const variant = await get(`/i/${open.id}?preset=thumb&format=auto`, { accept: 'image/webp' })
  expect([variant.headers.get('content-type'), variant.headers.get('vary')]).toEqual(['image/webp', 'Accept'])
  expect((await variant.arrayBuffer()).byteLength).toBe(Number(variant.headers.get('content-length')))
  const part = await get(`/i/${open.id}`, { range: 'bytes=2-5' })
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-5/${open.size}`])
  const head = await get(`/i/${open.id}`, {}, 'HEAD')
  expect(head.headers.get('content-length')).toBe(String(open.size))
  expect((await get(`/i/${open.id}`, { 'if-none-match': head.headers.get('etag')! })).status).toBe(304)
})

test('what is private is for its owner alone, and no file can be asked for past the server', async () => {
  expect((await get(`/i/${hidden.id}`)).status).toBe(404)
  expect((await get(`/_blobs/${hidden.key}`)).status).toBe(404)
  const own = await get(`/i/${hidden.id}`, { 'x-api-key': user.apiKey })
  expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
})

test('a deleted image is gone here too', async () => {
  const image = await uploadPicture(app, user, await pictures.png({ seed: 3 }))
  expect((await get(`/i/${image.id}`)).status).toBe(200)
  await user.client.images.delete({ params: { id: image.id } })
  expect((await get(`/i/${image.id}`)).status).toBe(404)
})
