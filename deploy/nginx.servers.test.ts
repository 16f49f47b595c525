import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Image } from '@imagehost/client'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { variables } from '../packages/server/src/config-variables.ts'
import { pictures } from '../packages/server/src/testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../packages/server/src/testing/start-test-app.ts'
import { createUploader, sha256, type Uploader } from '../packages/server/src/testing/uploader.ts'
import { printed, root } from './testing/shell.ts'
import { type Nginx, startNginx } from './testing/start-nginx.ts'

describe('a whole site', () => {
  let app: TestApp
  let user: TestUser
  let uploader: Uploader
  let nginx: Nginx
  const lines: { path?: string; ip?: string }[] = []

  beforeAll(async () => {
    const log = pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line)) })
    // The clock of this server stands still: within a second is then within no time at all but that of requests.
    app = await startTestApp({ DELIVERY: 'x-accel', TRUSTED_PROXIES: '127.0.0.1', MAX_UPLOAD_BYTES: '1M' }, { log })
    user = await app.user()
    await app.server.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.server.address() as AddressInfo
    const settings = 'MAX_UPLOAD_BYTES=1M\nMAX_UPLOAD_FILES=2\n'
    nginx = await startNginx({ ports: [port], dataDir: app.directory, settings })
    uploader = createUploader({ url: nginx.url, apiKey: user.apiKey })
  })
  afterAll(async () => {
    await nginx.stop()
    await app.stop()
  })

  const get = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(nginx.url + address, { method, headers, redirect: 'manual' })

  async function upload(seed: number): Promise<Image> {
    const answer = await uploader.send(await pictures.jpegWithGps({ seed }))
    expect(answer.status).toBe(201)
    return answer.json()
  }

  test('an upload, a look at it, parts of it, and nothing for who may not', async () => {
    const image = await upload(1)
    const whole = await get(`/i/${image.id}.jpg`)
    expect(sha256(await whole.arrayBuffer())).toBe(image.sha256)
    expect(whole.headers.get('content-security-policy')).toContain('sandbox')
    const part = await get(`/i/${image.id}`, { range: 'bytes=2-5' })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-5/${image.size}`])
    expect((await get(`/i/${image.id}`, { 'if-none-match': whole.headers.get('etag')! })).status).toBe(304)
    expect((await get(`/i/${image.id}?preset=thumb`)).headers.get('content-type')).toBe('image/webp')
    expect((await get(`/_blobs/${image.key}`)).status).toBe(404)
    expect((await get('/_blobs/../imagehost.db')).status).toBe(404)
  })

  test('a direct upload goes through it, with the answers of the server', async () => {
    const { presigned_url: address, iid } = await (await uploader.request()).json()
    expect(new URL(address).origin).toBe('http://images.test')
    const { pathname, search } = new URL(address)
    await uploader.put(nginx.url + pathname + search, await pictures.jpeg({ seed: 2 }))
    expect((await uploader.complete(iid)).status).toBe(201)
  })

  test('a deleted image is 404 at each address of it within a second', async () => {
    const image = await upload(3)
    const addresses = [`/i/${image.id}`, `/i/${image.id}.jpg`, `/i/${image.id}?preset=thumb`, `/v/${image.id}`]
    addresses.push(`/api/v1/image/${image.id}`, `/api/v1/image/${image.id}/info`, `/oembed?url=${image.page_url}`)
    for (const address of addresses)
      expect({ address, ok: (await get(address)).status < 400 }).toEqual({ address, ok: true })
    const deleted = performance.now()
    expect((await get(`/api/v1/image/${image.id}`, { 'x-api-key': user.apiKey }, 'DELETE')).status).toBe(200)
    const statuses = () => Promise.all(addresses.map(async (address) => (await get(address)).status))
    await vi.waitFor(async () => expect(new Set(await statuses())).toEqual(new Set([404])), { interval: 50 })
    expect(performance.now() - deleted).toBeLessThan(1_000)
  })

  test('what a client says of where it comes from is not believed', async () => {
    const forged = { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6', forwarded: 'for=6.6.6.6' }
    const image = await upload(4)
    await get(`/i/${image.id}?forged`, { ...forged, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' })
    const [line] = lines.filter(({ path }) => path === `/i/${image.id}`).slice(-1)
    expect(line).toMatchObject({ ip: '127.0.0.1' })
    // From outside, though the server is asked by its own machine.
    expect((await get('/metrics')).status).toBe(401)
  })

  test('as much is let through as the server takes, and the rest is refused in its words', async () => {
    const [{ default: bytes }, { default: files }] = [variables.MAX_UPLOAD_BYTES, variables.MAX_UPLOAD_FILES]
    expect(printed('max_body_mib 50M 50')).toBe(String((bytes * files) / 1024 ** 2 + 1))
    expect(printed('grep -oE "MAX_UPLOAD_(BYTES|FILES) [0-9]+M?" "$ROOT/deploy/lib/nginx.sh"')).toBe(
      `MAX_UPLOAD_BYTES ${bytes / 1024 ** 2}M\nMAX_UPLOAD_FILES ${files}\n`,
    )
    for (const [mebibytes, from] of [
      [1.5, 'the server'],
      [4, 'nginx'],
    ] as const) {
      const answer = await uploader.send(Buffer.alloc(mebibytes * 1024 ** 2))
      expect({ from, status: answer.status }).toEqual({ from, status: 413 })
      expect((await answer.json()).error).toMatchObject({ code: 'too_large', request_id: expect.any(String) })
    }
  })

  test('who asks for too much is told when to come back, but not for looking at pictures', async () => {
    const guess = () =>
      get('/api/v1/login', { 'content-type': 'application/json' }, 'POST').then(({ status, headers }) => ({
        status,
        wait: headers.get('retry-after'),
      }))
    const answers = await Promise.all(Array.from({ length: 80 }, guess))
    expect(answers).toContainEqual({ status: 429, wait: '1' })
    const looks = await Promise.all(Array.from({ length: 400 }, () => get('/i/img_nothing')))
    expect(new Set(looks.map(({ status }) => status))).toEqual(new Set([404]))
  })
})

describe('a process that is away', () => {
  /** Takes a request and breaks off, as a killed process does. */
  let broken: Server
  let sound: Server
  let nginx: Nginx
  const seen = { broken: [] as string[], sound: [] as string[] }
  const portOf = (server: Server) => (server.address() as AddressInfo).port

  beforeAll(async () => {
    broken = createServer((request) => {
      seen.broken.push(request.method!)
      request.socket.destroy()
    }).listen(0, '127.0.0.1')
    sound = createServer((request, answer) => {
      seen.sound.push(request.method!)
      request.resume().on('end', () => answer.end('done'))
    }).listen(0, '127.0.0.1')
    await Promise.all([once(broken, 'listening'), once(sound, 'listening')])
    nginx = await startNginx({ ports: [portOf(broken), portOf(sound)] })
  })
  afterAll(async () => {
    await nginx.stop()
    broken.close()
    sound.close()
  })

  async function statusesOf(method: string): Promise<Set<number>> {
    seen.broken.length = seen.sound.length = 0
    const body = method === 'GET' ? undefined : 'a picture'
    const statuses: number[] = []
    for (let at = 0; at < 6; at++) {
      const answer = await fetch(`${nginx.url}/api/v1/x`, { method, ...(body && { body }) })
      statuses.push(answer.status)
      if (answer.status === 503) {
        expect(answer.headers.get('retry-after')).toBe('1')
        expect((await answer.json()).error.code).toBe('overloaded')
      }
    }
    return new Set(statuses)
  }

  test('reading goes to the next one', async () => {
    expect(await statusesOf('GET')).toEqual(new Set([200]))
    expect(seen.broken.length).toBeGreaterThan(0)
    expect(seen.sound).toHaveLength(6)
  })

  test.each(['POST', 'PATCH', 'PUT', 'DELETE'])(
    '%s reaches one process once, and is answered 503 where that broke off',
    async (method) => {
      expect(await statusesOf(method)).toEqual(new Set([200, 503]))
      expect(seen.broken.length + seen.sound.length).toBe(6)
    },
  )

  test('what nobody has received goes to the next one, a POST too', async () => {
    broken.close()
    await once(broken, 'close')
    for (const method of ['GET', 'POST', 'PATCH']) expect(await statusesOf(method)).toEqual(new Set([200]))
    await new Promise((closed) => {
      sound.close(closed)
      sound.closeAllConnections()
    })
    expect(await statusesOf('GET')).toEqual(new Set([503]))
  })
})

test('nginx takes the settings of a balancer before other machines', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'imagehost-balancer-'))
  try {
    const [key, certificate] = [path.join(place, 'privkey.pem'), path.join(place, 'fullchain.pem')]
    spawnSync('openssl', [
      'req',
      '-x509',
      '-nodes',
      '-newkey',
      'rsa:2048',
      '-subj',
      '/CN=x',
      '-keyout',
      key,
      '-out',
      certificate,
    ])
    const options = [
      '--into',
      place,
      '--domain',
      'img.example.test',
      '--certificate',
      place,
      '10.0.0.11:80',
      '10.0.0.12:80',
    ]
    const written = spawnSync('bash', ['--norc', path.join(root, 'deploy/balancer.sh'), ...options], {
      encoding: 'utf8',
      env,
    })
    expect(written).toMatchObject({ status: 0, stderr: '' })
    writeFileSync(
      path.join(place, 'nginx.conf'),
      `events {} pid ${place}/pid; http { include ${place}/conf.d/*.conf; }`,
    )
    const check = spawnSync('nginx', ['-t', '-q', '-p', place, '-c', path.join(place, 'nginx.conf')], {
      encoding: 'utf8',
      env,
    })
    expect(check).toMatchObject({ status: 0, stderr: '' })
  } finally {
    rmSync(place, { recursive: true })
  }
})

const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }

test('docs/delivery.md hands on the same headers as the file that deploy.sh writes', () => {
  const headersIn = (name: string) =>
    [...readFileSync(path.join(import.meta.dirname, '..', name), 'utf8').matchAll(/add_header .*;/g)].map(
      ([line]) => line,
    )
  expect(headersIn('deploy/nginx/bytes.conf')).toEqual(headersIn('docs/delivery.md'))
})
