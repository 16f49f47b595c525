import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import http, { type RequestListener } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHttpFetcher, type HttpFetcherDependencies } from './fetcher.ts'

const picture = Buffer.alloc(50_000, 7)
let seen: http.IncomingMessage[] = []
let closed = 0

/** What a server on the internet may do. */
const pages: Record<string, RequestListener> = {
  '/cat.png': (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(picture),
  '/once': (_, response) => response.writeHead(302, { location: '/cat.png' }).end(),
  '/loop': (_, response) => response.writeHead(301, { location: '/loop' }).end(),
  '/three': (_, response) => response.writeHead(307, { location: '/two' }).end(),
  '/two': (_, response) => response.writeHead(308, { location: '/once' }).end(),
  '/four': (_, response) => response.writeHead(303, { location: '/three' }).end(),
  '/inside': (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
  '/inside-name': (_, response) => response.writeHead(302, { location: `http://intranet.example:${port}/` }).end(),
  '/file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/user': (_, response) => response.writeHead(302, { location: `http://a:b@public.example:${port}/cat.png` }).end(),
  '/port': (_, response) => response.writeHead(302, { location: 'http://public.example:22/' }).end(),
  '/nowhere': (_, response) => response.writeHead(302).end(),
  '/missing': (_, response) => response.writeHead(404).end('nothing'),
  '/part': (_, response) => response.writeHead(206, { 'content-range': 'bytes 0-1/5' }).end('ab'),
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('bomb'),
  '/large': (_, response) => response.writeHead(200, { 'content-length': '100001' }).write('x'),
  '/endless': (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(picture));
    }
    response.on('drain', more)
    more()
  },
  '/drip': (_, response) => {
    response.writeHead(200).write('x')
    const drip = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(drip))
  },
  '/silent': () => {},
  '/huge-header': (_, response) => response.writeHead(200, { 'x-huge': 'x'.repeat(40_000) }).end(picture),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '50000' }).write('x', () => response.socket?.destroy())
  },
  '/named': (_, response) => response.writeHead(200, { 'content-disposition': 'inline; filename="grey.png"' }).end('x'),
  '/plain': (_, response) => response.writeHead(302, { location: `http://public.example:${port}/cat.png` }).end(),
}

const serve: RequestListener = (request, response) => {
  seen.push(request)
  response.on('close', () => closed++)
  pages[request.url ?? '']?.(request, response)
}

let server: http.Server
let secure: https.Server
let port: number
let securePort: number

beforeAll(async () => {
  server = http.createServer(serve)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
  const { key, cert } = await certificateFor('public.example')
  tls.setDefaultCACertificates([cert])
  secure = https.createServer({ key, cert }, serve)
  await once(secure.listen(0, '127.0.0.1'), 'listening')
  securePort = (secure.address() as AddressInfo).port
})
afterAll(() => {
  for (const each of [server, secure]) {
    each.closeAllConnections()
    each.close()
  }
})

async function certificateFor(name: string): Promise<{ key: string; cert: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'imagehost-tls-'))
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  await promisify(execFile)('openssl', ['req', '-x509', ...options, ...subject, '-keyout', key, '-out', cert])
  const pair = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  await rm(folder, { recursive: true })
  return pair
}

/** For these tests our loopback is the internet; the rest of the guard is the real one. */
const open = (
  path: string,
  options: Partial<HttpFetcherDependencies> & { maxBytes?: number; signal?: AbortSignal } = {},
) => {
  const { maxBytes = 100_000, signal = new AbortController().signal, ...dependencies } = options
  const fetcher = createHttpFetcher({
    allowedPorts: [port, securePort],
    timeoutMs: 20_000,
    resolve: async (name) => [{ address: name === 'intranet.example' ? '10.0.0.1' : '127.0.0.1', family: 4 }],
    isAllowedAddress: (address) => address === '127.0.0.1',
    ...dependencies,
  })
  seen = []
  return fetcher.open(path.startsWith('/') ? `http://public.example:${port}${path}` : path, { maxBytes, signal })
}

const refused = { code: 'import_refused', message: 'This address may not be fetched from here.' }
const failed = { code: 'import_failed', message: 'The picture could not be fetched from that address.' }

it('fetches a picture with its type and name, and says no more of us than it must', async () => {
  const { stream, filename, contentType } = await open('/cat.png')
  expect(await buffer(stream)).toEqual(picture)
  expect([filename, contentType]).toEqual(['cat.png', 'image/png'])
  const { host, connection, cookie, 'accept-encoding': encoding, 'user-agent': agent } = seen[0]!.headers
  expect({ host, connection, cookie, encoding, agent }).toEqual({
    host: `public.example:${port}`,
    connection: 'close',
    cookie: undefined,
    encoding: 'identity',
    agent: 'ImageHost',
  })
})

it('takes the name that the other side gives', async () => {
  const { stream, filename } = await open('/named')
  stream.destroy()
  expect(filename).toBe('grey.png')
})

it('follows three redirects, and not four', async () => {
  const { stream, filename } = await open('/three')
  expect(await buffer(stream)).toEqual(picture)
  expect(filename).toBe('cat.png')
  await expect(open('/four')).rejects.toMatchObject(refused)
  await expect(open('/loop')).rejects.toMatchObject(refused)
  expect(seen).toHaveLength(4)
})

it.each(['/inside', '/inside-name', '/file', '/user', '/port'])(
  'checks where %s leads as if it were asked',
  async (path) => {
    await expect(open(path)).rejects.toMatchObject(refused)
    expect(seen).toHaveLength(1)
  },
)

it.each(['/missing', '/part', '/gzip', '/nowhere', '/huge-header'])('takes nothing from %s', async (path) => {
  await expect(open(path)).rejects.toMatchObject(failed)
})

it('resolves the name once, so that a second answer of the name server is never used', async () => {
  let asked = 0
  const resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '10.0.0.1', family: 4 }]
  const { stream } = await open('/cat.png', { resolve })
  expect(await buffer(stream)).toEqual(picture)
  expect(asked).toBe(1)
})

it('checks a name again after each redirect to it', async () => {
  let asked = 0
  const resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '10.0.0.1', family: 4 }]
  await expect(open('/once', { resolve })).rejects.toMatchObject(refused)
  expect(seen).toHaveLength(1)
})

it('breaks a connection that went elsewhere than it was checked for', async () => {
  let checks = 0
  const isAllowedAddress = () => checks++ === 0
  await expect(open('/cat.png', { isAllowedAddress })).rejects.toMatchObject(refused)
})

it('fetches with encryption under the name, and never goes on without it', async () => {
  const { stream } = await open(`https://public.example:${securePort}/cat.png`)
  expect(await buffer(stream)).toEqual(picture)
  await expect(open(`https://public.example:${securePort}/plain`)).rejects.toMatchObject(refused)
  await expect(open(`https://other.example:${securePort}/cat.png`)).rejects.toMatchObject(failed)
})

it('ends a body that is too large, before it begins where its length is told', async () => {
  await expect(open('/large')).rejects.toMatchObject({ code: 'too_large', details: { max_bytes: 100_000 } })
  const { stream } = await open('/endless')
  await expect(buffer(stream)).rejects.toMatchObject({ code: 'too_large' })
})

it('ends a body that drips past the time limit', async () => {
  const { stream } = await open('/drip', { timeoutMs: 300 })
  await expect(buffer(stream)).rejects.toMatchObject(failed)
})

it('waits no longer than the time limit for an answer or a name', async () => {
  await expect(open('/silent', { timeoutMs: 200 })).rejects.toMatchObject(failed)
  await expect(open('/cat.png', { timeoutMs: 200, resolve: () => new Promise(() => {}) })).rejects.toMatchObject(failed)
})

it('ends when the caller goes', async () => {
  const controller = new AbortController()
  const { stream } = await open('/drip', { signal: controller.signal })
  controller.abort()
  await expect(buffer(stream)).rejects.toMatchObject(failed)
  await expect(open('/cat.png', { signal: AbortSignal.abort() })).rejects.toMatchObject(failed)
})

it('tells of a body that is cut off', async () => {
  const { stream } = await open('/cut')
  await expect(buffer(stream)).rejects.toMatchObject(failed)
})

it('lets go of the connection when its reader leaves', async () => {
  const before = closed
  const { stream } = await open('/endless')
  stream.destroy()
  await expect.poll(() => closed, { timeout: 10_000 }).toBe(before + 1)
})

it('answers a closed port and a server that is silent alike', async () => {
  await expect(open('http://public.example:1/', { allowedPorts: [1] })).rejects.toMatchObject(failed)
})
